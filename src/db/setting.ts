import { json, type Sql, statement } from './database.ts';

// The update of nothing makes the row that was there come back too.
const ENSURE = statement(
  'ensure_setting',
  { value: 'jsonb' },
  `insert into setting (name, value) values ($1, $2)
   on conflict (name) do update set value = setting.value
   returning value`,
);

/** Reads a setting and, in a transaction, locks it; the first caller's value becomes the value for all. */
export async function ensureSetting(
  sql: Sql,
  { name, value }: { readonly name: string; readonly value: unknown },
): Promise<unknown> {
  return (await ENSURE.first(sql, name, json(value)))?.value ?? null;
}

const FIND = statement('find_setting', { value: 'jsonb' }, 'select value from setting where name = $1');

/** Finds a setting; null when it was never made. */
export async function findSetting(sql: Sql, name: string): Promise<unknown> {
  return (await FIND.first(sql, name))?.value ?? null;
}

const SAVE = statement('save_setting', {}, 'update setting set value = $2 where name = $1');

/** Changes a setting that {@link ensureSetting} has made. */
export async function saveSetting(
  sql: Sql,
  { name, value }: { readonly name: string; readonly value: unknown },
): Promise<void> {
  await SAVE.rows(sql, name, json(value));
}

const PING = statement('ping', { one: 'int4' }, 'select 1 as one');

/** Resolves when the database answers. */
export async function ping(sql: Sql): Promise<void> {
  await PING.rows(sql);
}
