create table access_key (
  id uuid not null,
  kind text not null,
  role text,
  name text not null,
  prefix text not null,
  hash text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint access_key_pkey PRIMARY KEY (id),
  constraint access_key_hash_key UNIQUE (hash),
  constraint access_key_kind_check CHECK ((kind = ANY (ARRAY['server'::text, 'public'::text, 'api'::text]))),
  constraint access_key_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'marketing'::text, 'manager'::text, 'rep'::text])))
);

create table access_link (
  user_id text not null,
  kind text not null,
  id uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint access_link_pkey PRIMARY KEY (user_id, kind),
  constraint access_link_id_key UNIQUE (id),
  constraint access_link_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'reset'::text]))),
  constraint access_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table activity (
  id uuid not null,
  episode_id uuid not null,
  contact_id uuid not null,
  kind text not null,
  at timestamp with time zone not null,
  actor text not null,
  note text,
  batch_id uuid,
  origin_id uuid,
  outcome text,
  user_id text,
  automated boolean default false not null,
  constraint activity_pkey PRIMARY KEY (id),
  constraint activity_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint activity_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint activity_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id),
  constraint activity_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX activity_at ON activity USING btree (at, episode_id);
CREATE INDEX activity_contact ON activity USING btree (contact_id);
CREATE INDEX activity_episode ON activity USING btree (episode_id, at);

create table agreement (
  id text not null,
  name text not null,
  active_version integer,
  created_at timestamp with time zone not null,
  hands_over boolean default false not null,
  constraint agreement_pkey PRIMARY KEY (id)
);

create table agreement_version (
  agreement_id text not null,
  version integer not null,
  source text not null,
  body json not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  activated_at timestamp with time zone,
  constraint agreement_version_pkey PRIMARY KEY (agreement_id, version),
  constraint agreement_version_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreement(id)
);

create table alert (
  id uuid not null,
  user_id text not null,
  at timestamp with time zone not null,
  label text not null,
  text text not null,
  contact_id uuid,
  episode_id uuid,
  read_at timestamp with time zone,
  origin_id uuid,
  kind text,
  constraint alert_pkey PRIMARY KEY (id),
  constraint alert_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint alert_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id),
  constraint alert_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX alert_contact ON alert USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX alert_episode ON alert USING btree (episode_id) WHERE (episode_id IS NOT NULL);
CREATE INDEX alert_user ON alert USING btree (user_id, at DESC, id DESC);

create table alert_throttle (
  contact_id uuid not null,
  agreement_id text not null,
  rule text not null,
  sent_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  held integer default 0 not null,
  held_since timestamp with time zone,
  held_alert jsonb,
  constraint alert_throttle_pkey PRIMARY KEY (contact_id, agreement_id, rule),
  constraint alert_throttle_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreement(id) ON DELETE CASCADE,
  constraint alert_throttle_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE CASCADE
);
CREATE INDEX alert_throttle_due ON alert_throttle USING btree (until_at) WHERE (held > 0);

create table app_user (
  id text not null,
  name text not null,
  email text not null,
  email_verified boolean default false not null,
  image text,
  role text default 'rep'::text not null,
  active boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  password_given boolean default false not null,
  booking_url text,
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_email_key UNIQUE (email),
  constraint app_user_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'marketing'::text, 'manager'::text, 'rep'::text])))
);

create table attempt (
  subject text not null,
  failures integer not null,
  refused_until timestamp with time zone,
  over_at timestamp with time zone not null,
  constraint attempt_pkey PRIMARY KEY (subject)
);
CREATE INDEX attempt_failures ON attempt USING btree (failures DESC, over_at DESC);
CREATE INDEX attempt_over ON attempt USING btree (over_at);

