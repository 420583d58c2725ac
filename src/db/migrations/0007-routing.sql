-- Who is at work when, and what routing did with it. Turns are counted in virtual time: a team's `turn` moves on by one
-- over the weights that take part with every lead, a member's `pass` by one over their own weight with every lead they get.
alter table team
  add column manager_id text references app_user (id),
  add column slack_channel text,
  add column turn double precision not null default 0;

alter table team_member
  add column capacity_open int check (capacity_open > 0),
  add column capacity_day double precision check (capacity_day > 0),
  -- What is left of the day's allowance, and of which local day (days since 1970-01-01); null until the first lead.
  add column tokens double precision,
  add column tokens_day int;

-- Everybody starts level: what came before was not recorded, so it cannot be held for or against anybody.
update team_member set pass = 0;

-- A person without a row is always at work. `hours` are written as an agreement writes those of a calendar; null: always.
create table availability (
  user_id text primary key references app_user (id) on delete cascade,
  timezone text not null,
  hours jsonb,
  holidays text[] not null default '{}',
  paused boolean not null default false,
  paused_at timestamptz,
  paused_note text
);

create table time_off (
  id uuid primary key,
  user_id text not null references app_user (id) on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  note text,
  created_by text not null,
  created_at timestamptz not null
);
create index time_off_user on time_off (user_id, ends_at);
create index time_off_end on time_off (ends_at);

-- Append only, and on its own feet: it names people, leads and teams that may be gone later.
create table routing_ledger (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  team text,
  user_id text,
  episode_id uuid,
  contact_id uuid,
  agreement_id text,
  entry text,
  because text not null,
  particulars jsonb not null,
  actor text not null
);
create index routing_ledger_team on routing_ledger (team, id desc) where team is not null;
create index routing_ledger_episode on routing_ledger (episode_id, id) where episode_id is not null;
create index routing_ledger_user on routing_ledger (user_id, at) where kind = 'assigned';

insert into routing_ledger (at, kind, team, user_id, because, particulars, actor)
select now(), 'joined', team, user_id, 'was a member when the ledger began', jsonb_build_object('weight', weight), 'migration'
from team_member order by team, user_id;

-- How many leads wait for each owner is asked whenever leads are given out.
create index episode_undecided on episode (owner_id) where state = 'open' and owner_id is not null;
