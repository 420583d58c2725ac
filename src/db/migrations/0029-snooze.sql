-- Leads that their owner does not want to see in the queue until a time; it stops no clock. Somebody else who gets the
-- lead sees it at once: the row is the owner's.
create table snooze (
  episode_id uuid primary key references episode (id) on delete cascade,
  owner_id text not null references app_user (id) on delete cascade,
  until timestamptz not null,
  note text,
  created_at timestamptz not null,
  actor text not null
);

-- The board counts what is open, what was decided of late and what goes cold from indexes alone: rows carry a breakdown.
create index episode_board on episode (owner_id, team)
  include (id, disqualifier, first_touch_at, first_touch_due_at, decision_due_at) where state = 'open';
create index episode_decided on episode (decided_at) include (decision, owner_id, team, disqualifier)
  where decided_at is not null;
create index episode_worked on episode (owner_id, team) include (id, state, disqualifier, decided_at, handed_off_at)
  where state in ('accepted', 'opportunity');
create index activity_at on activity (at, episode_id);