create table availability (
  user_id text not null,
  timezone text not null,
  hours jsonb,
  holidays text[] default '{}'::text[] not null,
  paused boolean default false not null,
  paused_at timestamp with time zone,
  paused_note text,
  open_days jsonb default '[]'::jsonb not null,
  constraint availability_pkey PRIMARY KEY (user_id),
  constraint availability_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table clock (
  episode_id uuid not null,
  kind text not null,
  entry text,
  tick_at timestamp with time zone,
  reminded text[] default '{}'::text[] not null,
  missed_at timestamp with time zone,
  rerouted_at timestamp with time zone,
  constraint clock_pkey PRIMARY KEY (episode_id, kind),
  constraint clock_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE,
  constraint clock_kind_check CHECK ((kind = ANY (ARRAY['firstTouch'::text, 'decision'::text])))
);
CREATE INDEX clock_tick ON clock USING btree (tick_at) WHERE (tick_at IS NOT NULL);

create table company (
  id uuid not null,
  domain text,
  group_id text,
  traits jsonb not null,
  traits_at timestamp with time zone,
  created_at timestamp with time zone not null,
  claimed_domain text,
  constraint company_pkey PRIMARY KEY (id),
  constraint company_claimed_domain_key UNIQUE (claimed_domain),
  constraint company_domain_key UNIQUE (domain),
  constraint company_group_id_key UNIQUE (group_id)
);

create table company_fact (
  id bigint generated always as identity not null,
  company_id uuid not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  message_id text not null,
  mode text not null,
  traits jsonb not null,
  withdrawn_at timestamp with time zone,
  constraint company_fact_pkey PRIMARY KEY (id),
  constraint company_fact_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint company_fact_mode_check CHECK ((mode = ANY (ARRAY['set'::text, 'fill'::text])))
);
CREATE INDEX company_fact_company ON company_fact USING btree (company_id, at);

create table contact (
  id uuid not null,
  created_at timestamp with time zone not null,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone,
  email text,
  name text not null,
  title text,
  company_name text,
  company_id uuid,
  contact jsonb not null,
  company_part jsonb not null,
  unverified text[] default '{}'::text[] not null,
  profile_at timestamp with time zone,
  merged_into uuid,
  vouched boolean default false not null,
  constraint contact_pkey PRIMARY KEY (id),
  constraint contact_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint contact_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES contact(id)
);
CREATE INDEX contact_company ON contact USING btree (company_id);
CREATE INDEX contact_company_name ON contact USING btree (lower(company_name)) WHERE ((merged_into IS NULL) AND (company_id IS NOT NULL));
CREATE INDEX contact_created ON contact USING btree (created_at DESC, id) WHERE (merged_into IS NULL);
CREATE INDEX contact_merged ON contact USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX contact_name ON contact USING btree (lower(name), id) WHERE (merged_into IS NULL);
CREATE INDEX contact_seen ON contact USING btree (last_seen_at DESC NULLS LAST, id) WHERE (merged_into IS NULL);

create table contact_identity (
  kind text not null,
  value text not null,
  contact_id uuid not null,
  batch_id uuid,
  origin_id uuid,
  claimed boolean default false not null,
  constraint contact_identity_pkey PRIMARY KEY (kind, value),
  constraint contact_identity_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint contact_identity_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'anonymous'::text, 'email'::text])))
);
CREATE INDEX contact_identity_contact ON contact_identity USING btree (contact_id);

create table contact_join (
  id bigint generated always as identity not null,
  merge_id uuid not null,
  kind text not null,
  value text not null,
  recorded_at timestamp with time zone not null,
  constraint contact_join_pkey PRIMARY KEY (merge_id, kind, value),
  constraint contact_join_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'email'::text]))),
  constraint contact_join_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES contact_merge(id) ON DELETE CASCADE
);
CREATE INDEX contact_join_value ON contact_join USING btree (kind, value, recorded_at);

create table contact_key (
  key bigint not null,
  contact_id uuid not null,
  constraint contact_key_pkey PRIMARY KEY (key, contact_id)
);
CREATE INDEX contact_key_contact ON contact_key USING btree (contact_id);

create table contact_merge (
  from_id uuid not null,
  into_id uuid not null,
  recorded_at timestamp with time zone not null,
  id uuid default gen_random_uuid() not null,
  kept jsonb,
  undone_at timestamp with time zone,
  undone_by text,
  constraint contact_merge_pkey PRIMARY KEY (id),
  constraint contact_merge_from_id_fkey FOREIGN KEY (from_id) REFERENCES contact(id),
  constraint contact_merge_into_id_fkey FOREIGN KEY (into_id) REFERENCES contact(id)
);
CREATE INDEX contact_merge_from ON contact_merge USING btree (from_id);
CREATE INDEX contact_merge_into ON contact_merge USING btree (into_id);
CREATE UNIQUE INDEX contact_merge_standing ON contact_merge USING btree (from_id) WHERE (undone_at IS NULL);

create table credential (
  id text not null,
  user_id text not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint credential_pkey PRIMARY KEY (id),
  constraint credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX credential_user ON credential USING btree (user_id);

create table delivery_attempt (
  delivery_id uuid not null,
  attempt integer not null,
  at timestamp with time zone not null,
  took_ms integer not null,
  outcome text not null,
  status integer,
  error text,
  response text,
  constraint delivery_attempt_pkey PRIMARY KEY (delivery_id, attempt),
  constraint delivery_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'failed'::text, 'refused'::text])))
);

create table digest (
  contact_id uuid not null,
  agreement_id text not null,
  slot integer not null,
  state json not null,
  constraint digest_pkey PRIMARY KEY (contact_id, agreement_id, slot),
  constraint digest_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreement(id),
  constraint digest_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id)
);

