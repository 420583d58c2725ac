-- Failed attempts to get in, by account and by address, each as a hash: of the accounts that are tried most do not exist,
-- and what somebody types there is often a password.
create table attempt (
  subject text primary key,
  failures int not null,
  refused_until timestamptz,
  -- From when on the row says nothing more.
  over_at timestamptz not null
);

create index attempt_over on attempt (over_at);
create index attempt_failures on attempt (failures desc, over_at desc);
