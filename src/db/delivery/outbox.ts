import type { AlertPayload } from '../../core/alert/message.ts';
import { channelTo, formatRecipient, type Recipient } from '../../core/delivery/recipient.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { sharedLaneOf, withRecipient } from './recipient.ts';

const ENQUEUE = statement(
  'enqueue_effects',
  {},
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at, contact_id, episode_id)
   select id, channel, recipient, subject, payload, 'waiting', created_at, next_attempt_at, next_attempt_at, contact_id, episode_id
   from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::uuid[])
     as new(id, channel, recipient, subject, payload, created_at, next_attempt_at, contact_id, episode_id)
   on conflict (id) do nothing`,
);

/** A message promised in a transaction. Times in epoch ms. */
export interface Effect {
  readonly id: string;
  readonly recipient: Recipient;
  readonly subject: string;
  readonly payload: AlertPayload;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
}

/** Promises messages in the transaction that gives rise to them; they leave after it. A known id changes nothing. */
export async function enqueueAll(sql: Sql, effects: readonly Effect[]): Promise<void> {
  if (effects.length === 0) return;
  await ENQUEUE.rows(
    sql,
    effects.map(({ id }) => id),
    effects.map(({ recipient }) => channelTo(recipient)),
    effects.map(({ recipient }) => formatRecipient(recipient)),
    effects.map(({ subject }) => subject),
    effects.map(({ payload }) => json(payload)),
    effects.map(({ createdAt }) => stamp(createdAt)),
    effects.map(({ nextAttemptAt }) => stamp(nextAttemptAt)),
    effects.map(({ payload }) => uuidOrNull(payload.contactId)),
    effects.map(({ payload }) => uuidOrNull(payload.episodeId)),
  );
}

function uuidOrNull(id: string | null): string | null {
  return id !== null && isUuid(id) ? id : null;
}

// The lease moves the next attempt before anything is sent: when a sender dies on the way, a second attempt follows.
// What would go a way that is held is moved behind the hold, and counts no attempt.
const CLAIM = statement(
  'claim_deliveries',
  {
    id: 'uuid',
    channel: 'text',
    recipient: 'text',
    subject: 'text',
    payload: 'jsonb',
    attempts: 'int4',
    failures: 'int4',
    created_at: 'timestamptz',
    queued_at: 'timestamptz',
    episode_id: 'uuid?',
    webhook_id: 'uuid?',
    is_failing: 'bool',
    is_held: 'bool',
  },
  `with due as (
     select ready.id, l.held_until, coalesce(l.lanes, 0) > 0 as is_failing
     from unnest($2::text[], $3::int[]) as room(channel, size)
     cross join lateral (
       select id, recipient from outbox
       where state = 'waiting' and channel = room.channel and next_attempt_at <= $1 and recipient <> all($5::text[])
       order by next_attempt_at limit room.size
       for update skip locked
     ) ready
     cross join lateral (
       select max(held_until) as held_until, count(*) as lanes from lane
       where lane.channel = room.channel and lane.recipient in (ready.recipient, ${sharedLaneOf('room.channel', 'ready.recipient')})
     ) l
   ), claimed as (
     update outbox set
       attempts = attempts + case when due.held_until > $1 then 0 else 1 end,
       next_attempt_at = case when due.held_until > $1 then due.held_until else $4 end
     from due where outbox.id = due.id
     returning outbox.id, channel, recipient, subject, payload, attempts, failures, created_at,
       coalesce(queued_at, created_at) as queued_at, episode_id, webhook_id, due.is_failing,
       coalesce(due.held_until > $1, false) as is_held
   )
   select id, channel, recipient, subject, payload, attempts, failures, created_at, queued_at, episode_id, webhook_id,
     is_failing, is_held
   from claimed order by created_at, id`,
);

/** A message claimed for sending; `is_held` says that its way is held and it was only moved behind the hold. */
export type ClaimedRow = Awaited<ReturnType<typeof claimDue>>[number];

/**
 * Takes messages that are due, on each channel the longest due first and no more than `limit`, counts an attempt on each
 * and leases them until `leaseUntil`: nobody else takes them before. Passes over the recipients in `busy`. Times in epoch ms.
 */
export async function claimDue(
  sql: Sql,
  claim: {
    readonly channels: readonly string[];
    readonly now: number;
    readonly leaseUntil: number;
    /** One limit for all channels, or one for each. */
    readonly limit: number | readonly number[];
    readonly busy?: readonly Recipient[];
  },
) {
  const { channels, now, leaseUntil, limit, busy = [] } = claim;
  const limits = typeof limit === 'number' ? channels.map(() => limit) : limit;
  const rows = await CLAIM.rows(
    sql,
    stamp(now),
    channels,
    limits,
    stamp(leaseUntil),
    busy.map(formatRecipient),
  );
  return rows.map(withRecipient);
}

const MARK = statement(
  'mark_deliveries',
  { id: 'uuid' },
  `with new as (
     select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::int[],
         $8::int[], $9::text[], $10::timestamptz[], $11::int[], $12::int[], $13::text[])
       as new(id, attempts, state, next_attempt_at, sent_at, last_error, attempts_after, failed, outcome, started_at, took_ms,
         status, response)
   ), logged as (
     insert into delivery_attempt (delivery_id, attempt, at, took_ms, outcome, status, error, response)
     select id, attempts, started_at, took_ms, outcome, status, last_error, response from new where started_at is not null
     on conflict (delivery_id, attempt) do nothing
   )
   update outbox set state = new.state, next_attempt_at = new.next_attempt_at, sent_at = new.sent_at,
     last_error = case when new.outcome is null then outbox.last_error else new.last_error end,
     attempts = new.attempts_after, failures = failures + new.failed
   from new
   where outbox.id = new.id and outbox.attempts = new.attempts
     and (outbox.state = 'waiting' or (outbox.state = 'failed' and new.state = 'sent'))
   returning outbox.id`,
);

/** What became of one attempt. Times in epoch ms. */
export interface Mark {
  readonly id: string;
  /** The attempt this speaks of: a later one is not overwritten. */
  readonly attempts: number;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly nextAttemptAt: number | null;
  readonly sentAt: number | null;
  readonly lastError: string | null;
  /** The count from then on: one less for an attempt that was not made. */
  readonly attemptsAfter: number;
  /** Whether it uses up the message's schedule. */
  readonly isFailure: boolean;
  /** How the attempt went; null for one that was not made. */
  readonly outcome: 'sent' | 'failed' | 'refused' | null;
  /** What is kept of the attempt; null for one that is not. */
  readonly log: {
    readonly startedAt: number;
    readonly tookMs: number;
    readonly status: number | null;
    readonly response: string | null;
  } | null;
}

/** Records attempts; one that another node has taken over meanwhile is left alone. */
export async function markDeliveries(sql: Sql, marks: readonly Mark[]): Promise<void> {
  await MARK.rows(
    sql,
    marks.map(({ id }) => id),
    marks.map(({ attempts }) => attempts),
    marks.map(({ state }) => state),
    marks.map(({ nextAttemptAt }) => stampOrNull(nextAttemptAt)),
    marks.map(({ sentAt }) => stampOrNull(sentAt)),
    marks.map(({ lastError }) => lastError),
    marks.map(({ attemptsAfter }) => attemptsAfter),
    marks.map(({ isFailure }) => (isFailure ? 1 : 0)),
    marks.map(({ outcome }) => outcome),
    marks.map(({ log }) => stampOrNull(log?.startedAt ?? null)),
    marks.map(({ log }) => log?.tookMs ?? null),
    marks.map(({ log }) => log?.status ?? null),
    marks.map(({ log }) => log?.response ?? null),
  );
}

const EXPIRE = statement(
  'expire_deliveries',
  { id: 'uuid' },
  `update outbox set state = 'failed', next_attempt_at = null, last_error = $4
   where state = 'waiting' and channel = $1 and ($2::text is null or recipient = $2)
     and coalesce(queued_at, created_at) <= $3 and next_attempt_at > $5
   returning id`,
);

/** Gives up what has waited since `before` (epoch ms) for a way that fails; all recipients of the channel for null. */
export async function expireDeliveries(
  sql: Sql,
  which: {
    readonly channel: string;
    readonly recipient: Recipient | null;
    readonly before: number;
    readonly error: string;
    readonly now: number;
  },
): Promise<number> {
  const { channel, recipient, before, error, now } = which;
  return (
    await EXPIRE.rows(
      sql,
      channel,
      recipient === null ? null : formatRecipient(recipient),
      stamp(before),
      error,
      stamp(now),
    )
  ).length;
}