create table episode (
  id uuid not null,
  contact_id uuid not null,
  agreement_id text not null,
  version integer not null,
  state text not null,
  path text not null,
  path_label text not null,
  total integer not null,
  grade text,
  sentence text not null,
  breakdown json not null,
  qualified_at timestamp with time zone not null,
  handed_off_at timestamp with time zone not null,
  owner_id text,
  team text,
  waiting_for text,
  routed_because text not null,
  source text,
  first_touch_due_at timestamp with time zone,
  decision_due_at timestamp with time zone,
  first_touch_at timestamp with time zone,
  decision text,
  decided_at timestamp with time zone,
  decided_by text,
  reason text,
  reason_label text,
  note text,
  requalify_at timestamp with time zone,
  amount double precision,
  currency text,
  ended_at timestamp with time zone,
  imported boolean default false not null,
  batch_id uuid,
  owner_name text,
  campaign text,
  disqualifier text,
  disqualifier_label text,
  origin_id uuid,
  flag text,
  segment text,
  grounds json,
  decided_by_id text,
  kept_from text,
  merge_id uuid,
  wake_at timestamp with time zone,
  woke_at timestamp with time zone,
  content text,
  fired text[],
  decisive text[],
  opportunity_at timestamp with time zone,
  constraint episode_pkey PRIMARY KEY (id),
  constraint episode_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreement(id),
  constraint episode_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint episode_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint episode_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES app_user(id),
  constraint episode_decision_check CHECK ((decision = ANY (ARRAY['accepted'::text, 'rejected'::text]))),
  constraint episode_kept_from_fkey FOREIGN KEY (kept_from) REFERENCES app_user(id),
  constraint episode_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id),
  constraint episode_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'opportunity'::text, 'won'::text, 'lost'::text, 'recycled'::text, 'disqualified'::text, 'handled'::text])))
);
CREATE INDEX episode_batch ON episode USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX episode_board ON episode USING btree (owner_id, team) INCLUDE (id, disqualifier, first_touch_at, first_touch_due_at, decision_due_at) WHERE (state = 'open'::text);
CREATE INDEX episode_contact ON episode USING btree (contact_id, handed_off_at DESC);
CREATE INDEX episode_decided ON episode USING btree (decided_at) INCLUDE (decision, owner_id, team, disqualifier) WHERE (decided_at IS NOT NULL);
CREATE INDEX episode_handed_off ON episode USING btree (handed_off_at DESC, id DESC) INCLUDE (agreement_id, decision, owner_id, source, path, path_label);
CREATE UNIQUE INDEX episode_open ON episode USING btree (contact_id, agreement_id) WHERE (ended_at IS NULL);
CREATE INDEX episode_owned ON episode USING btree (owner_id) WHERE ((ended_at IS NULL) AND (owner_id IS NOT NULL));
CREATE INDEX episode_past ON episode USING btree (contact_id, agreement_id) INCLUDE (ended_at, state, requalify_at, disqualifier, decided_at);
CREATE INDEX episode_queue ON episode USING btree (COALESCE(
CASE
    WHEN (first_touch_at IS NULL) THEN first_touch_due_at
    ELSE decision_due_at
END, 'infinity'::timestamp with time zone), id) WHERE (state = 'open'::text);
CREATE INDEX episode_report ON episode USING btree (agreement_id, handed_off_at);
CREATE INDEX episode_undecided ON episode USING btree (owner_id) WHERE ((state = 'open'::text) AND (owner_id IS NOT NULL));
CREATE INDEX episode_unexplained ON episode USING btree (id) WHERE ((ended_at IS NOT NULL) AND (reason IS NULL) AND (disqualifier IS NULL) AND (note IS NULL) AND (NOT imported) AND (state = ANY (ARRAY['recycled'::text, 'disqualified'::text])));
CREATE INDEX episode_unowned ON episode USING btree (id) WHERE ((ended_at IS NULL) AND (owner_id IS NULL));
CREATE INDEX episode_untouched ON episode USING btree (id) WHERE ((state = 'open'::text) AND (first_touch_at IS NULL) AND (owner_id IS NOT NULL) AND (NOT imported));
CREATE INDEX episode_unweighed ON episode USING btree (id) WHERE (fired IS NULL);
CREATE INDEX episode_wake ON episode USING btree (wake_at) WHERE (wake_at IS NOT NULL);
CREATE INDEX episode_woken ON episode USING btree (woke_at, id) WHERE (woke_at IS NOT NULL);
CREATE INDEX episode_worked ON episode USING btree (owner_id, team) INCLUDE (id, state, disqualifier, decided_at, handed_off_at) WHERE (state = ANY (ARRAY['accepted'::text, 'opportunity'::text]));

create table event (
  id bigint generated always as identity not null,
  contact_id uuid not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  message_id text not null,
  type text not null,
  name text not null,
  name_key text not null,
  properties jsonb not null,
  context jsonb not null,
  machine text,
  batch_id uuid,
  origin_id uuid,
  classed_at timestamp with time zone,
  browser text,
  named boolean default false not null,
  moved_at timestamp with time zone,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint event_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id)
);
CREATE INDEX event_contact ON event USING btree (contact_id, at);

create table event_class (
  id bigint generated always as identity not null,
  event_id bigint not null,
  was text,
  machine text,
  note text,
  actor text not null,
  recorded_at timestamp with time zone not null,
  constraint event_class_pkey PRIMARY KEY (id),
  constraint event_class_event_id_fkey FOREIGN KEY (event_id) REFERENCES event(id) ON DELETE CASCADE
);
CREATE INDEX event_class_event ON event_class USING btree (event_id, recorded_at, id);

create table event_move (
  id bigint generated always as identity not null,
  event_id bigint not null,
  was_id uuid not null,
  recorded_at timestamp with time zone not null,
  constraint event_move_pkey PRIMARY KEY (id),
  constraint event_move_event_id_fkey FOREIGN KEY (event_id) REFERENCES event(id) ON DELETE CASCADE
);
CREATE INDEX event_move_event ON event_move USING btree (event_id, recorded_at, id);
CREATE INDEX event_move_was ON event_move USING btree (was_id, recorded_at);

