-- Of which causes of rejected calls admins were notified, by the day in UTC: once a day and cause.
create table rejected_notice (
  day date not null,
  cause text not null,
  noticed_at timestamptz not null,
  primary key (day, cause)
);
