import { CHANNELS, type Channel } from '../../core/alert/message.ts';
import { channelTo, formatRecipient, type Recipient, sharedLane } from '../../core/delivery/recipient.ts';
import { type Attempt, patienceMs } from '../../core/delivery/retry.ts';
import { type ClaimedRow, claimDue, type Mark } from '../../db/delivery/outbox.ts';
import type { App } from '../app.ts';
import { inHalves } from '../sweep.ts';
import { type Delivery, loadDeliveries, needsLookup, type Sender, type Senders } from './delivery.ts';
import { noteFailed, noteRefused, noteSent } from './failure.ts';
import { logOf, type Marker, makeMarker, putBack } from './result.ts';

/** How long a claimed message is left alone, in ms: another courier takes over from one that dies while sending. */
const LEASE_MS = 60_000;
/** After this part of the lease no attempt is begun, in ms: the longest one must end before the lease does. */
const BEGIN_WITHIN_MS = 35_000;
/** The longest that one attempt may take unless said otherwise, in ms. */
const TIMEOUT_MS: Readonly<Record<Channel, number>> = {
  in_app: 10_000,
  email: 15_000,
  slack: 10_000,
  webhook: 15_000,
};
/** Attempts at the same time on each channel; mail servers refuse more connections from one peer. */
const WIDTH: Readonly<Record<Channel, number>> = { in_app: 10, email: 5, slack: 5, webhook: 20 };
/** Attempts at the same time to one recipient that took the last one; Slack shows what comes at once in any order. */
const LANE_WIDTH: Readonly<Record<Channel, number>> = { in_app: 1, email: 4, slack: 1, webhook: 4 };
/** How many messages of a channel a node holds, and how many to one recipient, before it claims no more of them. */
const MAX_HELD = 200;
const MAX_LANE = 20;
/** A recipient that has not answered for this long gets no further messages claimed, in ms. */
const SLOW_MS = 1000;

/** One claim: as of when (epoch ms), how many messages a channel, how long an attempt may take. */
export interface Round {
  readonly now: number;
  readonly batch: number;
  readonly timeoutMs?: number;
}

/** Takes messages from the outbox and sends them. */
interface Courier {
  /** Claims what is due and begins to send it; gives how many a channel were claimed, at most. */
  readonly claim: (round: Round) => Promise<number>;
  /** Waits until all that was claimed is sent and marked; fails when it could not be marked. */
  readonly settled: () => Promise<void>;
  /** Gives back what is not being sent yet, and waits for the rest. */
  readonly stop: () => Promise<void>;
}

interface Job {
  readonly row: ClaimedRow;
  readonly delivery: Delivery;
  readonly end: AbortSignal;
  readonly timeoutMs: number;
}

/** The messages to one recipient. */
interface Lane {
  readonly channel: Channel;
  readonly recipient: Recipient;
  readonly queue: Job[];
  running: number;
  /** Whether its last message arrived: then several go at once. */
  isOpen: boolean;
  /** Real milliseconds since which it has not answered. */
  busySince: number;
}

/**
 * Makes a courier. Recipients do not wait for each other: a slow one holds up only its own messages. Each message is
 * claimed and its attempt counted first, then sent outside any transaction, then marked: a courier that dies between is followed
 * by another attempt under the same id. `onRoom` is called when more may be claimed than before.
 */
