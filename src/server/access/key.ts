import { type Key, keyKind } from '../../contract/api/administration.ts';
import type { Role } from '../../contract/role.ts';
import { role } from '../../contract/shapes.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { findKeyRow, type KeyRow, listKeyRows, touchKey } from '../../db/access/key.ts';
import { dropKey, hashOfSecret, makeKey } from '../../loop/access/key.ts';
import { type App, announceSession } from '../../loop/app.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** What a secret opens. */
export interface FoundKey {
  readonly id: string;
  readonly kind: Key['kind'];
  /** The role of an API key; null for a write key. */
  readonly role: Role | null;
  readonly name: string;
}

/** What the holder of a key is called where people are called by their id. @example keyIdentity('7') // 'key:7' */
export function keyIdentity(id: string): string {
  return `key:${id}`;
}

/** How long a node may go on using what it knows of a key, in milliseconds; a revoked key must stop within 5 s. */
const KNOWN_MS = 3_000;
/** How many secrets a node remembers; wrong ones count too, and the oldest go first. */
const MAX_KNOWN = 5_000;
/** How often the use of a key is written down, in milliseconds. */
const TOUCH_MS = 60_000;

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
  const now = app.clock();
  const hash = hashOfSecret(secret);
  const known = app.memory.keys.get(hash);
  const isFresh = known !== undefined && now - known.at < KNOWN_MS;
  const row = await (isFresh ? known.row : look(app, hash));
  if (row === null) return null;
  noteUse(app, row.id);
  return foundOf(row);
}

function look({ db, clock, memory: { keys } }: App, hash: string): Promise<KeyRow | null> {
  const row = findKeyRow(db, hash);
  keys.delete(hash);
  keys.set(hash, { row, at: clock() });
  row.catch(() => keys.delete(hash));
  for (const oldest of keys.keys()) {
    if (keys.size <= MAX_KNOWN) break;
    keys.delete(oldest);
  }
  return row;
}

function noteUse(app: App, id: string): void {
  const now = app.clock();
  if (now - (app.memory.keyUses.get(id) ?? 0) < TOUCH_MS) return;
  app.memory.keyUses.set(id, now);
  touchKey(app.db, { id, now, unlessAfter: now - TOUCH_MS }).catch((error: unknown) => {
    app.log.warn({ err: error }, 'the use of a key could not be noted');
  });
}

function foundOf(row: KeyRow): FoundKey {
  return { id: row.id, kind: keyKind.parse(row.kind), role: role.nullable().parse(row.role), name: row.name };
}

function keyOf(row: KeyRow): Key {
  return {
    ...foundOf(row),
    prefix: row.prefix,
    createdAt: formatInstant(row.created_at),
    lastUsedAt: instantOrNull(row.last_used_at),
  };
}

/** Lists the keys that work, newest first. */
export const listKeys: Handler<'listKeys'> = async ({ app }) => {
  return { items: (await listKeyRows(app.db)).map(keyOf), nextCursor: null };
};

/** Makes a key; its secret is in this answer and nowhere else. */
export const createKey: Handler<'createKey'> = async (request, { body }) => {
  const { key, secret } = await makeKey(request.app, body, doing(request));
  return { key: keyOf(key), secret };
};

/** Revokes a key: on this node at once, on others within 3 s. */
export const deleteKey: Handler<'deleteKey'> = async (request, { params }) => {
  const { app } = request;
  const hash = await dropKey(app, params.id, doing(request));
  // Not before: who asks until then would remember that it works.
  app.onCommit(() => app.memory.keys.delete(hash));
  announceSession(app.hub, keyIdentity(params.id));
  return { ok: true };
};
