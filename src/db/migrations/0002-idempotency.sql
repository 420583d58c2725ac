-- What was answered to a write that carried an Idempotency-Key; a status of null means that it is still running.
create table idempotent_reply (
  caller text not null,
  key text not null,
  fingerprint text not null,
  status integer,
  body jsonb,
  created_at timestamptz not null,
  primary key (caller, key)
);
create index idempotent_reply_created on idempotent_reply (created_at);