export function makeCourier(
  app: App,
  senders: Senders,
  given: { readonly channels?: readonly Channel[]; readonly onRoom?: () => void } = {},
): Courier {
  const channels = given.channels ?? CHANNELS;
  const lanes = new Map<string, Lane>();
  const running = new Map<Channel, number>();
  const marker = makeMarker(app);
  const working = new Set<Promise<void>>();
  /** Channels of which more may be due than was claimed. */
  const more = new Set<Channel>();
  let isStopped = false;

  const heldOn = (channel: Channel) =>
    [...lanes.values()].reduce(
      (sum, lane) => sum + (lane.channel === channel ? lane.queue.length + lane.running : 0),
      0,
    );
  const busy = () =>
    [...lanes.values()].filter(({ queue, running: active, busySince }) => {
      const isStuck = active > 0 && performance.now() - busySince > SLOW_MS;
      return queue.length >= MAX_LANE || isStuck;
    });

  const claim = async ({ now, batch, timeoutMs }: Round): Promise<number> => {
    const rooms = channels.flatMap(channel => {
      const size = Math.min(batch, MAX_HELD - heldOn(channel));
      return size > 0 ? [{ channel, size }] : [];
    });
    if (rooms.length === 0 || isStopped) return 0;
    const end = AbortSignal.timeout(BEGIN_WITHIN_MS);
    const passedOver = busy();
    for (const { channel } of passedOver) more.add(channel);
    const claimed = await claimDue(app.db, {
      channels: rooms.map(({ channel }) => channel),
      now,
      leaseUntil: now + LEASE_MS,
      limit: rooms.map(({ size }) => size),
      busy: passedOver.map(({ recipient }) => recipient),
    });
    if (claimed.length === 0) return 0;
    const counts = rooms.map(({ channel, size }) => {
      const count = claimed.filter(row => row.channel === channel).length;
      if (count >= size) more.add(channel);
      return count;
    });
    const ready = claimed.filter(row => !row.is_held);
    // What needs nothing more is on its way before the rest is looked up.
    for (const needsMore of [false, true]) {
      const rows = ready.filter(row => needsLookup(row) === needsMore);
      if (rows.length > 0) track(admit(rows, { end, timeoutMs }));
    }
    return Math.max(...counts);
  };

  const track = (work: Promise<void>) => {
    const tracked = work.catch(marker.fail).finally(() => working.delete(tracked));
    working.add(tracked);
  };

  /** Puts claimed messages into their lanes and starts what may start. */
  const admit = async (
    rows: readonly ClaimedRow[],
    { end, timeoutMs }: { readonly end: AbortSignal; readonly timeoutMs: number | undefined },
  ) => {
    const bad = new Set<ClaimedRow>();
    const loaded = await inHalves(
      rows,
      some => loadDeliveries(app.db, some),
      (row, error) => {
        bad.add(row);
        marker.fail(error);
      },
    );
    const deliveries = new Map(loaded.flatMap(some => [...some]));
    for (const row of rows) {
      // It is claimed again when its lease ends.
      if (bad.has(row)) continue;
      const delivery = deliveries.get(row.id);
      if (isStopped || delivery === undefined) {
        marker.mark(putBack(row, app.clock()));
        continue;
      }
      const job = { row, delivery, end, timeoutMs: timeoutMs ?? TIMEOUT_MS[row.channel] };
      const key = `${row.channel} ${formatRecipient(row.recipient)}`;
      const lane = lanes.get(key) ?? makeLane(row.recipient);
      lane.queue.push(job);
      lanes.set(key, lane);
    }
    for (const channel of new Set(rows.map(({ channel }) => channel))) pump(channel);
  };

  /** Starts as many attempts on a channel as it may have at a time: one to each recipient, then more to those that answer. */
  const pump = (channel: Channel) => {
    for (const width of [1, LANE_WIDTH[channel]]) {
      for (const [key, lane] of lanes) {
        if (lane.channel !== channel) continue;
        while ((running.get(channel) ?? 0) < WIDTH[channel] && lane.running < (lane.isOpen ? width : 1)) {
          const job = lane.queue.shift();
          if (job === undefined) break;
          start(key, lane, job);
        }
      }
    }
  };

  const start = (key: string, lane: Lane, job: Job) => {
    if (lane.running === 0) lane.busySince = performance.now();
    lane.running += 1;
    running.set(lane.channel, (running.get(lane.channel) ?? 0) + 1);
    const work = deliver(app, senders[lane.channel], job, marker)
      .then(result => {
        lane.isOpen = result.isOpen;
        lane.busySince = performance.now();
        if (result.heldUntil !== null) hold(lane, { until: result.heldUntil, isShared: result.isShared });
      })
      .finally(() => {
        lane.running -= 1;
        running.set(lane.channel, (running.get(lane.channel) ?? 1) - 1);
        if (lane.running === 0 && lane.queue.length === 0) lanes.delete(key);
        pump(lane.channel);
        if (!isStopped && lane.queue.length < MAX_LANE && more.delete(lane.channel)) given.onRoom?.();
      });
    track(work);
  };

  /** Gives back what waits in a lane that is held, and in those that share what failed. */
  const hold = (lane: Lane, { until, isShared }: { readonly until: number; readonly isShared: boolean }) => {
    for (const [key, held] of lanes) {
      if (held !== lane && !(isShared && sharesWith(lane, held))) continue;
      for (const { row } of held.queue.splice(0)) marker.mark(putBack(row, until));
      if (held.running === 0) lanes.delete(key);
    }
  };

  const settled = async () => {
    while (working.size > 0) await Promise.all(working);
    await marker.settled();
  };
  return {
    claim,
    settled,
    stop: async () => {
      isStopped = true;
      for (const lane of lanes.values())
        for (const { row } of lane.queue.splice(0)) marker.mark(putBack(row, app.clock()));
      await settled();
    },
  };
}

