-- People who sign in, and their sessions. Columns follow what the sign-in library keeps.
create table app_user (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  role text not null default 'rep' check (role in ('admin', 'marketing', 'manager', 'rep')),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table user_session (
  id text primary key,
  user_id text not null references app_user on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index user_session_user on user_session (user_id);

create table credential (
  id text primary key,
  user_id text not null references app_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index credential_user on credential (user_id);

create table verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Write keys open the intake, api keys the API. Only a hash is kept.
create table access_key (
  id uuid primary key,
  kind text not null check (kind in ('server', 'public', 'api')),
  role text check (role in ('admin', 'marketing', 'manager', 'rep')),
  name text not null,
  prefix text not null,
  hash text not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table setting (
  name text primary key,
  value jsonb not null
);

-- Agreements and their immutable versions.
create table agreement (
  id text primary key,
  name text not null,
  active_version integer,
  created_at timestamptz not null
);

create table agreement_version (
  agreement_id text not null references agreement,
  version integer not null,
  source text not null,
  -- json, not jsonb: the order of an agreement's scores has a meaning, and jsonb sorts keys.
  body json not null,
  created_at timestamptz not null,
  created_by text not null,
  activated_at timestamptz,
  primary key (agreement_id, version)
);

create table team (
  name text primary key,
  label text not null
);

-- `pass` is the stride scheduler's: whoever stands lowest is next, then moves on by 1/weight.
create table team_member (
  team text not null references team,
  user_id text not null references app_user,
  weight double precision not null check (weight > 0),
  pass double precision not null,
  primary key (team, user_id)
);

create table company (
  id uuid primary key,
  domain text unique,
  group_id text unique,
  traits jsonb not null,
  traits_at timestamptz,
  created_at timestamptz not null
);

-- One row a person. `contact` and `company_part` are the profile as of now; the facts behind it are in profile_fact.
create table contact (
  id uuid primary key,
  created_at timestamptz not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz,
  email text,
  name text not null,
  title text,
  company_name text,
  company_id uuid references company,
  contact jsonb not null,
  company_part jsonb not null,
  unverified text[] not null default '{}',
  profile_at timestamptz,
  merged_into uuid references contact
);
create index contact_company on contact (company_id);
create index contact_name on contact (lower(name), id) where merged_into is null;
create index contact_created on contact (created_at desc, id) where merged_into is null;
create index contact_seen on contact (last_seen_at desc nulls last, id) where merged_into is null;

create table contact_identity (
  kind text not null check (kind in ('user', 'anonymous', 'email')),
  value text not null,
  contact_id uuid not null references contact,
  primary key (kind, value)
);
create index contact_identity_contact on contact_identity (contact_id);

create table import_batch (
  id uuid primary key,
  kind text not null check (kind in ('contacts', 'events', 'outcomes')),
  file text not null,
  created_at timestamptz not null,
  undone_at timestamptz
);

-- What was said of a contact, and when; `at` is when it holds from, `recorded_at` when it was learned.
-- set: these keys are so. fill: only where nothing is known. replace: this is the whole profile.
create table profile_fact (
  id bigint generated always as identity primary key,
  contact_id uuid not null references contact,
  at timestamptz,
  recorded_at timestamptz not null,
  message_id text not null,
  mode text not null check (mode in ('set', 'fill', 'replace')),
  contact jsonb not null,
  company_part jsonb not null,
  company_id uuid references company,
  batch_id uuid references import_batch
);
create index profile_fact_contact on profile_fact (contact_id, at);

create table company_fact (
  id bigint generated always as identity primary key,
  company_id uuid not null references company,
  at timestamptz not null,
  recorded_at timestamptz not null,
  message_id text not null,
  mode text not null check (mode in ('set', 'fill')),
  traits jsonb not null
);
create index company_fact_company on company_fact (company_id, at);

-- Every call that was taken in, once.
create table message (
  id text primary key,
  recorded_at timestamptz not null
);

create table event (
  id bigint generated always as identity primary key,
  contact_id uuid not null references contact,
  at timestamptz not null,
  recorded_at timestamptz not null,
  message_id text not null,
  type text not null,
  name text not null,
  name_key text not null,
  properties jsonb not null,
  context jsonb not null,
  machine text,
  batch_id uuid references import_batch
);
create index event_contact on event (contact_id, at);

-- Where a contact stands under one agreement: the score as of the last evaluation, the stage, the next change.
create table standing (
  contact_id uuid not null references contact,
  agreement_id text not null references agreement,
  version integer not null,
  stage text not null,
  stage_since timestamptz not null,
  applies boolean not null,
  scores json not null,
  total integer,
  grade text,
  qualifies text,
  disqualified text[] not null,
  first_mql_at timestamptz,
  owner_id text references app_user,
  next_change_at timestamptz,
  evaluated_at timestamptz not null,
  primary key (contact_id, agreement_id)
);
create index standing_due on standing (next_change_at) where next_change_at is not null;
create index standing_total on standing (agreement_id, total desc nulls last, contact_id);

-- One handoff from marketing to sales, with what was known then.
create table episode (
  id uuid primary key,
  contact_id uuid not null references contact,
  agreement_id text not null references agreement,
  version integer not null,
  state text not null check (state in ('open', 'accepted', 'opportunity', 'won', 'lost', 'recycled', 'disqualified')),
  path text not null,
  path_label text not null,
  total integer not null,
  grade text,
  sentence text not null,
  breakdown json not null,
  qualified_at timestamptz not null,
  handed_off_at timestamptz not null,
  owner_id text references app_user,
  team text,
  waiting_for text,
  routed_because text not null,
  source text,
  first_touch_due_at timestamptz,
  decision_due_at timestamptz,
  first_touch_at timestamptz,
  decision text check (decision in ('accepted', 'rejected')),
  decided_at timestamptz,
  decided_by text,
  reason text,
  reason_label text,
  note text,
  requalify_at timestamptz,
  amount double precision,
  currency text,
  ended_at timestamptz,
  imported boolean not null default false,
  batch_id uuid references import_batch
);
create unique index episode_open on episode (contact_id, agreement_id) where ended_at is null;
create index episode_contact on episode (contact_id, handed_off_at desc);
create index episode_queue on episode ((coalesce(case when first_touch_at is null then first_touch_due_at else decision_due_at end, 'infinity')), id) where state = 'open';
create index episode_report on episode (agreement_id, handed_off_at);

create table activity (
  id uuid primary key,
  episode_id uuid not null references episode,
  contact_id uuid not null references contact,
  kind text not null,
  at timestamptz not null,
  actor text not null,
  note text
);
create index activity_episode on activity (episode_id, at);

create table task (
  id uuid primary key,
  episode_id uuid not null references episode,
  owner_id text references app_user,
  title text not null,
  due_at timestamptz,
  done_at timestamptz
);
create index task_episode on task (episode_id);

-- What happened, append-only; written with the rows it speaks of.
create table journal (
  id bigint generated always as identity primary key,
  kind text not null,
  contact_id uuid references contact,
  episode_id uuid references episode,
  agreement_id text,
  version integer,
  at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null,
  particulars jsonb not null
);
create index journal_contact on journal (contact_id, at desc, id desc);

-- Effects promised in a transaction and delivered after it.
create table outbox (
  id uuid primary key,
  channel text not null check (channel in ('email', 'slack', 'in_app', 'webhook')),
  recipient text not null,
  subject text not null,
  payload jsonb not null,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  attempts integer not null default 0,
  created_at timestamptz not null,
  next_attempt_at timestamptz,
  sent_at timestamptz,
  last_error text
);
create index outbox_due on outbox (next_attempt_at) where state = 'waiting';
create index outbox_created on outbox (created_at desc, id desc);

create table alert (
  id uuid primary key,
  user_id text not null references app_user,
  at timestamptz not null,
  label text not null,
  text text not null,
  contact_id uuid references contact,
  episode_id uuid references episode,
  read_at timestamptz
);
create index alert_user on alert (user_id, at desc, id desc);

create table rejected_call (
  id uuid primary key,
  received_at timestamptz not null,
  key_kind text not null,
  reason text not null,
  problems jsonb not null,
  call jsonb not null,
  replayed_at timestamptz
);
create index rejected_call_received on rejected_call (received_at desc, id desc);