create table exception (
  id uuid not null,
  kind text not null,
  reason text not null,
  subject text not null,
  detail text not null,
  particulars jsonb not null,
  contact_id uuid,
  episode_id uuid,
  owner_id text,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  overdue_at timestamp with time zone,
  retry_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_by text,
  resolution text,
  constraint exception_pkey PRIMARY KEY (id),
  constraint exception_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint exception_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id),
  constraint exception_kind_check CHECK ((kind = ANY (ARRAY['unassigned'::text, 'missing_data'::text, 'duplicate'::text, 'delivery'::text, 'breach'::text]))),
  constraint exception_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id)
);
CREATE INDEX exception_closed ON exception USING btree (closed_at DESC, id DESC) WHERE (closed_at IS NOT NULL);
CREATE INDEX exception_contact ON exception USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX exception_delivery ON exception USING btree (subject) WHERE (kind = 'delivery'::text);
CREATE INDEX exception_episode ON exception USING btree (episode_id) WHERE (episode_id IS NOT NULL);
CREATE INDEX exception_list ON exception USING btree (due_at, id) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX exception_open ON exception USING btree (subject, kind) WHERE (closed_at IS NULL);
CREATE INDEX exception_overdue ON exception USING btree (due_at) WHERE ((closed_at IS NULL) AND (overdue_at IS NULL));
CREATE INDEX exception_retry ON exception USING btree (retry_at) WHERE ((closed_at IS NULL) AND (retry_at IS NOT NULL));

create table fact_link (
  id bigint generated always as identity not null,
  fact_id bigint not null,
  was_company_id uuid,
  was_part jsonb not null,
  recorded_at timestamp with time zone not null,
  constraint fact_link_pkey PRIMARY KEY (id),
  constraint fact_link_fact_id_fkey FOREIGN KEY (fact_id) REFERENCES profile_fact(id) ON DELETE CASCADE
);
CREATE INDEX fact_link_fact ON fact_link USING btree (fact_id, recorded_at, id);

create table fact_move (
  id bigint generated always as identity not null,
  fact_id bigint not null,
  was_id uuid not null,
  recorded_at timestamp with time zone not null,
  constraint fact_move_pkey PRIMARY KEY (id),
  constraint fact_move_fact_id_fkey FOREIGN KEY (fact_id) REFERENCES profile_fact(id) ON DELETE CASCADE
);
CREATE INDEX fact_move_fact ON fact_move USING btree (fact_id, recorded_at, id);
CREATE INDEX fact_move_was ON fact_move USING btree (was_id, recorded_at);

create table group_firm (
  group_id text not null,
  firm text not null,
  name text,
  domain text,
  contact_id uuid not null,
  recorded_at timestamp with time zone not null,
  constraint group_firm_pkey PRIMARY KEY (group_id, firm),
  constraint group_firm_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE CASCADE
);
CREATE INDEX group_firm_contact ON group_firm USING btree (contact_id);

create table held_message (
  id uuid not null,
  user_id text not null,
  channel text not null,
  due_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  label text not null,
  payload jsonb not null,
  constraint held_message_pkey PRIMARY KEY (id),
  constraint held_message_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'slack'::text]))),
  constraint held_message_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX held_message_due ON held_message USING btree (due_at);
CREATE INDEX held_message_user ON held_message USING btree (user_id, channel);

create table idempotent_reply (
  caller text not null,
  key text not null,
  fingerprint text not null,
  status integer,
  body jsonb,
  created_at timestamp with time zone not null,
  constraint idempotent_reply_pkey PRIMARY KEY (caller, key)
);
CREATE INDEX idempotent_reply_created ON idempotent_reply USING btree (created_at);

create table import_batch (
  id uuid not null,
  kind text not null,
  file text not null,
  created_at timestamp with time zone not null,
  undone_at timestamp with time zone,
  imported_by text,
  source text,
  progress jsonb,
  header jsonb,
  seen_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint import_batch_pkey PRIMARY KEY (id),
  constraint import_batch_kind_check CHECK ((kind = ANY (ARRAY['contacts'::text, 'events'::text, 'outcomes'::text])))
);

create table import_change (
  batch_id uuid not null,
  episode_id uuid not null,
  before jsonb not null,
  after jsonb,
  constraint import_change_pkey PRIMARY KEY (batch_id, episode_id),
  constraint import_change_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint import_change_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE
);
CREATE INDEX import_change_episode ON import_change USING btree (episode_id);

create table import_part (
  upload_id uuid not null,
  part integer not null,
  data text not null,
  constraint import_part_pkey PRIMARY KEY (upload_id, part),
  constraint import_part_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES import_upload(id) ON DELETE CASCADE
);

create table import_refused (
  batch_id uuid not null,
  line integer not null,
  reason text not null,
  cells jsonb not null,
  constraint import_refused_pkey PRIMARY KEY (batch_id, line),
  constraint import_refused_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id) ON DELETE CASCADE
);

create table import_upload (
  id uuid not null,
  name text not null,
  bytes bigint not null,
  parts integer not null,
  uploaded_by text not null,
  created_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  constraint import_upload_pkey PRIMARY KEY (id)
);
CREATE INDEX import_upload_created ON import_upload USING btree (created_at);

