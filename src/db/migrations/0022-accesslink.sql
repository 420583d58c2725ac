-- Links by which people get in once: an invitation, or a forgotten password. Nothing secret of a link is stored: its token
-- is made of its id and the secret that signs sessions. A person has at most one of a kind; the next one takes its place.
create table access_link (
  user_id text not null references app_user (id) on delete cascade,
  kind text not null check (kind in ('invitation', 'reset')),
  id uuid not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (user_id, kind)
);

-- Whether somebody else knows the password, since an admin handed it over; its owner is then asked for another one.
alter table app_user add column password_given boolean default false not null;
