import { likePart, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { leadsTo, SHARED_LANES, withRecipient } from './recipient.ts';

const DELIVERY = {
  id: 'uuid',
  channel: 'text',
  recipient: 'text',
  name: 'text?',
  subject: 'text',
  state: 'text',
  attempts: 'int4',
  created_at: 'timestamptz',
  next_attempt_at: 'timestamptz?',
  sent_at: 'timestamptz?',
  last_error: 'text?',
  event_type: 'text?',
  contact_id: 'uuid?',
  episode_id: 'uuid?',
  webhook_id: 'uuid?',
  repeats: 'uuid?',
} as const;

const COLUMNS = `o.id, o.channel, o.recipient, coalesce(u.name, w.url) as name, o.subject, o.state, o.attempts, o.created_at,
     o.next_attempt_at, o.sent_at, o.last_error, o.event_type, o.contact_id, o.episode_id, o.webhook_id, o.repeats`;
const JOINS = `left join app_user u on ${leadsTo('u.id', 'o')}
   left join webhook w on w.id = o.webhook_id`;

/** One statement for each kind of page, so that each is read from its own index. */
function list(name: string, where: string) {
  return statement(
    name,
    DELIVERY,
    `select ${COLUMNS} from outbox o ${JOINS}
     where ${where} and ($1::timestamptz is null or (o.created_at, o.id) < ($1, $2::uuid))
       and ($3::text is null or o.state = $3) and ($4::text is null or o.channel = $4)
       and ($5::text is null or o.subject ilike $5 or o.recipient ilike $5 or u.name ilike $5
         or case when $8 then w.url else substring(w.url from '^[a-z]+://([^/?#]+)') end ilike $5)
     order by o.created_at desc, o.id desc limit $6`,
  );
}

const LISTS = {
  all: list('list_deliveries', '$7::uuid is null'),
  unsent: list('list_unsent_deliveries', `o.state <> 'sent' and $7::uuid is null`),
  contact: list('list_contact_deliveries', 'o.contact_id = $7'),
  episode: list('list_episode_deliveries', 'o.episode_id = $7'),
  webhook: list('list_webhook_deliveries', 'o.webhook_id = $7'),
};

/** Which messages to list. */
export interface DeliveryFilter {
  readonly state: string | null;
  readonly channel: string | null;
  /** What they are about, or the webhook they go to. */
  readonly about: { readonly kind: 'contact' | 'episode' | 'webhook'; readonly id: string } | null;
  /** Part of the subject or the recipient. */
  readonly words: string | null;
  /** Whether a webhook is looked for by its whole address, in which there may be a secret, or by its host alone. */
  readonly byAddress: boolean;
}

/** Lists messages, newest first, from behind `after` on. */
export async function listDeliveryRows(
  sql: Sql,
  page: DeliveryFilter & {
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { state, channel, about, words, byAddress, after, limit } = page;
  const isUnsent = state === 'waiting' || state === 'failed';
  const by = about?.kind ?? (isUnsent ? 'unsent' : 'all');
  const like = likePart(words);
  const place = [stampOrNull(after?.at ?? null), after?.id ?? null];
  const rows = await LISTS[by].rows(sql, ...place, state, channel, like, limit, about?.id ?? null, byAddress);
  return rows.map(withRecipient);
}

/** A message with what became of it. */
export type DeliveryRow = Awaited<ReturnType<typeof listDeliveryRows>>[number];

const FIND = statement(
  'find_delivery',
  { ...DELIVERY, payload: 'jsonb', is_hook_off: 'bool' },
  `select ${COLUMNS}, o.payload, coalesce(w.deleted_at is not null or w.disabled_at is not null, false) as is_hook_off
   from outbox o ${JOINS} where o.id = $1`,
);

/** Finds one message with its content; null when there is none. */
export async function findDelivery(sql: Sql, id: string) {
  const row = await FIND.first(sql, id);
  return row === null ? null : withRecipient(row);
}

const ATTEMPTS = statement(
  'list_attempts',
  {
    attempt: 'int4',
    at: 'timestamptz',
    took_ms: 'int4',
    outcome: 'text',
    status: 'int4?',
    error: 'text?',
    response: 'text?',
  },
  `select attempt, at, took_ms, outcome, status, error, response from delivery_attempt
   where delivery_id = $1 order by attempt desc limit 100`,
);

/** Lists the attempts to send a message, the latest first. */
export function listAttempts(sql: Sql, id: string) {
  return ATTEMPTS.rows(sql, id);
}

const SHOWN = statement(
  'load_shown_alerts',
  {
    id: 'uuid',
    at: 'timestamptz',
    label: 'text',
    text: 'text',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    read_at: 'timestamptz?',
    kind: 'text?',
  },
  'select id, at, label, text, contact_id, episode_id, read_at, kind from alert where id = any($1::uuid[])',
);

/** Loads the alerts that messages to the app show. */
export function loadShownAlerts(sql: Sql, ids: readonly string[]) {
  return SHOWN.rows(sql, ids);
}

const SUBJECTS = statement(
  'load_thread_subjects',
  { id: 'uuid', subject: 'text' },
  `select o.id, first.subject from outbox o
   cross join lateral (
     select subject from outbox f
     where f.episode_id = o.episode_id and f.channel = 'email' and f.recipient = o.recipient
       and (f.created_at, f.id) < (o.created_at, o.id)
     order by f.created_at, f.id limit 1
   ) first
   where o.id = any($1::uuid[]) and o.episode_id is not null`,
);

/** The subject of the first mail about the same episode to the same person, for mails that follow one. */
export function loadThreadSubjects(sql: Sql, ids: readonly string[]) {
  return SUBJECTS.rows(sql, ids);
}

// Asked for by a person: what fails on the way is tried at once, too.
const RETRY = statement(
  'retry_delivery',
  { id: 'uuid' },
  `with retried as (
     update outbox set state = 'waiting', failures = 0, next_attempt_at = $2, queued_at = $2, sent_at = null
     where id = $1 and (state <> 'sent' or channel = 'webhook') and not (state = 'waiting' and next_attempt_at <= $2)
     returning id, channel, recipient
   ), freed as (
     update lane set held_until = least(held_until, $2), waits_until = coalesce(waits_until, held_until) from retried
     where lane.channel = retried.channel and lane.recipient in (retried.recipient, ${SHARED_LANES})
   )
   select id from retried`,
);

/** Has a message sent again under its own id, its schedule from the beginning. False where that changes nothing. */
export async function retryRow(
  sql: Sql,
  retry: { readonly id: string; readonly now: number },
): Promise<boolean> {
  return (await RETRY.first(sql, retry.id, stamp(retry.now))) !== null;
}

const RESEND = statement(
  'resend_delivery',
  { id: 'uuid' },
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at, contact_id,
     episode_id, event_type, webhook_id, repeats)
   select $2, channel, recipient, subject, payload, 'waiting', $3, $3, $3, contact_id, episode_id, event_type, webhook_id, id
   from outbox where id = $1 returning id`,
);

/** Promises a message once more as a new one, which says what it repeats. */
export async function resendRow(
  sql: Sql,
  resend: { readonly id: string; readonly newId: string; readonly now: number },
): Promise<void> {
  await RESEND.rows(sql, resend.id, resend.newId, stamp(resend.now));
}

const RETRY_FAILED = statement(
  'retry_failed_deliveries',
  { id: 'uuid' },
  `with picked as (
     select o.id from outbox o left join webhook w on w.id = o.webhook_id
     where o.state = 'failed' and ($1::text is null or o.channel = $1) and ($2::uuid is null or o.webhook_id = $2)
       and w.deleted_at is null and w.disabled_at is null
     order by o.created_at desc, o.id desc limit $4 for update of o skip locked
   )
   update outbox set state = 'waiting', failures = 0, next_attempt_at = $3, queued_at = $3
   from picked where outbox.id = picked.id returning outbox.id`,
);

/** Has failed messages sent again, up to a limit; returns how many. Those of webhooks that are off stay. */
export async function retryFailedRows(
  sql: Sql,
  which: {
    readonly channel: string | null;
    readonly webhookId: string | null;
    readonly now: number;
    readonly limit: number;
  },
): Promise<number> {
  const { channel, webhookId, now, limit } = which;
  return (await RETRY_FAILED.rows(sql, channel, webhookId, stamp(now), limit)).length;
}

const ADVANCE = statement(
  'advance_deliveries',
  { id: 'uuid' },
  `with held as (
     update lane set held_until = $1, waits_until = null, failing_since = least(failing_since, $1) where held_until > $2
   )
   update outbox set next_attempt_at = $1 where state = 'waiting' and next_attempt_at > $2
     and not exists (select from letter where letter.id = outbox.id and letter.not_before > $1) returning id`,
);

/** Makes due at `now` what would be sent, or tried again, later than `after` (epoch ms), but letters that are to wait; returns how many messages. */
export async function advanceDeliveries(
  sql: Sql,
  { now, after }: { readonly now: number; readonly after: number },
): Promise<number> {
  return (await ADVANCE.rows(sql, stamp(now), stamp(after))).length;
}

const PURGE = statement(
  'purge_deliveries',
  { id: 'uuid' },
  `with old as (
     select id from outbox where created_at < $1 and state = 'sent' and sent_at < $1
     order by created_at limit $2 for update skip locked
   ), attempts as (delete from delivery_attempt using old where delivery_id = old.id)
   delete from outbox using old where outbox.id = old.id returning outbox.id`,
);

/** Deletes messages sent before an instant (epoch ms), oldest first and up to a limit; returns how many. */
export async function purgeSent(sql: Sql, before: number, limit: number): Promise<number> {
  return (await PURGE.rows(sql, stamp(before), limit)).length;
}

const COUNT = statement(
  'count_unsent',
  { channel: 'text', waiting: 'int8', failed: 'int8', oldest_at: 'timestamptz?' },
  `select channel, count(*) filter (where state = 'waiting') as waiting,
     count(*) filter (where state = 'failed' and created_at > $1) as failed,
     min(created_at) filter (where state = 'waiting') as oldest_at
   from outbox where state <> 'sent' group by channel`,
);

/** Counts what waits and what failed since an instant (epoch ms), by channel, and says since when the longest waits. */
export function countUnsent(sql: Sql, failedSince: number) {
  return COUNT.rows(sql, stamp(failedSince));
}