create table journal (
  id bigint generated always as identity not null,
  kind text not null,
  contact_id uuid,
  episode_id uuid,
  agreement_id text,
  version integer,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  actor text not null,
  particulars jsonb not null,
  origin_id uuid,
  constraint journal_pkey PRIMARY KEY (id),
  constraint journal_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint journal_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id)
);
CREATE INDEX journal_contact ON journal USING btree (contact_id, at DESC, id DESC);
CREATE INDEX journal_episode ON journal USING btree (episode_id) WHERE (episode_id IS NOT NULL);

create table lane (
  channel text not null,
  recipient text not null,
  failures integer not null,
  failing_since timestamp with time zone not null,
  held_until timestamp with time zone not null,
  cause text not null,
  last_error text not null,
  told_at timestamp with time zone,
  waits_until timestamp with time zone,
  constraint lane_pkey PRIMARY KEY (channel, recipient)
);

create table letter (
  id uuid not null,
  purpose text not null,
  key text not null,
  contact_id uuid not null,
  origin_id uuid,
  episode_id uuid,
  agreement_id text not null,
  version integer not null,
  entry text not null,
  template text,
  from_address text,
  owner_id text,
  state text not null,
  because text,
  detail text,
  created_at timestamp with time zone not null,
  not_before timestamp with time zone not null,
  ended_at timestamp with time zone,
  address text,
  sender text,
  subject text,
  body text,
  constraint letter_pkey PRIMARY KEY (id),
  constraint letter_purpose_check CHECK ((purpose = ANY (ARRAY['outreach'::text, 'nurture'::text]))),
  constraint letter_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'refused'::text, 'failed'::text])))
);
CREATE INDEX letter_contact ON letter USING btree (contact_id, created_at DESC);
CREATE UNIQUE INDEX letter_once ON letter USING btree (COALESCE(origin_id, contact_id), purpose, key);
CREATE INDEX letter_waiting ON letter USING btree (id) WHERE (state = 'waiting'::text);

create table letter_news (
  id bigint generated always as identity not null,
  contact_id uuid not null,
  letter_id uuid,
  kind text not null,
  because text,
  at timestamp with time zone not null,
  constraint letter_news_pkey PRIMARY KEY (id),
  constraint letter_news_kind_check CHECK ((kind = ANY (ARRAY['sent'::text, 'refused'::text, 'failed'::text, 'opted_out'::text, 'bounced'::text, 'replied'::text])))
);

create table letter_stop (
  id uuid not null,
  contact_id uuid not null,
  origin_id uuid,
  address text,
  kind text not null,
  detail text,
  at timestamp with time zone not null,
  by text not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint letter_stop_pkey PRIMARY KEY (id),
  constraint letter_stop_kind_check CHECK ((kind = ANY (ARRAY['opted_out'::text, 'bounced'::text])))
);
CREATE INDEX letter_stop_address ON letter_stop USING btree (address) WHERE ((ended_at IS NULL) AND (address IS NOT NULL));
CREATE INDEX letter_stop_contact ON letter_stop USING btree (contact_id, at DESC);

create table likeness (
  id uuid not null,
  a_id uuid not null,
  b_id uuid not null,
  score double precision not null,
  reasons jsonb not null,
  state text not null,
  found_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  note text,
  constraint likeness_pkey PRIMARY KEY (id),
  constraint likeness_a_id_b_id_key UNIQUE (a_id, b_id),
  constraint likeness_a_id_fkey FOREIGN KEY (a_id) REFERENCES contact(id) ON DELETE CASCADE,
  constraint likeness_b_id_fkey FOREIGN KEY (b_id) REFERENCES contact(id) ON DELETE CASCADE,
  constraint likeness_check CHECK ((a_id < b_id)),
  constraint likeness_state_check CHECK ((state = ANY (ARRAY['open'::text, 'merged'::text, 'apart'::text])))
);
CREATE INDEX likeness_b ON likeness USING btree (b_id);
CREATE INDEX likeness_decided ON likeness USING btree (state, decided_at DESC, id DESC) WHERE (state <> 'open'::text);
CREATE INDEX likeness_open ON likeness USING btree (score DESC, id) WHERE (state = 'open'::text);

create table likeness_queue (
  contact_id uuid not null,
  constraint likeness_queue_pkey PRIMARY KEY (contact_id),
  constraint likeness_queue_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE CASCADE
);

create table message (
  id text not null,
  recorded_at timestamp with time zone not null,
  batch_id uuid,
  constraint message_pkey PRIMARY KEY (id)
);

create table migration (
  name text not null,
  ran_at timestamp with time zone default now() not null,
  constraint migration_pkey PRIMARY KEY (name)
);

