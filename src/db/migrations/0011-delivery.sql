-- Delivery: what a message is about, which attempts were made, which ways out are failing, webhooks and Slack.

alter table outbox
  add column contact_id uuid,
  add column episode_id uuid,
  add column event_type text,
  add column webhook_id uuid,
  -- Attempts that failed by the message's own doing: they use up its schedule, while `attempts` counts every one.
  add column failures integer not null default 0,
  -- From when on its age counts: a message asked for again is young again.
  add column queued_at timestamptz,
  -- The message that this one repeats on demand.
  add column repeats uuid;

update outbox set
  failures = case when state = 'waiting' then attempts else 0 end,
  queued_at = created_at,
  contact_id = case when payload->>'contactId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (payload->>'contactId')::uuid end,
  episode_id = case when payload->>'episodeId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (payload->>'episodeId')::uuid end;

drop index outbox_due;
create index outbox_due on outbox (channel, next_attempt_at) where state = 'waiting';
create index outbox_unsent on outbox (created_at desc, id desc) where state <> 'sent';
create index outbox_contact on outbox (contact_id, created_at desc) where contact_id is not null;
create index outbox_episode on outbox (episode_id) where episode_id is not null;
create index outbox_webhook on outbox (webhook_id, created_at desc, id desc) where webhook_id is not null;

-- Every attempt to send, but those within the app itself.
create table delivery_attempt (
  delivery_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  took_ms integer not null,
  outcome text not null check (outcome in ('sent', 'failed', 'refused')),
  status integer,
  error text,
  response text,
  primary key (delivery_id, attempt)
);

-- Ways out that are failing: a recipient on a channel, or what all of a channel share, such as the mail server.
create table lane (
  channel text not null,
  recipient text not null,
  failures integer not null,
  failing_since timestamptz not null,
  held_until timestamptz not null,
  cause text not null,
  last_error text not null,
  primary key (channel, recipient)
);

create table webhook (
  id uuid primary key,
  url text not null,
  description text not null,
  event_types text[] not null,
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  allow_private boolean not null,
  created_at timestamptz not null,
  created_by text not null,
  disabled_at timestamptz,
  disabled_because text,
  -- Deliveries given up in a row.
  exhausted integer not null default 0,
  deleted_at timestamptz
);

create table slack_person (
  user_id text primary key references app_user on delete cascade,
  email text not null,
  slack_id text,
  looked_up_at timestamptz not null
);

create table slack_thread (
  episode_id uuid not null,
  recipient text not null,
  ts text not null,
  channel text not null,
  created_at timestamptz not null,
  primary key (episode_id, recipient)
);
