import { z } from 'zod';
import { delivery as deliveryShape } from '../contract/shapes.ts';
import { type Attempt, nextAttemptAt } from '../core/delivery.ts';
import { formatInstant } from '../core/instant.ts';
import { alertPayload, type Channel } from '../core/message.ts';
import { oneLine } from '../core/safetext.ts';
import { unreachable } from '../core/unreachable.ts';
import {
  type ClaimedRow,
  claimDue,
  listDeliveryRows,
  type Mark,
  markDeliveries,
  retryFailed,
} from '../db/outbox.ts';
import { toAlert } from './alert.ts';
import type { App, Handler } from './app.ts';
import { AppError } from './apperror.ts';
import { cursorInstant, cursorUuid, readCursor, splitPage, writeCursor } from './cursor.ts';
import type { Sender, Senders } from './delivery.ts';

const CHANNELS: readonly Channel[] = ['in_app', 'slack', 'email', 'webhook'];

/** The longest that one attempt may take unless said otherwise, in ms. */
const SEND_TIMEOUT_MS = 10_000;
/** After this time a round starts no further attempt, in ms; what is left of it goes back. */
const ROUND_MS = 20_000;
/** How long a claimed message is left alone, in ms: longer than a round can last, with room for a slow database. */
const LEASE_MS = 120_000;
/** Recipients that are sent to at the same time on one channel; each gets its messages one after another. */
const LANES = 5;

/** One round of sending: as of when (epoch ms), how many messages a channel, how long an attempt may take. */
export interface Round {
  readonly now: number;
  readonly batch: number;
  readonly timeoutMs?: number;
}

/**
 * Sends what is due: one round over the channels, which do not wait for each other. A message is claimed and its attempt
 * counted first, then sent outside any transaction, then marked: whoever dies between sends it again, under the same id.
 * What fails for now is repeated later and later, what is refused is failed at once. Returns how many were claimed; a
 * full `batch` says that there is more.
 */
export async function deliverDue(
  app: App,
  senders: Senders,
  round: Round & { readonly channels?: readonly Channel[] },
): Promise<number> {
  const counts = await Promise.all(
    (round.channels ?? CHANNELS).map(channel => deliverChannel(app, senders[channel], { ...round, channel })),
  );
  return Math.max(0, ...counts);
}

async function deliverChannel(
  app: App,
  sender: Sender,
  round: Round & { readonly channel: Channel },
): Promise<number> {
  const { now, batch, channel, timeoutMs = SEND_TIMEOUT_MS } = round;
  const claimed = await claimDue(app.db, {
    channels: [channel],
    now,
    leaseUntil: now + LEASE_MS,
    limit: batch,
  });
  if (claimed.length === 0) return 0;
  const lanes = lanesOf(claimed);
  const marker = makeMarker(app);
  const end = AbortSignal.timeout(ROUND_MS);
  const work = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      await sendLane({ app, sender, lane, end, timeoutMs, mark: marker.mark });
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  await marker.settled();
  return claimed.length;
}

function lanesOf(claimed: readonly ClaimedRow[]): (readonly ClaimedRow[])[] {
  const lanes = new Map<string, ClaimedRow[]>();
  for (const row of claimed) {
    const lane = lanes.get(row.recipient);
    if (lane === undefined) lanes.set(row.recipient, [row]);
    else lane.push(row);
  }
  return [...lanes.values()];
}

/** Sends to one recipient. After a passing failure the others wait for the same time: they would meet it too. */
async function sendLane(given: {
  readonly app: App;
  readonly sender: Sender;
  readonly lane: readonly ClaimedRow[];
  readonly end: AbortSignal;
  readonly timeoutMs: number;
  readonly mark: (mark: Mark) => void;
}): Promise<void> {
  const { app, sender, lane, end, timeoutMs, mark } = given;
  let heldUntil: number | null = null;
  for (const row of lane) {
    if (heldUntil !== null || end.aborted) {
      mark(putBack(row, heldUntil ?? app.clock()));
      continue;
    }
    const attempt = await attemptOne(sender, row, AbortSignal.timeout(timeoutMs));
    const made = markOf(row, attempt, app.clock());
    mark(made);
    if (attempt.kind !== 'sent') {
      const about = { id: row.id, channel: row.channel, attempts: row.attempts, error: made.lastError };
      app.log.warn(about, made.state === 'failed' ? 'a message could not be sent' : 'a message waits');
    }
    if (attempt.kind === 'failed') heldUntil = made.nextAttemptAt ?? app.clock();
  }
}

