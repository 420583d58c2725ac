import { createHash, randomInt, randomUUID } from 'node:crypto';
import { type Key, keyKind } from '../../contract/api/administration.ts';
import type { Role } from '../../contract/role.ts';
import { role } from '../../contract/shapes.ts';
import { isUuid } from '../../core/text/uuid.ts';
import {
  addFirstKey,
  addKeyRow,
  findKeyRow,
  fixKey,
  type KeyRow,
  listKeyRows,
  lockKeys,
  type NewKey,
  revokeKey,
  touchKey,
} from '../../db/access/key.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';

/** What a secret opens. */
export interface FoundKey {
  readonly id: string;
  readonly kind: Key['kind'];
  /** The role of an API key; null for a write key. */
  readonly role: Role | null;
  readonly name: string;
}

/** How long a node may go on using what it knows of a key, in milliseconds; a revoked key must stop within 5 s. */
const KNOWN_MS = 3_000;
/** How many secrets a node remembers; wrong ones count too, and the oldest go first. */
const MAX_KNOWN = 5_000;
/** How often the use of a key is written down, in milliseconds. */
const TOUCH_MS = 60_000;

interface Known {
  readonly key: Promise<FoundKey | null>;
  readonly at: number;
}

interface Memory {
  readonly known: Map<string, Known>;
  readonly touched: Map<string, number>;
}

const memories = new WeakMap<App, Memory>();

function memoryOf(app: App): Memory {
  const found = memories.get(app);
  if (found !== undefined) return found;
  const made: Memory = { known: new Map(), touched: new Map() };
  memories.set(app, made);
  return made;
}

/**
 * Finds the working key that a secret opens; null for none. What the database said is kept for 3 s, so a busy key
 * costs no query a call, and a key revoked on another node works for 3 s at most.
 *
 * The secret is looked up by its SHA-256, not compared: how long that takes tells about the hash, which nobody can
 * steer towards a stored one without already knowing a secret. So the comparison need not take constant time. As
 * secrets are random and long (those of the settings are the operator's to choose well), the hash needs no salt and
 * no stretching.
 */
export async function findKey(app: App, secret: string): Promise<FoundKey | null> {
  const memory = memoryOf(app);
  const now = app.clock();
  const hash = hashOf(secret);
  const known = memory.known.get(hash);
  const isFresh = known !== undefined && now - known.at < KNOWN_MS;
  const key = await (isFresh ? known.key : look(app, memory, hash));
  if (key !== null) noteUse(app, memory, key.id);
  return key;
}

function look(app: App, memory: Memory, hash: string): Promise<FoundKey | null> {
  const key = findKeyRow(app.db, hash).then(row => (row === null ? null : foundOf(row)));
  memory.known.delete(hash);
  memory.known.set(hash, { key, at: app.clock() });
  key.catch(() => memory.known.delete(hash));
  for (const oldest of memory.known.keys()) {
    if (memory.known.size <= MAX_KNOWN) break;
    memory.known.delete(oldest);
  }
  return key;
}