create table nurture (
  id uuid not null,
  episode_id uuid not null,
  track text not null,
  track_label text not null,
  entered_at timestamp with time zone not null,
  next_step integer default 0 not null,
  next_step_at timestamp with time zone,
  left_at timestamp with time zone,
  left_because text,
  left_note text,
  left_by text,
  constraint nurture_pkey PRIMARY KEY (id),
  constraint nurture_check CHECK (((left_at IS NULL) = (next_step_at IS NOT NULL))),
  constraint nurture_check1 CHECK (((left_at IS NULL) = (left_because IS NULL))),
  constraint nurture_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id),
  constraint nurture_left_because_check CHECK ((left_because = ANY (ARRAY['finished'::text, 'stopped'::text, 'handed_over'::text, 'disqualified'::text, 'reopened'::text, 'merged'::text, 'event'::text, 'reply'::text, 'bounce'::text, 'unsubscribed'::text, 'refused'::text])))
);
CREATE UNIQUE INDEX nurture_active ON nurture USING btree (episode_id) WHERE (left_at IS NULL);
CREATE INDEX nurture_due ON nurture USING btree (next_step_at, id) WHERE (next_step_at IS NOT NULL);
CREATE INDEX nurture_entered ON nurture USING btree (entered_at DESC, id DESC);
CREATE INDEX nurture_episode ON nurture USING btree (episode_id, entered_at DESC);

create table nurture_step (
  nurture_id uuid not null,
  step integer not null,
  at timestamp with time zone not null,
  kind text not null,
  name text,
  letter_id uuid,
  refused text,
  constraint nurture_step_pkey PRIMARY KEY (nurture_id, step),
  constraint nurture_step_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'webhook'::text, 'wait'::text]))),
  constraint nurture_step_nurture_id_fkey FOREIGN KEY (nurture_id) REFERENCES nurture(id)
);
CREATE INDEX nurture_step_letter ON nurture_step USING btree (letter_id) WHERE (letter_id IS NOT NULL);

create table opportunity (
  episode_id uuid not null,
  name text not null,
  stage text not null,
  stage_before text,
  expected_close_at timestamp with time zone,
  reason text,
  moved_at timestamp with time zone,
  constraint opportunity_pkey PRIMARY KEY (episode_id),
  constraint opportunity_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE
);

create table outbox (
  id uuid not null,
  channel text not null,
  recipient text not null,
  subject text not null,
  payload jsonb not null,
  state text not null,
  attempts integer default 0 not null,
  created_at timestamp with time zone not null,
  next_attempt_at timestamp with time zone,
  sent_at timestamp with time zone,
  last_error text,
  contact_id uuid,
  episode_id uuid,
  event_type text,
  webhook_id uuid,
  failures integer default 0 not null,
  queued_at timestamp with time zone,
  repeats uuid,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'slack'::text, 'in_app'::text, 'webhook'::text]))),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text])))
);
CREATE INDEX outbox_contact ON outbox USING btree (contact_id, created_at DESC) WHERE (contact_id IS NOT NULL);
CREATE INDEX outbox_created ON outbox USING btree (created_at DESC, id DESC);
CREATE INDEX outbox_due ON outbox USING btree (channel, next_attempt_at) WHERE (state = 'waiting'::text);
CREATE INDEX outbox_episode ON outbox USING btree (episode_id) WHERE (episode_id IS NOT NULL);
CREATE INDEX outbox_unsent ON outbox USING btree (created_at DESC, id DESC) WHERE (state <> 'sent'::text);
CREATE INDEX outbox_webhook ON outbox USING btree (webhook_id, created_at DESC, id DESC) WHERE (webhook_id IS NOT NULL);

create table pause (
  id uuid not null,
  episode_id uuid not null,
  kind text not null,
  started_at timestamp with time zone not null,
  until timestamp with time zone not null,
  planned_until timestamp with time zone not null,
  reason text,
  by_name text not null,
  resumed_by text,
  told_at timestamp with time zone,
  constraint pause_pkey PRIMARY KEY (id),
  constraint pause_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE,
  constraint pause_kind_check CHECK ((kind = ANY (ARRAY['firstTouch'::text, 'decision'::text])))
);
CREATE INDEX pause_episode ON pause USING btree (episode_id, started_at);