async function attemptOne(sender: Sender, row: ClaimedRow, signal: AbortSignal): Promise<Attempt> {
  const payload = alertPayload.safeParse(row.payload);
  if (!payload.success) return { kind: 'refused', message: 'the message as stored cannot be read' };
  const { id, recipient, subject, created_at: createdAt } = row;
  try {
    return await sender(
      { id, recipient, subject, payload: payload.data, createdAt, alert: alertOf(row) },
      signal,
    );
  } catch (error) {
    // One message that a sender chokes on must not stop the others; it is tried again, then shown as failed.
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, retryAfterMs: null };
  }
}

function alertOf(row: ClaimedRow) {
  const { alert_id: id, alert_at: at, alert_label: label, alert_text: text } = row;
  if (id === null || at === null || label === null || text === null) return null;
  const { alert_contact_id: contact_id, alert_episode_id: episode_id, alert_read_at: read_at } = row;
  return toAlert({ id, at, label, text, contact_id, episode_id, read_at });
}

/** The longest error text that is kept. */
const MAX_ERROR = 500;

function markOf(row: ClaimedRow, attempt: Attempt, now: number): Mark {
  const { id, attempts } = row;
  const common = { id, attempts, attemptsAfter: attempts };
  switch (attempt.kind) {
    case 'sent':
      return { ...common, state: 'sent', nextAttemptAt: null, sentAt: now, lastError: null };
    case 'refused': {
      const lastError = oneLine(attempt.message, MAX_ERROR);
      return { ...common, state: 'failed', nextAttemptAt: null, sentAt: null, lastError };
    }
    case 'failed': {
      const nextAt = nextAttemptAt({ attempts, now, retryAfterMs: attempt.retryAfterMs });
      const lastError = oneLine(attempt.message, MAX_ERROR);
      const state = nextAt === null ? 'failed' : 'waiting';
      return { ...common, state, nextAttemptAt: nextAt, sentAt: null, lastError };
    }
    default:
      return unreachable(attempt);
  }
}

function putBack({ id, attempts }: ClaimedRow, nextAt: number): Mark {
  return {
    id,
    attempts,
    attemptsAfter: attempts - 1,
    state: 'waiting',
    nextAttemptAt: nextAt,
    sentAt: null,
    lastError: null,
  };
}

/** Writes marks as they come, those that gather during one write with the next: what was sent is known at once. */
function makeMarker(app: App) {
  let gathered: Mark[] = [];
  let writing: Promise<void> | null = null;
  const problems: unknown[] = [];
  const write = async () => {
    while (gathered.length > 0) {
      const marks = gathered;
      gathered = [];
      await markDeliveries(app.db, marks).catch((problem: unknown) => problems.push(problem));
    }
    writing = null;
  };
  return {
    mark: (mark: Mark) => {
      gathered.push(mark);
      writing ??= write();
    },
    /** Waits for the last write; what could not be written is sent again when its lease ends. */
    settled: async () => {
      await writing;
      if (problems.length > 0) throw problems[0];
    },
  };
}

const position = z.object({ at: cursorInstant, id: cursorUuid });

/** Lists messages with what became of them, newest first. */
export const listDeliveries: Handler<'listDeliveries'> = async ({ app }, { query }) => {
  const after = readCursor(query.cursor, position);
  const rows = await listDeliveryRows(app.db, {
    state: query.state ?? null,
    after,
    limit: query.limit + 1,
  });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: page.map(row =>
      deliveryShape.parse({
        id: row.id,
        channel: row.channel,
        to: row.recipient,
        subject: row.subject,
        state: row.state,
        attempts: row.attempts,
        createdAt: formatInstant(row.created_at),
        nextAttemptAt: row.next_attempt_at === null ? null : formatInstant(row.next_attempt_at),
        sentAt: row.sent_at === null ? null : formatInstant(row.sent_at),
        lastError: row.last_error,
      }),
    ),
    nextCursor: last === null ? null : writeCursor({ at: last.created_at, id: last.id }),
  };
};

/** Has a failed message sent again. One that waits anyway is left as it is; one that was sent is refused. */
export const retryDelivery: Handler<'retryDelivery'> = async ({ app, now }, { params }) => {
  const isId = cursorUuid.safeParse(params.id).success;
  const state = isId ? await retryFailed(app.db, { id: params.id, now }) : null;
  if (state === null) throw new AppError('notFound', `there is no delivery ${oneLine(params.id, 60)}`);
  if (state === 'sent') throw new AppError('notFound', 'this delivery was sent; there is nothing to repeat');
  return { ok: true };
};
