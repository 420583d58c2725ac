import { announceContacts, announceQueue, type Hub } from '../app.ts';
import type { Settled } from './settle.ts';

/** About how many touched contacts browsers are told by name; beyond, the queue's message is enough. */
const MAX_TOLD = 20;

/** Tells browsers what an evaluation did, after its commit. */
export function announce(hub: Hub, { contactIds, handoffs, signals = 0 }: Settled): void {
  if (contactIds.length <= MAX_TOLD) announceContacts(hub, contactIds);
  if (handoffs.length + signals > 0 || contactIds.length > MAX_TOLD) announceQueue(hub);
}
