-- By what contacts are found that may be one person: an address without dots and tags, a phone number, initials at a company.
-- Hashed, which makes the table a third as large and as costly to write; whoever is found is compared by what is known of
-- them. No foreign key: it would cost as much as the rest of a write. Whoever removes a contact removes its keys.
create table contact_key (
  key bigint not null,
  contact_id uuid not null,
  primary key (key, contact_id)
);
create index contact_key_contact on contact_key (contact_id);

-- Contacts whose keys changed, to be looked up in the background; at first everybody, whose keys are made then too.
create table likeness_queue (
  contact_id uuid primary key references contact on delete cascade
);
insert into likeness_queue (contact_id) select id from contact where merged_into is null and contact <> '{}';

-- Two contacts that may be one person, and what was decided on them.
create table likeness (
  id uuid primary key,
  a_id uuid not null references contact on delete cascade,
  b_id uuid not null references contact on delete cascade,
  score float8 not null,
  reasons jsonb not null,
  state text not null check (state in ('open', 'merged', 'apart')),
  found_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  note text,
  unique (a_id, b_id),
  check (a_id < b_id)
);
create index likeness_b on likeness (b_id);
create index likeness_open on likeness (score desc, id) where state = 'open';
create index likeness_decided on likeness (state, decided_at desc, id desc) where state <> 'open';

-- A merge that a person decided on can be undone, and done again. `kept` holds what the rows do not tell any more: where
-- both stood, which handoffs were closed as doubles, who had been joined to the one that left; null for an automatic merge.
alter table contact_merge drop constraint contact_merge_pkey;
alter table contact_merge add column id uuid not null default gen_random_uuid() primary key;
alter table contact_merge add column kept jsonb;
alter table contact_merge add column undone_at timestamptz;
alter table contact_merge add column undone_by text;
create index contact_merge_from on contact_merge (from_id);
create unique index contact_merge_standing on contact_merge (from_id) where undone_at is null;

-- The contact that something arrived at, as for facts and events: so that an undone merge gives each its own back.
alter table contact_identity add column origin_id uuid;
alter table activity add column origin_id uuid;
alter table journal add column origin_id uuid;
alter table alert add column origin_id uuid;
alter table episode add column origin_id uuid;
