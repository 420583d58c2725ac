import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Role } from '../contract/role.ts';
import type { StreamMessage } from '../contract/stream.ts';
import type { Bucket } from '../core/intake/limit.ts';
import type { IntakeRules } from '../core/intake/setting.ts';
import type { KeyRow } from '../db/access/key.ts';
import { type Database, joinTransactions } from '../db/database.ts';
import type { Settings } from './settings.ts';

/**
 * A running node: what handlers and sweeps work with. Time is an argument: `clock` is read in the outermost layer only.
 */
export interface App {
  readonly db: Database;
  readonly clock: () => number;
  /** Makes the id of a new row. */
  readonly newId: () => string;
  readonly settings: Settings;
  readonly log: Logger;
  readonly hub: Hub;
  /** How a demo stands; null on a Baton that is not one. */
  readonly demo: () => Demo | null;
  readonly memory: Memory;
  /** Does what must wait until what was written is committed: at once, but inside {@link writeTogether} at its end. */
  readonly onCommit: (deed: () => void) => void;
}

/** A demo: how much of its generated history has arrived, through whose eyes visitors may look, and a key for calls. */
export interface Demo {
  readonly loaded: number;
  readonly total: number;
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
  readonly writeKey: string | null;
}

/** What a node keeps in mind; losing it, as by a restart, costs time and nothing else. */
export interface Memory {
  /** Called whenever something was promised, so that it need not wait for the clock. */
  readonly wakers: Set<() => void>;
  /** The last pages that contacts saw, by this node, newest last: a hint whether a look at the database is worth it. */
  readonly pages: Map<string, readonly number[]>;
  /** What the database said of keys, by the hash of the secret, and when; null for no working key. */
  readonly keys: Map<string, { readonly row: Promise<KeyRow | null>; readonly at: number }>;
  /** What the workspace says of incoming calls, the text it was made of, and when it was looked up. */
  readonly intake: Map<string, { readonly rules: IntakeRules; readonly text: string; readonly at: number }>;
  /** On which day, counted from 1970, admins were last notified of a cause of rejected calls. */
  readonly causes: Map<string, number>;
  /** When the use of a key was last written down, by its id. */
  readonly keyUses: Map<string, number>;
  /** What callers with a public key may still send, by key and network. */
  readonly buckets: Map<string, Bucket>;
  /** When all contacts were last seen to be scored under a version, by agreement. */
  readonly scored: Map<string, { readonly version: number; readonly at: number }>;
  /** What sweeps have set aside, by their name and its id. */
  readonly stragglers: Map<string, Straggler>;
}

/** Something that a sweep could not work on. Times in epoch ms. */
export interface Straggler {
  /** What the sweep works on. */
  readonly name: string;
  readonly id: string;
  readonly isOfContacts: boolean;
  readonly tries: number;
  readonly error: string;
  readonly failedAt: number;
  readonly retryAt: number;
  /** Whether it failed and nobody was notified yet, was reported, or went well since. */
  readonly state: 'failed' | 'reported' | 'recovered';
}

const NO_HUB: Hub = { publish: () => {}, subscribe: () => () => {} };

/** Makes a node over a database; without more it has the real clock, real ids and no browsers. */
export function makeApp(
  given: Pick<App, 'db' | 'settings' | 'log'> & Partial<Pick<App, 'clock' | 'newId' | 'hub' | 'demo'>>,
): App {
  return {
    clock: Date.now,
    newId: randomUUID,
    hub: NO_HUB,
    demo: () => null,
    onCommit: deed => deed(),
    ...given,
    memory: {
      wakers: new Set(),
      pages: new Map(),
      keys: new Map(),
      intake: new Map(),
      causes: new Map(),
      keyUses: new Map(),
      buckets: new Map(),
      scored: new Map(),
      stragglers: new Map(),
    },
  };
}

/**
 * Runs `work` in one transaction, however many it opens: all that it writes is committed, or nothing. It gets a node that
 * is inside the transaction. What that node announces waits for the commit. It is dropped where the work is rolled back,
 * or is run again because it lost a race.
 */
export async function writeTogether<T>(app: App, work: (inside: App) => Promise<T>): Promise<T> {
  let deeds: (() => void)[] = [];
  const onCommit = (deed: () => void) => void deeds.push(deed);
  const wake = () => {
    for (const waker of app.memory.wakers) waker();
  };
  const done = await joinTransactions(app.db, db => {
    deeds = [];
    return work({
      ...app,
      db,
      hub: { ...app.hub, publish: (to, message) => onCommit(() => app.hub.publish(to, message)) },
      memory: { ...app.memory, wakers: new Set([() => onCommit(wake)]) },
      onCommit,
    });
  });
  for (const deed of deeds) app.onCommit(deed);
  return done;
}

/** Carries messages to the browsers that listen, on this node and (through the database) on others. */
export interface Hub {
  /** Sends to one user's browsers, or to everybody's for null. */
  readonly publish: (userId: string | null, message: StreamMessage) => void;
  readonly subscribe: (userId: string, onMessage: (message: StreamMessage) => void) => () => void;
}

/** Tells every browser that the queue is not what it was. Call it after the commit. */
export function announceQueue(hub: Hub): void {
  hub.publish(null, { kind: 'queue' });
}

/** Makes the streams of a person or a key look whether they may stay. Call it after the commit. */
export function announceSession(hub: Hub, owner: string): void {
  hub.publish(owner, { kind: 'session' });
}

/** Tells every browser that something about these contacts changed. Call it after the commit. */
export function announceContacts(hub: Hub, contactIds: readonly string[]): void {
  for (const contactId of contactIds) hub.publish(null, { kind: 'contact', contactId });
}