function makeLane(recipient: Recipient): Lane {
  return { channel: channelTo(recipient), recipient, queue: [], running: 0, isOpen: false, busySince: 0 };
}

function sharesWith(lane: Lane, other: Lane): boolean {
  const shared = sharedLane(lane.recipient);
  return shared !== null && sharedLane(other.recipient)?.kind === shared.kind;
}

/** What an attempt means for the messages behind it. */
interface Result {
  /** Until when they wait; null when they do not. */
  readonly heldUntil: number | null;
  readonly isShared: boolean;
  readonly isOpen: boolean;
}

async function deliver(app: App, sender: Sender, job: Job, marker: Marker): Promise<Result> {
  const { row, delivery, end, timeoutMs } = job;
  if (end.aborted) {
    marker.mark(putBack(row, app.clock()));
    return { heldUntil: null, isShared: false, isOpen: false };
  }
  const [startedAt, from] = [app.clock(), performance.now()];
  const attempt = await attemptOne(sender, delivery, AbortSignal.timeout(timeoutMs));
  const now = app.clock();
  const { channel } = row;
  const log = channel === 'in_app' ? null : logOf(attempt, startedAt, performance.now() - from);
  const common = { id: row.id, attempts: row.attempts, attemptsAfter: row.attempts, log } as const;
  const told = { app, row, delivery, channel, startedAt, now };
  const mark = (rest: Pick<Mark, 'state' | 'nextAttemptAt' | 'sentAt' | 'lastError' | 'isFailure'>) =>
    marker.mark({ ...common, ...rest, outcome: attempt.kind });
  switch (attempt.kind) {
    case 'sent':
      mark({ state: 'sent', nextAttemptAt: null, sentAt: now, lastError: null, isFailure: false });
      await noteSent(told);
      return { heldUntil: null, isShared: false, isOpen: true };
    case 'refused':
      warn(app, row, attempt.message, true);
      mark({
        state: 'failed',
        nextAttemptAt: null,
        sentAt: null,
        lastError: attempt.message,
        isFailure: true,
      });
      await noteRefused(told, attempt);
      return { heldUntil: null, isShared: false, isOpen: false };
    default: {
      const patience = row.queued_at + patienceMs(channel);
      const { heldUntil, nextAt } = await noteFailed(told, attempt, patience);
      warn(app, row, attempt.message, nextAt === null);
      const state = nextAt === null ? 'failed' : 'waiting';
      const isFailure = attempt.isShared !== true;
      mark({ state, nextAttemptAt: nextAt, sentAt: null, lastError: attempt.message, isFailure });
      return { heldUntil, isShared: attempt.isShared === true, isOpen: false };
    }
  }
}

async function attemptOne(sender: Sender, delivery: Delivery, signal: AbortSignal): Promise<Attempt> {
  if (delivery.payload === null && delivery.hook === null && !delivery.isLetter)
    return { kind: 'refused', message: 'the message as stored cannot be read' };
  try {
    return await sender(delivery, signal);
  } catch (error) {
    // One message that a sender chokes on must not stop the others; it is tried again, then shown as failed.
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, retryAfterMs: null };
  }
}

function warn(app: App, { id, channel, attempts }: ClaimedRow, error: string, isOver: boolean): void {
  app.log.warn({ id, channel, attempts, error }, isOver ? 'a message could not be sent' : 'a message waits');
}
