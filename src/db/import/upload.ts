import { type Sql, stamp, statement } from '../database.ts';

const ADD = statement(
  'add_import_upload',
  {},
  'insert into import_upload (id, name, bytes, parts, uploaded_by, created_at) values ($1, $2, $3, $4, $5, $6)',
);

/** Begins an upload. */
export async function addUpload(
  sql: Sql,
  of: {
    readonly id: string;
    readonly name: string;
    readonly bytes: number;
    readonly parts: number;
    readonly by: string;
    readonly now: number;
  },
): Promise<void> {
  await ADD.rows(sql, of.id, of.name, of.bytes, of.parts, of.by, stamp(of.now));
}

const FIND = statement(
  'find_import_upload',
  {
    name: 'text',
    bytes: 'int8',
    parts: 'int4',
    uploaded_by: 'text',
    taken_at: 'timestamptz?',
    stored: 'int8',
  },
  `select name, bytes, parts, uploaded_by, taken_at,
     (select count(*) from import_part p where p.upload_id = u.id) as stored
   from import_upload u where id = $1`,
);

/** An upload, and how many of its parts have come; null when there is none of that id. */
export function findUpload(sql: Sql, id: string) {
  return FIND.first(sql, id);
}

const TAKE = statement(
  'take_import_upload',
  { id: 'uuid' },
  'update import_upload set taken_at = $2 where id = $1 and taken_at is null returning id',
);

/** Marks an upload as taken; false when it was before. */
export async function takeUpload(sql: Sql, id: string, now: number): Promise<boolean> {
  return (await TAKE.first(sql, id, stamp(now))) !== null;
}

const GIVE_BACK = statement(
  'give_import_upload_back',
  {},
  'update import_upload set taken_at = null where id = $1',
);

/** Lets an upload be taken again, whose import did not begin. */
export async function giveUploadBack(sql: Sql, id: string): Promise<void> {
  await GIVE_BACK.rows(sql, id);
}

const DROP = statement('drop_import_upload', {}, 'delete from import_upload where id = $1');

/** Removes an upload with its parts. */
export async function dropUpload(sql: Sql, id: string): Promise<void> {
  await DROP.rows(sql, id);
}

const DROP_OLD = statement('drop_old_import_uploads', {}, 'delete from import_upload where created_at < $1');

/** Removes uploads from before an instant. */
export async function dropOldUploads(sql: Sql, before: number): Promise<void> {
  await DROP_OLD.rows(sql, stamp(before));
}

const ADD_PART = statement(
  'add_import_part',
  {},
  `insert into import_part (upload_id, part, data) values ($1, $2, $3)
   on conflict (upload_id, part) do update set data = excluded.data`,
);

/** Stores a part of an upload, in base64; a part that comes again replaces itself. */
export async function addUploadPart(
  sql: Sql,
  of: { readonly uploadId: string; readonly part: number; readonly data: string },
): Promise<void> {
  await ADD_PART.rows(sql, of.uploadId, of.part, of.data);
}

const FIND_PART = statement(
  'find_import_part',
  { data: 'text' },
  'select data from import_part where upload_id = $1 and part = $2',
);

/** A part of an upload, in base64; null when it has not come. */
export async function findUploadPart(sql: Sql, uploadId: string, part: number): Promise<string | null> {
  return (await FIND_PART.first(sql, uploadId, part))?.data ?? null;
}
