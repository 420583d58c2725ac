import type { Logger } from 'pino';
import type { StreamMessage } from '../contract/stream.ts';
import type { Database } from '../db/database.ts';
import type { Settings } from './settings.ts';

/** What handlers and sweeps work with. Time is an argument: `clock` is read in the outermost layer only. */
export interface App {
  readonly db: Database;
  readonly clock: () => number;
  readonly settings: Settings;
  readonly log: Logger;
  readonly hub: Hub;
  /** On a demo: how much of the generated history has arrived. */
  readonly demo: () => { readonly loaded: number; readonly total: number } | null;
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
