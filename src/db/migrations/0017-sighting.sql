-- Who said on a browser who they are, and when. It leads to a contact by the identity that was named, whoever holds that.
create table sighting (
  id bigint generated always as identity primary key,
  browser text not null,
  at timestamptz not null,
  kind text not null check (kind in ('user', 'email')),
  value text not null,
  batch_id uuid references import_batch
);
create index sighting_browser on sighting (browser, at, id);
create index sighting_batch on sighting (batch_id) where batch_id is not null;

-- Browsers of known contacts: nobody else was there until now.
insert into sighting (browser, at, kind, value)
select i.value, c.first_seen_at, known.kind, known.value
from contact_identity i join contact c on c.id = i.contact_id cross join lateral (
  select kind, value from contact_identity k where k.contact_id = i.contact_id and k.kind in ('user', 'email')
  order by kind desc, value limit 1) known
where i.kind = 'anonymous';

-- What joined two known contacts by itself: each user id and address that the call named. The order is that of the joins.
create table contact_join (
  id bigint generated always as identity,
  merge_id uuid not null references contact_merge on delete cascade,
  kind text not null check (kind in ('user', 'email')),
  value text not null,
  recorded_at timestamptz not null,
  primary key (merge_id, kind, value)
);
create index contact_join_value on contact_join (kind, value, recorded_at);

-- The browser that something came from. What names nobody else belongs to whoever was there, and moves when that changes.
alter table event add column browser text;
alter table event add column named boolean not null default false;
alter table event add column moved_at timestamptz;
alter table profile_fact add column browser text;
alter table profile_fact add column moved_at timestamptz;

-- Every move of an event or a fact from one contact to another: the contact that it counted as arrived at before.
create table event_move (
  id bigint generated always as identity primary key,
  event_id bigint not null references event on delete cascade,
  was_id uuid not null,
  recorded_at timestamptz not null
);
create index event_move_event on event_move (event_id, recorded_at, id);
create index event_move_was on event_move (was_id, recorded_at);
create table fact_move (
  id bigint generated always as identity primary key,
  fact_id bigint not null references profile_fact on delete cascade,
  was_id uuid not null,
  recorded_at timestamptz not null
);
create index fact_move_fact on fact_move (fact_id, recorded_at, id);
create index fact_move_was on fact_move (was_id, recorded_at);