function noteUse(app: App, memory: Memory, id: string): void {
  const now = app.clock();
  if (now - (memory.touched.get(id) ?? 0) < TOUCH_MS) return;
  memory.touched.set(id, now);
  touchKey(app.db, { id, now, unlessAfter: now - TOUCH_MS }).catch((error: unknown) => {
    app.log.warn({ err: error }, 'the use of a key could not be noted');
  });
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function foundOf(row: KeyRow): FoundKey {
  return { id: row.id, kind: keyKind.parse(row.kind), role: role.nullable().parse(row.role), name: row.name };
}

function keyOf(row: KeyRow): Key {
  return {
    ...foundOf(row),
    prefix: row.prefix,
    createdAt: new Date(row.created_at).toISOString(),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
  };
}

/** Lists the keys that work, newest first. */
export const listKeys: Handler<'listKeys'> = async ({ app }) => {
  return { items: (await listKeyRows(app.db)).map(keyOf), nextCursor: null };
};

/** Makes a key; its secret is in this answer and nowhere else. */
export const createKey: Handler<'createKey'> = async ({ app, now }, { body }) =>
  makeKey(app, { ...body, now });

/** Makes a key and returns it with its secret, which cannot be read again. An `api` key needs a role. */
export async function makeKey(
  app: App,
  asked: {
    readonly name: string;
    readonly kind: Key['kind'];
    readonly role?: Role | undefined;
    readonly now: number;
  },
): Promise<{ readonly key: Key; readonly secret: string }> {
  const secret = makeSecret(asked.kind);
  const row = await addKeyRow(
    app.db,
    newKey({ ...asked, role: asked.role ?? null, id: randomUUID(), secret }),
  );
  if (row === null) throw new AppError('broken', 'The key could not be made.');
  return { key: keyOf(row), secret };
}

/** Revokes a key: on this node at once, on others within 3 s. */
export const deleteKey: Handler<'deleteKey'> = async ({ app, now }, { params }) => {
  const hash = isUuid(params.id) ? await revokeKey(app.db, { id: params.id, now }) : null;
  if (hash === null) throw new AppError('notFound', 'No such key.');
  memoryOf(app).known.delete(hash);
  return { ok: true };
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 characters of 62 are 238 bits. */
const SECRET_LENGTH = 40;

function makeSecret(kind: Key['kind']): string {
  const characters = Array.from({ length: SECRET_LENGTH }, () => BASE62.charAt(randomInt(BASE62.length)));
  return `bt_${kind}_${characters.join('')}`;
}

function newKey(from: {
  readonly id: string;
  readonly kind: Key['kind'];
  readonly role: Role | null;
  readonly name: string;
  readonly secret: string;
  readonly now: number;
}): NewKey {
  const { secret, ...rest } = from;
  const made = /^bt_[a-z]+_....(?=.{36}$)/.exec(secret)?.[0];
  return { ...rest, prefix: made ?? secret.slice(0, 4), hash: hashOf(secret) };
}

/** The keys that settings can fix. Each has an id of its own, so that a changed value replaces the old one. */
const FIXED = [
  { setting: 'BATON_WRITE_KEY', id: '00000000-0000-4000-8000-000000000001', kind: 'server', role: null },
  {
    setting: 'BATON_PUBLIC_WRITE_KEY',
    id: '00000000-0000-4000-8000-000000000002',
    kind: 'public',
    role: null,
  },
  { setting: 'BATON_ADMIN_KEY', id: '00000000-0000-4000-8000-000000000003', kind: 'api', role: 'admin' },
] as const;

/** Makes the keys that settings fix work, and those they no longer name stop. Refuses one value for two settings. */
export async function ensureFixedKeys(app: App): Promise<void> {
  const given = FIXED.map(fixed => ({ ...fixed, secret: app.settings[fixed.setting] }));
  const secrets = given.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
  if (new Set(secrets).size < secrets.length)
    throw new Error(`${FIXED.map(({ setting }) => setting).join(', ')} share a value; expected each its own`);
  const now = app.clock();
  await app.db.transaction(async sql => {
    await lockKeys(sql);
    for (const { secret, setting, ...fixed } of given) {
      if (secret === undefined) await revokeKey(sql, { id: fixed.id, now });
      else await fixKey(sql, newKey({ ...fixed, secret, name: setting, now }));
    }
  });
}

/** Makes a server write key when none was ever made, and returns its secret to be shown once; else null. */
export async function ensureFirstKeys(app: App): Promise<string | null> {
  const secret = makeSecret('server');
  const asked = { id: randomUUID(), kind: 'server', role: null, name: 'First write key' } as const;
  const row = await app.db.transaction(async sql => {
    await lockKeys(sql);
    return addFirstKey(sql, newKey({ ...asked, secret, now: app.clock() }));
  });
  return row === null ? null : secret;
}
