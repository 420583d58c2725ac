-- When an accepted lead became an opportunity: reports count by it, also where another system told it.
alter table episode add column opportunity_at timestamptz;
update episode e set opportunity_at = o.opened_at from opportunity o where o.episode_id = e.id;
alter table opportunity drop column opened_at;

-- An episode as it stood before something was taken back, so that reports can be asked what they said on a past day.
create table reversal (
  episode_id uuid not null references episode (id) on delete cascade,
  taken_back_at timestamptz not null,
  decision text,
  decided_at timestamptz,
  reason text,
  reason_label text,
  first_touch_at timestamptz,
  opportunity_at timestamptz,
  state text not null,
  ended_at timestamptz,
  amount double precision,
  currency text
);
create index reversal_taken_back on reversal (taken_back_at, episode_id);
create index reversal_episode on reversal (episode_id);

-- Reports read every episode of a year: what is long, such as the breakdown, lies beside the rows.
alter table episode set (toast_tuple_target = 512);
