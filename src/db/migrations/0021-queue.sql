-- Filters and order of a page that a person keeps under a name. The query is that of the page's address.
create table saved_view (
  id uuid primary key,
  user_id text not null references app_user (id) on delete cascade,
  page text not null check (page in ('queue', 'contacts')),
  name text not null,
  query text not null,
  created_at timestamptz not null
);

create unique index saved_view_name on saved_view (user_id, page, lower(name));

-- What the sentence of a handoff rests on, as facts: it is put into words when it is read, and so stays true.
alter table episode add column grounds json;

-- The lines of the score of a lead that sales works on, as of its last evaluation: what changed since the handoff.
alter table standing add column lines json;

