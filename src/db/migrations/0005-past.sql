-- What was known when: who was joined to whom, what a joined contact brought, and how events were classed before.

-- A contact that was joined to another. Its line leads to the contact that is left, step by step; contact.merged_into
-- leads there at once. Contacts joined before this table have no row, and count as joined ever since.
create table contact_merge (
  from_id uuid primary key references contact,
  into_id uuid not null references contact,
  recorded_at timestamptz not null
);
create index contact_merge_into on contact_merge (into_id);

-- The contact that something arrived at, where that is another than the one it belongs to now.
-- No foreign key: removing a contact must not read the largest tables.
alter table profile_fact add column origin_id uuid;
alter table event add column origin_id uuid;

-- When an event was last classed anew; null where its class is the one it arrived with.
alter table event add column classed_at timestamptz;

-- Every change of an event's class: why it counted as machine-made before and after, null for made by a person.
create table event_class (
  id bigint generated always as identity primary key,
  event_id bigint not null references event on delete cascade,
  was text,
  machine text,
  note text,
  actor text not null,
  recorded_at timestamptz not null
);
create index event_class_event on event_class (event_id, recorded_at, id);
