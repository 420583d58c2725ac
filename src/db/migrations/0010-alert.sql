-- Alerts: how each person wants to be told, what gathers for them meanwhile, and how often one rule may speak up.
alter table alert add column kind text;

-- A person without a row is told by the defaults. Minutes count from local midnight.
create table preference (
  user_id text primary key references app_user (id) on delete cascade,
  -- Null: the zone of their availability, else UTC.
  timezone text,
  quiet jsonb,
  channels jsonb,
  digest text not null default 'off' check (digest in ('off', 'hourly', 'daily')),
  digest_at int not null default 540 check (digest_at between 0 and 1439),
  -- What managers get every day of their team; null: by their role.
  bulletin text check (bulletin in ('off', 'daily')),
  bulletin_at int not null default 510 check (bulletin_at between 0 and 1439),
  -- When the next one is due, and up to when the last one told.
  bulletin_due_at timestamptz,
  bulletin_told_at timestamptz
);
create index preference_bulletin on preference (bulletin_due_at) where bulletin_due_at is not null;

-- Messages that wait for the end of somebody's quiet hours, or for the time of their digest; then they leave as one.
create table held_message (
  id uuid primary key,
  user_id text not null references app_user (id) on delete cascade,
  channel text not null check (channel in ('email', 'slack')),
  due_at timestamptz not null,
  created_at timestamptz not null,
  label text not null,
  payload jsonb not null
);
create index held_message_due on held_message (due_at);
create index held_message_user on held_message (user_id, channel);

-- When an alert rule last spoke of a contact, and what it held back since: told with the next, or when `until_at` is over.
create table alert_throttle (
  contact_id uuid not null references contact on delete cascade,
  agreement_id text not null references agreement on delete cascade,
  rule text not null,
  sent_at timestamptz not null,
  until_at timestamptz not null,
  held int not null default 0,
  held_since timestamptz,
  held_alert jsonb,
  primary key (contact_id, agreement_id, rule)
);
create index alert_throttle_due on alert_throttle (until_at) where held > 0;
