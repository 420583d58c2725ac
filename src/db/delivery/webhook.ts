import { HOOK_DELETED } from '../../core/delivery/webhook.ts';
import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

const PROMISE = statement(
  'promise_hooks',
  { id: 'uuid' },
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at,
     contact_id, episode_id, event_type, webhook_id)
   select gen_random_uuid(), 'webhook', w.id::text, fact.type, fact.payload, 'waiting', fact.at, fact.at, fact.at,
     fact.contact_id, fact.episode_id, fact.type, w.id
   from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::jsonb[]) as fact(type, at, contact_id, episode_id, payload)
   join webhook w on w.deleted_at is null and w.disabled_at is null
     and (w.event_types = '{}' or fact.type = any(w.event_types))
   returning id`,
);

/** Something that happened, as webhooks are told of it; `at` in epoch ms. */
export interface HookFact {
  readonly type: string;
  readonly at: number;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly payload: unknown;
}

/** Promises facts to every working webhook that asks for their type; returns how many messages that makes. */
export async function promiseHooks(sql: Sql, facts: readonly HookFact[]): Promise<number> {
  if (facts.length === 0) return 0;
  const rows = await PROMISE.rows(
    sql,
    facts.map(({ type }) => type),
    facts.map(({ at }) => stamp(at)),
    facts.map(({ contactId }) => contactId),
    facts.map(({ episodeId }) => episodeId),
    facts.map(({ payload }) => json(payload)),
  );
  return rows.length;
}

const WEBHOOK = {
  id: 'uuid',
  url: 'text',
  description: 'text',
  event_types: 'text[]',
  allow_private: 'bool',
  created_at: 'timestamptz',
  created_by: 'text',
  disabled_at: 'timestamptz?',
  disabled_because: 'text?',
  previous_until: 'timestamptz?',
  failing_since: 'timestamptz?',
  waiting: 'int8',
} as const;

/** A webhook without its secret, and how it does. */
export type WebhookRow = RowOf<typeof WEBHOOK>;

const SELECT = `select w.id, w.url, w.description, w.event_types, w.allow_private, w.created_at, w.created_by, w.disabled_at,
     w.disabled_because, w.previous_until, l.failing_since,
     (select count(*) from outbox o where o.webhook_id = w.id and o.state = 'waiting') as waiting
   from webhook w left join lane l on l.channel = 'webhook' and l.recipient = w.id::text
   where w.deleted_at is null`;

const LIST = statement('list_webhooks', WEBHOOK, `${SELECT} order by w.created_at, w.id`);
const FIND = statement('find_webhook', WEBHOOK, `${SELECT} and w.id = $1`);

/** Lists webhooks, oldest first. */
export function listWebhookRows(sql: Sql): Promise<readonly WebhookRow[]> {
  return LIST.rows(sql);
}

/** Finds a webhook; null when there is none, or it was deleted. */
export function findWebhookRow(sql: Sql, id: string): Promise<WebhookRow | null> {
  return FIND.first(sql, id);
}

const LOCK = statement(
  'lock_webhook',
  { id: 'uuid' },
  'select id from webhook where id = $1 and deleted_at is null for update',
);

/** Locks a webhook until the transaction ends, so that of two who change it each keeps what the other did. */
export async function lockWebhook(sql: Sql, id: string): Promise<void> {
  await LOCK.rows(sql, id);
}

const ADD = statement(
  'add_webhook',
  {},
  `insert into webhook (id, url, description, event_types, secret, allow_private, created_at, created_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** Adds a webhook. */
export async function addWebhook(
  sql: Sql,
  given: {
    readonly id: string;
    readonly url: string;
    readonly description: string;
    readonly eventTypes: readonly string[];
    readonly secret: string;
    readonly allowPrivate: boolean;
    readonly now: number;
    readonly by: string;
  },
): Promise<void> {
  const { id, url, description, eventTypes, secret, allowPrivate, now, by } = given;
  await ADD.rows(sql, id, url, description, eventTypes, secret, allowPrivate, stamp(now), by);
}

const SAVE = statement(
  'save_webhook',
  { id: 'uuid' },
  `update webhook set url = $2, description = $3, event_types = $4, allow_private = $5
   where id = $1 and deleted_at is null returning id`,
);

/** Saves what of a webhook can be changed; false when there is none. */
export async function saveWebhook(
  sql: Sql,
  given: {
    readonly id: string;
    readonly url: string;
    readonly description: string;
    readonly eventTypes: readonly string[];
    readonly allowPrivate: boolean;
  },
): Promise<boolean> {
  const { id, url, description, eventTypes, allowPrivate } = given;
  return (await SAVE.first(sql, id, url, description, eventTypes, allowPrivate)) !== null;
}

const ROTATE = statement(
  'rotate_webhook',
  { id: 'uuid' },
  `update webhook set previous_secret = secret, previous_until = $3, secret = $2
   where id = $1 and deleted_at is null returning id`,
);

/** Gives a webhook a new secret; the present one signs beside it until `until` (epoch ms). False when there is none. */
export async function rotateSecret(
  sql: Sql,
  given: { readonly id: string; readonly secret: string; readonly until: number },
): Promise<boolean> {
  return (await ROTATE.first(sql, given.id, given.secret, stamp(given.until))) !== null;
}

const DISABLE = statement(
  'disable_webhook',
  { id: 'uuid' },
  `with off as (
     update webhook set disabled_at = $2, disabled_because = $3
     where id = $1 and disabled_at is null and deleted_at is null returning id
   ), failed as (
     update outbox set state = 'failed', next_attempt_at = null, last_error = $3 from off
     where outbox.webhook_id = off.id and outbox.state = 'waiting' and outbox.event_type <> 'webhook.test'
   )
   select id from off`,
);

/** Switches a webhook off and fails what waits for it; false when it was off already. */
export async function disableWebhook(
  sql: Sql,
  given: { readonly id: string; readonly now: number; readonly because: string },
): Promise<boolean> {
  return (await DISABLE.first(sql, given.id, stamp(given.now), given.because)) !== null;
}

const ENABLE = statement(
  'enable_webhook',
  { id: 'uuid' },
  `with cleared as (delete from lane where channel = 'webhook' and recipient = $1::uuid::text)
   update webhook set disabled_at = null, disabled_because = null, exhausted = 0
   where id = $1 and deleted_at is null returning id`,
);

/** Switches a webhook on again with a clean record; false when there is none. */
export async function enableWebhook(sql: Sql, id: string): Promise<boolean> {
  return (await ENABLE.first(sql, id)) !== null;
}

const DELETE = statement(
  'delete_webhook',
  { id: 'uuid' },
  `with gone as (
     update webhook set deleted_at = $2, secret = '', previous_secret = null where id = $1 and deleted_at is null returning id
   ), failed as (
     update outbox set state = 'failed', next_attempt_at = null, last_error = '${HOOK_DELETED}' from gone
     where outbox.webhook_id = gone.id and outbox.state = 'waiting'
   ), cleared as (delete from lane using gone where lane.channel = 'webhook' and lane.recipient = gone.id::text)
   select id from gone`,
);

/** Deletes a webhook and forgets its secret; what waits for it is failed. False when there is none. */
export async function deleteWebhookRow(
  sql: Sql,
  given: { readonly id: string; readonly now: number },
): Promise<boolean> {
  return (await DELETE.first(sql, given.id, stamp(given.now))) !== null;
}

const LOAD = statement(
  'load_webhook_targets',
  {
    id: 'uuid',
    url: 'text',
    secret: 'text',
    previous_secret: 'text?',
    previous_until: 'timestamptz?',
    allow_private: 'bool',
    disabled_because: 'text?',
    deleted: 'bool',
    exhausted: 'int4',
  },
  `select id, url, secret, previous_secret, previous_until, allow_private, disabled_because, deleted_at is not null as deleted,
     exhausted
   from webhook where id = any($1::uuid[])`,
);

/** Where webhooks' messages go and what signs them. */
export function loadTargets(sql: Sql, ids: readonly string[]) {
  return LOAD.rows(sql, ids);
}
export type TargetRow = Awaited<ReturnType<typeof loadTargets>>[number];

const COUNT = statement(
  'count_exhausted',
  { exhausted: 'int4' },
  'update webhook set exhausted = case when $2::bool then exhausted + 1 else 0 end where id = $1 returning exhausted',
);

/** Counts a delivery that was given up, or starts the count anew after one that arrived; gives the count. */
export async function countExhausted(
  sql: Sql,
  given: { readonly id: string; readonly isExhausted: boolean },
): Promise<number> {
  return (await COUNT.first(sql, given.id, given.isExhausted))?.exhausted ?? 0;
}

const TEST = statement(
  'promise_test_hook',
  {},
  `insert into outbox (id, channel, recipient, subject, payload, state, created_at, next_attempt_at, queued_at, event_type, webhook_id)
   values ($1, 'webhook', $2::uuid::text, $3, $4, 'waiting', $5, $5, $5, $3, $2::uuid)`,
);

/** Promises a test to one webhook, whether it is on or not. */
export async function promiseTest(
  sql: Sql,
  test: {
    readonly id: string;
    readonly webhookId: string;
    readonly type: string;
    readonly payload: unknown;
    readonly now: number;
  },
): Promise<void> {
  const { id, webhookId, type, payload, now } = test;
  await TEST.rows(sql, id, webhookId, type, json(payload), stamp(now));
}
