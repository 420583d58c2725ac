import { json, type Sql, stamp, statement } from '../database.ts';

const ADD = statement(
  'add_refused_rows',
  {},
  `insert into import_refused (batch_id, line, reason, cells)
   select $1, line, reason, cells from jsonb_to_recordset($2::jsonb) as row(line int, reason text, cells jsonb)
   on conflict do nothing`,
);

/** Keeps rows of an import that could not be used. */
export async function addRefusedRows(
  sql: Sql,
  batchId: string,
  rows: readonly { readonly line: number; readonly reason: string; readonly cells: readonly string[] }[],
): Promise<void> {
  await ADD.rows(sql, batchId, json(rows));
}

const LIST = statement(
  'list_refused_rows',
  { line: 'int4', reason: 'text', cells: 'jsonb' },
  `select line, reason, cells from import_refused where batch_id = $1 and line > $2 order by line limit $3`,
);

/** The rows of an import that could not be used, behind a line, in the order of the file. */
export function listRefusedRows(sql: Sql, batchId: string, after: number, limit: number) {
  return LIST.rows(sql, batchId, after, limit);
}

const DROP_OLD = statement(
  'drop_old_refused_rows',
  {},
  'delete from import_refused r using import_batch b where b.id = r.batch_id and b.created_at < $1',
);

/** Forgets the refused rows of imports from before an instant. */
export async function dropOldRefusedRows(sql: Sql, before: number): Promise<void> {
  await DROP_OLD.rows(sql, stamp(before));
}
