-- What became of an import, and how far one under way has come: it is shown while it runs, and in the list afterwards.
alter table import_batch add column imported_by text;
alter table import_batch add column source text;
alter table import_batch add column progress jsonb;
alter table import_batch add column header jsonb;
-- The process at work writes it again and again; one that stands still is no longer under way.
alter table import_batch add column seen_at timestamptz;
alter table import_batch add column finished_at timestamptz;

-- Files on their way in, in pieces that a call can carry (base64). They go once they are imported, and after a day.
create table import_upload (
  id uuid primary key,
  name text not null,
  bytes bigint not null,
  parts int not null,
  uploaded_by text not null,
  created_at timestamptz not null,
  -- When its import began; it is taken once.
  taken_at timestamptz
);
create index import_upload_created on import_upload (created_at);

create table import_part (
  upload_id uuid not null references import_upload on delete cascade,
  part int not null,
  data text not null,
  primary key (upload_id, part)
);

-- Rows of an import that could not be used.
create table import_refused (
  batch_id uuid not null references import_batch on delete cascade,
  line int not null,
  reason text not null,
  cells jsonb not null,
  primary key (batch_id, line)
);
