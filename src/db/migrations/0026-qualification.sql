-- What sales found out about a lead: an answer to a question of its agreement. One without a value is unknown, or was taken
-- back; its revision goes on, so that nobody overwrites what they have not seen.
create table qualification_answer (
  episode_id uuid not null references episode (id) on delete cascade,
  question text not null,
  label text not null,
  value jsonb,
  is_unknown boolean not null,
  note text,
  at timestamptz not null,
  actor text not null,
  user_id text references app_user (id),
  revision integer not null,
  primary key (episode_id, question),
  check (not (is_unknown and value is not null))
);

-- The opportunity of an accepted lead; its amount, its currency and whether it is won stand with the episode.
create table opportunity (
  episode_id uuid primary key references episode (id) on delete cascade,
  name text not null,
  stage text not null,
  stage_before text,
  expected_close_at timestamptz,
  reason text,
  opened_at timestamptz,
  moved_at timestamptz
);
