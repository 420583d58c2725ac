-- The companies that group calls have named lately by one id, each by the name that tells it apart, with who named it first.
create table group_firm (
  group_id text not null,
  firm text not null,
  name text,
  domain text,
  contact_id uuid not null references contact on delete cascade,
  recorded_at timestamptz not null,
  primary key (group_id, firm)
);
create index group_firm_contact on group_firm (contact_id);

-- The company that a fact led to, and what it said of one, before a link of a group id was taken apart.
alter table profile_fact add column relinked_at timestamptz;
create table fact_link (
  id bigint generated always as identity primary key,
  fact_id bigint not null references profile_fact on delete cascade,
  was_company_id uuid,
  was_part jsonb not null,
  recorded_at timestamptz not null
);
create index fact_link_fact on fact_link (fact_id, recorded_at, id);

-- When what was said of a company turned out to be of others; until then it counted.
alter table company_fact add column withdrawn_at timestamptz;
