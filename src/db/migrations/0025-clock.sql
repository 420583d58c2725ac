-- The clocks of a handoff: what the sweeps have made of each, and when they look at it next. When a clock is due and when it
-- stopped stands with the episode. `entry` is the SLA entry that set it; null for what was handed over before it was kept.
create table clock (
  episode_id uuid not null references episode (id) on delete cascade,
  kind text not null check (kind in ('firstTouch', 'decision')),
  entry text,
  tick_at timestamptz,
  reminded text[] not null default '{}',
  missed_at timestamptz,
  rerouted_at timestamptz,
  primary key (episode_id, kind)
);

create index clock_tick on clock (tick_at) where tick_at is not null;

-- Time that does not count on a clock: a pause with its reason, or that between a decision and its being taken back
-- (without one). `until` is its end, in the future while it lasts; `planned_until` what was said when it began.
create table pause (
  id uuid primary key,
  episode_id uuid not null references episode (id) on delete cascade,
  kind text not null check (kind in ('firstTouch', 'decision')),
  started_at timestamptz not null,
  until timestamptz not null,
  planned_until timestamptz not null,
  reason text,
  by_name text not null,
  resumed_by text,
  told_at timestamptz
);

create index pause_episode on pause (episode_id, started_at);

-- What runs goes on from here; what was missed before clocks were kept is missed, and nobody is told of it anew.
insert into clock (episode_id, kind, tick_at, missed_at)
  select id, 'firstTouch', case when first_touch_due_at > now() and first_touch_at is null then handed_off_at end,
    case when first_touch_due_at <= now() and (first_touch_at is null or first_touch_at > first_touch_due_at)
      and coalesce(ended_at, 'infinity') > first_touch_due_at then first_touch_due_at end
  from episode where first_touch_due_at is not null and not imported
  union all
  select id, 'decision', case when decision_due_at > now() and decided_at is null then handed_off_at end,
    case when decision_due_at <= now() and coalesce(decided_at, ended_at, 'infinity') > decision_due_at then decision_due_at end
  from episode where decision_due_at is not null and not imported;

-- What came of a call or a mail; whose touch it was; and whether a program did it of itself, which is no touch.
alter table activity add column outcome text;
alter table activity add column user_id text references app_user (id);
alter table activity add column automated boolean not null default false;

update activity set user_id = u.id from app_user u
  where u.name = activity.actor and not exists (select from app_user other where other.name = u.name and other.id <> u.id);
