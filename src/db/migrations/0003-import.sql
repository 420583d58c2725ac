-- Imports: what a batch added and changed, so that it can be taken back; and what other systems say of a handoff.
-- No foreign key and no index on the largest table: a batch's messages are looked for only when it is taken back.
alter table message add column batch_id uuid;
alter table contact_identity add column batch_id uuid;

-- The creation that a fact tells of.
alter table profile_fact add column created_at timestamptz;

-- An owner whom another system named and who is no user here.
alter table episode add column owner_name text;
alter table episode add column campaign text;
create index episode_batch on episode (batch_id) where batch_id is not null;

alter table activity add column batch_id uuid references import_batch;

-- An episode that a batch changed but did not open, as it was before and as the batch left it.
create table import_change (
  batch_id uuid not null references import_batch,
  episode_id uuid not null references episode on delete cascade,
  before jsonb not null,
  after jsonb,
  primary key (batch_id, episode_id)
);

-- What refers to a contact or an episode, so that removing one does not read whole tables.
create index contact_merged on contact (merged_into) where merged_into is not null;
create index activity_contact on activity (contact_id);
create index alert_contact on alert (contact_id) where contact_id is not null;
create index alert_episode on alert (episode_id) where episode_id is not null;
create index journal_episode on journal (episode_id) where episode_id is not null;
create index import_change_episode on import_change (episode_id);
