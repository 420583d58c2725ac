import { json, type Sql, statement } from './database.ts';

// The update of nothing makes the row that was there come back too.
const ENSURE = statement(
  'ensure_setting',
  { value: 'jsonb' },
  `insert into setting (name, value) values ($1, $2)
   on conflict (name) do update set value = setting.value
   returning value`,
);

/** Reads a setting; the first caller's value becomes the value for all. */
export async function ensureSetting(
  sql: Sql,
  { name, value }: { readonly name: string; readonly value: unknown },
): Promise<unknown> {
  return (await ENSURE.first(sql, name, json(value)))?.value ?? null;
}

const PING = statement('ping', { one: 'int4' }, 'select 1 as one');

/** Resolves when the database answers. */
export async function ping(sql: Sql): Promise<void> {
  await PING.rows(sql);
}
