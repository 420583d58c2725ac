import { createHash, randomInt } from 'node:crypto';
import type { Key } from '../../contract/api/administration.ts';
import type { Role } from '../../contract/role.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import {
  addFirstKey,
  addKeyRow,
  fixKey,
  type KeyRow,
  lockKeys,
  type NewKey,
  revokeKey,
} from '../../db/access/key.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, mustFind } from '../error.ts';
import { FIRST_START } from './firststep.ts';

/** Makes a key and returns it with its secret, which cannot be read again. An `api` key needs a role. */
export async function makeKey(
  app: App,
  asked: { readonly name: string; readonly kind: Key['kind']; readonly role?: Role | undefined },
  by: Doing,
): Promise<{ readonly key: KeyRow; readonly secret: string }> {
  const { name, kind, role = null } = asked;
  const secret = makeSecret(kind);
  const made = newKey({ id: app.newId(), kind, role, name, secret, now: by.now });
  return app.db.transaction(async sql => {
    const key = await addKeyRow(sql, made);
    if (key === null) throw new AppError('broken', 'The key could not be made.');
    await addJournal(sql, [addedEntry(key, by)]);
    return { key, secret };
  });
}

function addedEntry({ id, name, kind, role }: KeyRow, by: Doing): JournalEntry {
  return entry('key_added', { key: id, name, opens: kind, role }, doneBy(by));
}

/** Makes a key stop, and returns the hash of its secret for nodes to forget; refuses an id of no working key. */
export function dropKey(app: App, id: string, by: Doing): Promise<string> {
  return app.db.transaction(async sql => {
    const { hash, name } = await mustFind({ kind: 'key', id }, () => revokeKey(sql, { id, now: by.now }));
    await addJournal(sql, [entry('key_revoked', { key: id, name }, doneBy(by))]);
    return hash;
  });
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 characters of 62 are 238 bits. */
const SECRET_LENGTH = 40;

function makeSecret(kind: Key['kind']): string {
  const characters = Array.from({ length: SECRET_LENGTH }, () => BASE62.charAt(randomInt(BASE62.length)));
  return `bt_${kind}_${characters.join('')}`;
}

/** How a secret is kept and looked up: its SHA-256, in hexadecimal. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
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
  return { ...rest, prefix: made ?? secret.slice(0, 4), hash: hashOfSecret(secret) };
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

/**
 * Makes the keys that settings fix work, and those they no longer name stop. Refuses one value for two settings. Every
 * start does so, and the settings say what holds: the journal says nothing of it.
 */
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
  const now = app.clock();
  const asked = {
    id: app.newId(),
    kind: 'server',
    role: null,
    name: 'First write key',
    secret,
    now,
  } as const;
  return app.db.transaction(async sql => {
    await lockKeys(sql);
    const key = await addFirstKey(sql, newKey(asked));
    if (key === null) return null;
    await addJournal(sql, [addedEntry(key, { actor: FIRST_START, now })]);
    return secret;
  });
}
