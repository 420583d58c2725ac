import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { StreamMessage } from '../contract/stream.ts';
import type { Bucket } from '../core/intake/limit.ts';
import type { KeyRow } from '../db/access/key.ts';
import type { Database } from '../db/database.ts';
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
  /** On a demo: how much of the generated history has arrived. */
  readonly demo: () => { readonly loaded: number; readonly total: number } | null;
  readonly memory: Memory;
}

/** What a node keeps in mind; losing it, as by a restart, costs time and nothing else. */
export interface Memory {
  /** Called whenever something was promised, so that it need not wait for the clock. */
  readonly wakers: Set<() => void>;
  /** The last pages that contacts saw, by this node, newest last: a hint whether a look at the database is worth it. */
  readonly pages: Map<string, readonly number[]>;
  /** What the database said of keys, by the hash of the secret, and when; null for no working key. */
  readonly keys: Map<string, { readonly row: Promise<KeyRow | null>; readonly at: number }>;
  /** When the use of a key was last written down, by its id. */
  readonly keyUses: Map<string, number>;
  /** What callers with a public key may still send, by key and network. */
  readonly buckets: Map<string, Bucket>;
  /** When all contacts were last seen to be scored under a version, by agreement. */
  readonly scored: Map<string, { readonly version: number; readonly at: number }>;
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
    ...given,
    memory: {
      wakers: new Set(),
      pages: new Map(),
      keys: new Map(),
      keyUses: new Map(),
      buckets: new Map(),
      scored: new Map(),
    },
  };
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

/** Tells every browser that something about these contacts changed. Call it after the commit. */
export function announceContacts(hub: Hub, contactIds: readonly string[]): void {
  for (const contactId of contactIds) hub.publish(null, { kind: 'contact', contactId });
}