create table preference (
  user_id text not null,
  timezone text,
  quiet jsonb,
  channels jsonb,
  digest text default 'off'::text not null,
  digest_at integer default 540 not null,
  bulletin text,
  bulletin_at integer default 510 not null,
  bulletin_due_at timestamp with time zone,
  bulletin_told_at timestamp with time zone,
  constraint preference_pkey PRIMARY KEY (user_id),
  constraint preference_bulletin_at_check CHECK (((bulletin_at >= 0) AND (bulletin_at <= 1439))),
  constraint preference_bulletin_check CHECK ((bulletin = ANY (ARRAY['off'::text, 'daily'::text]))),
  constraint preference_digest_at_check CHECK (((digest_at >= 0) AND (digest_at <= 1439))),
  constraint preference_digest_check CHECK ((digest = ANY (ARRAY['off'::text, 'hourly'::text, 'daily'::text]))),
  constraint preference_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX preference_bulletin ON preference USING btree (bulletin_due_at) WHERE (bulletin_due_at IS NOT NULL);

create table profile_fact (
  id bigint generated always as identity not null,
  contact_id uuid not null,
  at timestamp with time zone,
  recorded_at timestamp with time zone not null,
  message_id text not null,
  mode text not null,
  contact jsonb not null,
  company_part jsonb not null,
  company_id uuid,
  batch_id uuid,
  created_at timestamp with time zone,
  origin_id uuid,
  browser text,
  moved_at timestamp with time zone,
  relinked_at timestamp with time zone,
  constraint profile_fact_pkey PRIMARY KEY (id),
  constraint profile_fact_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint profile_fact_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint profile_fact_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint profile_fact_mode_check CHECK ((mode = ANY (ARRAY['set'::text, 'fill'::text, 'replace'::text])))
);
CREATE INDEX profile_fact_contact ON profile_fact USING btree (contact_id, at);

create table qualification_answer (
  episode_id uuid not null,
  question text not null,
  label text not null,
  value jsonb,
  is_unknown boolean not null,
  note text,
  at timestamp with time zone not null,
  actor text not null,
  user_id text,
  revision integer not null,
  constraint qualification_answer_pkey PRIMARY KEY (episode_id, question),
  constraint qualification_answer_check CHECK ((NOT (is_unknown AND (value IS NOT NULL)))),
  constraint qualification_answer_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE,
  constraint qualification_answer_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);

create table rejected_call (
  id uuid not null,
  received_at timestamp with time zone not null,
  key_kind text not null,
  reason text not null,
  problems jsonb not null,
  call jsonb not null,
  replayed_at timestamp with time zone,
  constraint rejected_call_pkey PRIMARY KEY (id)
);
CREATE INDEX rejected_call_received ON rejected_call USING btree (received_at DESC, id DESC);

create table rejected_day (
  key_id uuid not null,
  day date not null,
  seen bigint not null,
  kept bigint not null,
  constraint rejected_day_pkey PRIMARY KEY (key_id, day)
);

create table rejected_notice (
  day date not null,
  cause text not null,
  noticed_at timestamp with time zone not null,
  constraint rejected_notice_pkey PRIMARY KEY (day, cause)
);

create table reversal (
  episode_id uuid not null,
  taken_back_at timestamp with time zone not null,
  decision text,
  decided_at timestamp with time zone,
  reason text,
  reason_label text,
  first_touch_at timestamp with time zone,
  opportunity_at timestamp with time zone,
  state text not null,
  ended_at timestamp with time zone,
  amount double precision,
  currency text,
  constraint reversal_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE
);
CREATE INDEX reversal_episode ON reversal USING btree (episode_id);
CREATE INDEX reversal_taken_back ON reversal USING btree (taken_back_at, episode_id);

create table review_entry (
  id uuid not null,
  kind text not null,
  key text not null,
  entry text not null,
  text text not null,
  author text not null,
  at timestamp with time zone not null,
  done_at timestamp with time zone,
  done_by text,
  constraint review_entry_pkey PRIMARY KEY (id),
  constraint review_entry_check CHECK (((done_at IS NULL) = (done_by IS NULL))),
  constraint review_entry_check1 CHECK (((done_at IS NULL) OR (entry = 'todo'::text))),
  constraint review_entry_entry_check CHECK ((entry = ANY (ARRAY['note'::text, 'decision'::text, 'todo'::text]))),
  constraint review_entry_kind_check CHECK ((kind = ANY (ARRAY['weekly'::text, 'monthly'::text, 'quarterly'::text])))
);
CREATE INDEX review_entry_decision ON review_entry USING btree (at, id) WHERE (entry = 'decision'::text);
CREATE INDEX review_entry_review ON review_entry USING btree (kind, key, at, id);
CREATE INDEX review_entry_todo ON review_entry USING btree (at, id) WHERE (entry = 'todo'::text);

create table review_notice (
  kind text not null,
  key text not null,
  sent_at timestamp with time zone not null,
  constraint review_notice_pkey PRIMARY KEY (kind, key)
);

create table routing_ledger (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  kind text not null,
  team text,
  user_id text,
  episode_id uuid,
  contact_id uuid,
  agreement_id text,
  entry text,
  because text not null,
  particulars jsonb not null,
  actor text not null,
  constraint routing_ledger_pkey PRIMARY KEY (id)
);
CREATE INDEX routing_ledger_assigned ON routing_ledger USING btree (at DESC, id DESC) WHERE ((kind = 'assigned'::text) AND (user_id IS NOT NULL));
CREATE INDEX routing_ledger_episode ON routing_ledger USING btree (episode_id, id) WHERE (episode_id IS NOT NULL);
CREATE INDEX routing_ledger_team ON routing_ledger USING btree (team, id DESC) WHERE (team IS NOT NULL);
CREATE INDEX routing_ledger_team_at ON routing_ledger USING btree (team, at DESC, id DESC) WHERE (team IS NOT NULL);
CREATE INDEX routing_ledger_user ON routing_ledger USING btree (user_id, at) WHERE (kind = 'assigned'::text);

create table saved_view (
  id uuid not null,
  user_id text not null,
  page text not null,
  name text not null,
  query text not null,
  created_at timestamp with time zone not null,
  constraint saved_view_pkey PRIMARY KEY (id),
  constraint saved_view_page_check CHECK ((page = ANY (ARRAY['queue'::text, 'contacts'::text]))),
  constraint saved_view_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX saved_view_name ON saved_view USING btree (user_id, page, lower(name));

create table setting (
  name text not null,
  value jsonb not null,
  constraint setting_pkey PRIMARY KEY (name)
);

create table sighting (
  id bigint generated always as identity not null,
  browser text not null,
  at timestamp with time zone not null,
  kind text not null,
  value text not null,
  batch_id uuid,
  constraint sighting_pkey PRIMARY KEY (id),
  constraint sighting_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint sighting_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'email'::text])))
);
CREATE INDEX sighting_batch ON sighting USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX sighting_browser ON sighting USING btree (browser, at, id);

