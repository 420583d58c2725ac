-- What cannot go the usual way waits for a person: with a named reason, somebody to deal with it and a clock of its own.
create table exception (
  id uuid primary key,
  kind text not null check (kind in ('unassigned', 'missing_data', 'duplicate', 'delivery', 'breach')),
  reason text not null,
  -- What it is about, so that the same trouble is one exception while it lasts: an episode, a recipient, a kind of breach.
  subject text not null,
  detail text not null,
  particulars jsonb not null,
  contact_id uuid references contact,
  episode_id uuid references episode,
  owner_id text references app_user,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  -- When its owner's manager and the admins were told that it is overdue.
  overdue_at timestamptz,
  -- When the way it could not go is tried again.
  retry_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  resolution text
);
create unique index exception_open on exception (subject, kind) where closed_at is null;
create index exception_list on exception (due_at, id) where closed_at is null;
create index exception_closed on exception (closed_at desc, id desc) where closed_at is not null;
create index exception_retry on exception (retry_at) where closed_at is null and retry_at is not null;
create index exception_overdue on exception (due_at) where closed_at is null and overdue_at is null;
create index exception_episode on exception (episode_id) where episode_id is not null;
create index exception_contact on exception (contact_id) where contact_id is not null;

-- The disqualifier that sent a lead to its team, or closed it; such episodes count in no acceptance rate.
alter table episode add column disqualifier text, add column disqualifier_label text;
create index episode_owned on episode (owner_id) where ended_at is null and owner_id is not null;

-- Why a contact that qualifies was not handed over.
alter table standing add column left_alone text;
update standing set left_alone = 'imported history' where qualifies is not null and not exists (
  select from episode e where e.contact_id = standing.contact_id and e.agreement_id = standing.agreement_id);

-- Whether the contacts that the active version makes qualify are handed over, as was chosen when it was activated.
alter table agreement add column hands_over boolean not null default false;

-- Episodes that wait without an exception come from before there were any.
insert into exception (id, kind, reason, subject, detail, particulars, contact_id, episode_id, opened_at, due_at, retry_at)
select gen_random_uuid(), 'unassigned', 'no_entry_matched', 'episode ' || e.id, coalesce(e.waiting_for, 'nobody to take it'), '{}',
  e.contact_id, e.id, e.handed_off_at, coalesce(e.first_touch_due_at, e.handed_off_at + interval '4 hours'), e.handed_off_at
from episode e where e.ended_at is null and e.owner_id is null and not e.imported;
