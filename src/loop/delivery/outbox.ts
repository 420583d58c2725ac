import type { Channel } from '../../core/alert/message.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { advanceDeliveries, purgeSent } from '../../db/delivery/delivery.ts';
import type { App } from '../app.ts';
import { makeCourier, type Round } from './courier.ts';
import type { Senders } from './delivery.ts';

/**
 * Sends what is due: claims one batch a channel and waits until it is sent and marked. Returns how many a channel were
 * claimed; a full `batch` says that there is more. The running server does not wait: see {@link makeCourier}.
 */
export async function deliverDue(
  app: App,
  senders: Senders,
  round: Round & { readonly channels?: readonly Channel[] },
): Promise<number> {
  const { channels } = round;
  const courier = makeCourier(app, senders, channels === undefined ? {} : { channels });
  const count = await courier.claim(round);
  await courier.settled();
  return count;
}

/** How long sent messages are kept, in ms: what nobody asked about in a quarter is of no use. */
const KEEP_SENT_MS = 90 * DAY_MS;
const PURGE_BATCH = 500;

/** Deletes messages that were sent long ago, one batch; true when there is more. */
export async function sweepSent(app: App, now: number): Promise<boolean> {
  return (await purgeSent(app.db, now - KEEP_SENT_MS, PURGE_BATCH)) >= PURGE_BATCH;
}

/** The longest that a message waits for its next attempt, in ms: schedules and the other side ask for a day at most. */
const LONGEST_WAIT_MS = 2 * DAY_MS;

/** Has messages sent that a clock which ran ahead put off; returns how many there were. */
export function sweepAhead(app: App, now: number): Promise<number> {
  return advanceDeliveries(app.db, { now, after: now + LONGEST_WAIT_MS });
}

/** Has `wake` called whenever something was promised on this node, until the returned function is called. */
export function onPromise(app: App, wake: () => void): () => void {
  const { wakers } = app.memory;
  wakers.add(wake);
  return () => void wakers.delete(wake);
}

/** Tells the couriers of this node that something was promised: after the commit, so that they need not wait for the clock. */
export function wakeCouriers(app: App): void {
  for (const wake of app.memory.wakers) wake();
}
