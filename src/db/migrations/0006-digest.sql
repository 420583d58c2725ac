-- What the active agreements need of a contact's events, slot by slot, so that a new event needs no walk through them.
create table digest (
  contact_id uuid not null references contact (id),
  agreement_id text not null references agreement (id),
  slot int not null,
  state json not null,
  primary key (contact_id, agreement_id, slot)
);

-- Whether the rows above hold all events up to the evaluation; of the version that the standing names.
alter table standing add column digested boolean not null default false;
