import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const KEY = {
  id: 'uuid',
  kind: 'text',
  role: 'text?',
  name: 'text',
  prefix: 'text',
  created_at: 'timestamptz',
  last_used_at: 'timestamptz?',
} as const;

/** A key as the database keeps it, without its hash. */
export type KeyRow = RowOf<typeof KEY>;

const LIST = statement(
  'list_keys',
  KEY,
  `select id, kind, role, name, prefix, created_at, last_used_at
   from access_key where revoked_at is null order by created_at desc, id`,
);

/** Lists the keys that work, newest first. */
export function listKeyRows(sql: Sql): Promise<readonly KeyRow[]> {
  return LIST.rows(sql);
}

const FIND = statement(
  'find_key',
  KEY,
  `select id, kind, role, name, prefix, created_at, last_used_at
   from access_key where hash = $1 and revoked_at is null`,
);

/** Finds a working key by the hash of its secret. */
export function findKeyRow(sql: Sql, hash: string): Promise<KeyRow | null> {
  return FIND.first(sql, hash);
}

/** A key to be. */
export interface NewKey {
  readonly id: string;
  readonly kind: string;
  readonly role: string | null;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly now: number;
}

const ADD = statement(
  'add_key',
  KEY,
  `insert into access_key (id, kind, role, name, prefix, hash, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   returning id, kind, role, name, prefix, created_at, last_used_at`,
);

/** Adds a key. */
export function addKeyRow(sql: Sql, key: NewKey): Promise<KeyRow | null> {
  return ADD.first(sql, ...insertParams(key));
}

const ADD_FIRST = statement(
  'add_first_key',
  KEY,
  `insert into access_key (id, kind, role, name, prefix, hash, created_at)
   select $1::uuid, $2, $3, $4, $5, $6, $7::timestamptz
   where not exists (select from access_key where kind = $2)
   returning id, kind, role, name, prefix, created_at, last_used_at`,
);

/** Adds a key unless there is, or ever was, one of its kind; null then. Only under {@link lockKeys} is it made once. */
export function addFirstKey(sql: Sql, key: NewKey): Promise<KeyRow | null> {
  return ADD_FIRST.first(sql, ...insertParams(key));
}

/** The advisory lock under which keys are made at start: any number that nothing else uses. */
const KEYS_LOCK = 4_800_003;

const LOCK = statement('lock_keys', { locked: 'bool' }, 'select pg_advisory_xact_lock($1) is null as locked');

/** Makes other nodes that start wait until the transaction ends. */
export async function lockKeys(sql: Sql): Promise<void> {
  await LOCK.rows(sql, KEYS_LOCK);
}

// One secret opens one door: a row that has this hash under another id gives way.
const CLEAR = statement('clear_key_hash', {}, 'delete from access_key where hash = $1 and id <> $2');
const FIX = statement(
  'fix_key',
  {},
  `insert into access_key (id, kind, role, name, prefix, hash, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (id) do update set
     kind = excluded.kind, role = excluded.role, name = excluded.name, prefix = excluded.prefix,
     hash = excluded.hash, revoked_at = null`,
);

/** Puts a key of the settings in the place of what stood under its id. Call it in a transaction. */
export async function fixKey(sql: Sql, key: NewKey): Promise<void> {
  await CLEAR.rows(sql, key.hash, key.id);
  await FIX.rows(sql, ...insertParams(key));
}

function insertParams(key: NewKey): readonly unknown[] {
  return [key.id, key.kind, key.role, key.name, key.prefix, key.hash, stamp(key.now)];
}

const REVOKE = statement(
  'revoke_key',
  { hash: 'text', name: 'text' },
  'update access_key set revoked_at = $2 where id = $1 and revoked_at is null returning hash, name',
);

/** Revokes a key and returns its hash and name; null when there is no such working key. */
export function revokeKey(sql: Sql, { id, now }: { readonly id: string; readonly now: number }) {
  return REVOKE.first(sql, id, stamp(now));
}

const TOUCH = statement(
  'touch_key',
  {},
  `update access_key set last_used_at = $2
   where id = $1 and (last_used_at is null or last_used_at < $3)`,
);

/** Notes that a key was used, unless another node has noted it since `unlessAfter`. */
export async function touchKey(
  sql: Sql,
  { id, now, unlessAfter }: { readonly id: string; readonly now: number; readonly unlessAfter: number },
): Promise<void> {
  await TOUCH.rows(sql, id, stamp(now), stamp(unlessAfter));
}
