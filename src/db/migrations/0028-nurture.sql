-- A lead for another team can be done with, and not be a decision of sales.
alter table episode drop constraint episode_state_check;
alter table episode add constraint episode_state_check
  check (state in ('open', 'accepted', 'opportunity', 'won', 'lost', 'recycled', 'disqualified', 'handled'));

-- The person behind decided_by; whom the next handoff passes over; the merge that a rejection made.
alter table episode add column decided_by_id text references app_user (id);
alter table episode add column kept_from text references app_user (id);
alter table episode add column merge_id uuid;

-- A rep set a date: at wake_at the owner is told, and woke_at stands until somebody has dealt with it.
alter table episode add column wake_at timestamptz;
alter table episode add column woke_at timestamptz;
create index episode_wake on episode (wake_at) where wake_at is not null;
create index episode_woken on episode (woke_at, id) where woke_at is not null;

-- A recycled lead in a track. next_step_at is null once it has left.
create table nurture (
  id uuid primary key,
  episode_id uuid not null references episode (id),
  track text not null,
  track_label text not null,
  entered_at timestamptz not null,
  next_step integer not null default 0,
  next_step_at timestamptz,
  left_at timestamptz,
  left_because text check (left_because in
    ('finished', 'stopped', 'handed_over', 'disqualified', 'reopened', 'merged', 'event', 'reply', 'bounce', 'unsubscribed', 'refused')),
  left_note text,
  left_by text,
  check ((left_at is null) = (next_step_at is not null)),
  check ((left_at is null) = (left_because is null))
);
create unique index nurture_active on nurture (episode_id) where left_at is null;
create index nurture_episode on nurture (episode_id, entered_at desc);
create index nurture_due on nurture (next_step_at, id) where next_step_at is not null;
create index nurture_entered on nurture (entered_at desc, id desc);

-- Each step at most once, whatever restarts or doubles.
create table nurture_step (
  nurture_id uuid not null references nurture (id),
  step integer not null,
  at timestamptz not null,
  kind text not null check (kind in ('email', 'webhook', 'wait')),
  name text,
  letter_id uuid,
  refused text,
  primary key (nurture_id, step)
);
create index nurture_step_letter on nurture_step (letter_id) where letter_id is not null;