create table slack_person (
  user_id text not null,
  email text not null,
  slack_id text,
  looked_up_at timestamp with time zone not null,
  constraint slack_person_pkey PRIMARY KEY (user_id),
  constraint slack_person_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table slack_thread (
  episode_id uuid not null,
  recipient text not null,
  ts text not null,
  channel text not null,
  created_at timestamp with time zone not null,
  constraint slack_thread_pkey PRIMARY KEY (episode_id, recipient)
);

create table snooze (
  episode_id uuid not null,
  owner_id text not null,
  until timestamp with time zone not null,
  note text,
  created_at timestamp with time zone not null,
  actor text not null,
  constraint snooze_pkey PRIMARY KEY (episode_id),
  constraint snooze_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id) ON DELETE CASCADE,
  constraint snooze_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table standing (
  contact_id uuid not null,
  agreement_id text not null,
  version integer not null,
  stage text not null,
  stage_since timestamp with time zone not null,
  applies boolean not null,
  scores json not null,
  total integer,
  grade text,
  qualifies text,
  disqualified text[] not null,
  first_mql_at timestamp with time zone,
  owner_id text,
  next_change_at timestamp with time zone,
  evaluated_at timestamp with time zone not null,
  digested boolean default false not null,
  left_alone text,
  lines json,
  constraint standing_pkey PRIMARY KEY (contact_id, agreement_id),
  constraint standing_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES agreement(id),
  constraint standing_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id),
  constraint standing_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id)
);
CREATE INDEX standing_due ON standing USING btree (next_change_at) WHERE (next_change_at IS NOT NULL);
CREATE INDEX standing_left_alone ON standing USING btree (left_alone) WHERE (left_alone IS NOT NULL);
CREATE INDEX standing_qualifies ON standing USING btree (contact_id, agreement_id) WHERE ((qualifies IS NOT NULL) AND (left_alone IS NULL));
CREATE INDEX standing_total ON standing USING btree (agreement_id, total DESC NULLS LAST, contact_id);

create table task (
  id uuid not null,
  episode_id uuid not null,
  owner_id text,
  title text not null,
  due_at timestamp with time zone,
  done_at timestamp with time zone,
  constraint task_pkey PRIMARY KEY (id),
  constraint task_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episode(id),
  constraint task_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id)
);
CREATE INDEX task_episode ON task USING btree (episode_id);
CREATE INDEX task_open ON task USING btree (episode_id) WHERE (done_at IS NULL);

create table team (
  name text not null,
  label text not null,
  manager_id text,
  slack_channel text,
  turn double precision default 0 not null,
  constraint team_pkey PRIMARY KEY (name),
  constraint team_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES app_user(id)
);

create table team_member (
  team text not null,
  user_id text not null,
  weight double precision not null,
  pass double precision not null,
  capacity_open integer,
  capacity_day double precision,
  tokens double precision,
  tokens_day integer,
  constraint team_member_pkey PRIMARY KEY (team, user_id),
  constraint team_member_capacity_day_check CHECK ((capacity_day > (0)::double precision)),
  constraint team_member_capacity_open_check CHECK ((capacity_open > 0)),
  constraint team_member_team_fkey FOREIGN KEY (team) REFERENCES team(name),
  constraint team_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint team_member_weight_check CHECK ((weight > (0)::double precision))
);

create table time_off (
  id uuid not null,
  user_id text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  note text,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint time_off_pkey PRIMARY KEY (id),
  constraint time_off_check CHECK ((ends_at > starts_at)),
  constraint time_off_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX time_off_end ON time_off USING btree (ends_at);
CREATE INDEX time_off_user ON time_off USING btree (user_id, ends_at);

create table user_session (
  id text not null,
  user_id text not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint user_session_pkey PRIMARY KEY (id),
  constraint user_session_token_key UNIQUE (token),
  constraint user_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX user_session_user ON user_session USING btree (user_id);

create table verification (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint verification_pkey PRIMARY KEY (id)
);

create table webhook (
  id uuid not null,
  url text not null,
  description text not null,
  event_types text[] not null,
  secret text not null,
  previous_secret text,
  previous_until timestamp with time zone,
  allow_private boolean not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  disabled_at timestamp with time zone,
  disabled_because text,
  exhausted integer default 0 not null,
  deleted_at timestamp with time zone,
  constraint webhook_pkey PRIMARY KEY (id)
);

create table worker (
  node text not null,
  name text not null,
  at timestamp with time zone not null,
  done_at timestamp with time zone,
  lag_ms bigint not null,
  error text,
  error_at timestamp with time zone,
  constraint worker_pkey PRIMARY KEY (node, name)
);
