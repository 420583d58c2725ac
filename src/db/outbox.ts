import type { Effect } from '../core/message.ts';
import { json, type Sql, stamp, stampOrNull, statement } from './database.ts';

const ENQUEUE = statement(
  'enqueue_effects',
  {},
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at)
   select id, channel, recipient, subject, payload, 'waiting', created_at, next_attempt_at
   from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[])
     as new(id, channel, recipient, subject, payload, created_at, next_attempt_at)
   on conflict (id) do nothing`,
);

/** Promises messages in the transaction that gives rise to them; they leave after it. A known id changes nothing. */
export async function enqueueAll(sql: Sql, effects: readonly Effect[]): Promise<void> {
  if (effects.length === 0) return;
  await ENQUEUE.rows(
    sql,
    effects.map(({ id }) => id),
    effects.map(({ channel }) => channel),
    effects.map(({ recipient }) => recipient),
    effects.map(({ subject }) => subject),
    effects.map(({ payload }) => json(payload)),
    effects.map(({ createdAt }) => stamp(createdAt)),
    effects.map(({ nextAttemptAt }) => stamp(nextAttemptAt)),
  );
}

// The lease moves the next attempt before anything is sent: whoever dies while sending is followed by a second attempt.
const CLAIM = statement(
  'claim_deliveries',
  {
    id: 'uuid',
    channel: 'text',
    recipient: 'text',
    subject: 'text',
    payload: 'jsonb',
    attempts: 'int4',
    created_at: 'timestamptz',
    alert_id: 'uuid?',
    alert_at: 'timestamptz?',
    alert_label: 'text?',
    alert_text: 'text?',
    alert_contact_id: 'uuid?',
    alert_episode_id: 'uuid?',
    alert_read_at: 'timestamptz?',
  },
  `with due as (
     select id from outbox
     where state = 'waiting' and next_attempt_at <= $1 and channel = any($2::text[])
     order by next_attempt_at limit $3
     for update skip locked
   ), claimed as (
     update outbox set attempts = attempts + 1, next_attempt_at = $4 from due where outbox.id = due.id
     returning outbox.id, channel, recipient, subject, payload, attempts, created_at
   )
   select c.id, c.channel, c.recipient, c.subject, c.payload, c.attempts, c.created_at,
     a.id as alert_id, a.at as alert_at, a.label as alert_label, a.text as alert_text,
     a.contact_id as alert_contact_id, a.episode_id as alert_episode_id, a.read_at as alert_read_at
   from claimed c left join alert a on c.channel = 'in_app'
     and a.id = case when c.payload->>'alertId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (c.payload->>'alertId')::uuid end
   order by c.created_at, c.id`,
);

/** A message claimed for sending, with the alert that it shows if it goes to the app. */
export type ClaimedRow = Awaited<ReturnType<typeof claimDue>>[number];

/**
 * Takes messages that are due on some channels, the longest due first, counts an attempt on each and leases them until
 * `leaseUntil`: nobody else takes them before. Times in epoch ms.
 */
export function claimDue(
  sql: Sql,
  claim: {
    readonly channels: readonly string[];
    readonly now: number;
    readonly leaseUntil: number;
    readonly limit: number;
  },
) {
  return CLAIM.rows(sql, stamp(claim.now), claim.channels, claim.limit, stamp(claim.leaseUntil));
}

const MARK = statement(
  'mark_deliveries',
  { id: 'uuid' },
  `update outbox set state = new.state, next_attempt_at = new.next_attempt_at, sent_at = new.sent_at,
     last_error = new.last_error, attempts = new.attempts_after
   from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::int[])
     as new(id, attempts, state, next_attempt_at, sent_at, last_error, attempts_after)
   where outbox.id = new.id and outbox.attempts = new.attempts and outbox.state = 'waiting'
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
  );
}

const LIST = statement(
  'list_deliveries',
  {
    id: 'uuid',
    channel: 'text',
    recipient: 'text',
    subject: 'text',
    state: 'text',
    attempts: 'int4',
    created_at: 'timestamptz',
    next_attempt_at: 'timestamptz?',
    sent_at: 'timestamptz?',
    last_error: 'text?',
  },
  `select o.id, o.channel, coalesce(u.name, o.recipient) as recipient, o.subject, o.state, o.attempts, o.created_at,
     o.next_attempt_at, o.sent_at, o.last_error
   from outbox o left join app_user u on o.channel = 'in_app' and u.id = o.recipient
   where ($1::text is null or o.state = $1) and ($2::timestamptz is null or (o.created_at, o.id) < ($2, $3::uuid))
   order by o.created_at desc, o.id desc limit $4`,
);

/** Lists messages, newest first, from behind `after` on. */
export function listDeliveryRows(
  sql: Sql,
  page: {
    readonly state: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { state, after, limit } = page;
  return LIST.rows(sql, state, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const RETRY = statement(
  'retry_delivery',
  { state: 'text' },
  `with known as (select id, state from outbox where id = $1 for update), retried as (
     update outbox set state = 'waiting', attempts = 0, next_attempt_at = $2 from known
     where outbox.id = known.id and known.state = 'failed' returning outbox.id
   )
   select state from known`,
);

/** Has a failed message sent again from the first attempt on; gives the state it was in, null when there is none. */
export async function retryFailed(
  sql: Sql,
  retry: { readonly id: string; readonly now: number },
): Promise<string | null> {
  return (await RETRY.first(sql, retry.id, stamp(retry.now)))?.state ?? null;
}
