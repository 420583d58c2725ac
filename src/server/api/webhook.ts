import { randomBytes, randomUUID } from 'node:crypto';
import { hookType, webhook as webhookShape } from '../../contract/api/webhook.ts';
import { ROTATION_MS, TEST_TYPE, urlProblem } from '../../core/delivery/webhook.ts';
import { oneLine } from '../../core/text/safe.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { formatInstant } from '../../core/time/instant.ts';
import {
  addWebhook,
  deleteWebhookRow,
  disableWebhook,
  enableWebhook as enableRow,
  findWebhookRow,
  listWebhookRows,
  promiseTest,
  rotateSecret,
  saveWebhook,
  type WebhookRow,
} from '../../db/delivery/webhook.ts';
import type { App } from '../../loop/app.ts';
import { isPublic, literalOf } from '../../loop/delivery/address.ts';
import { deliverySubject } from '../../loop/delivery/failure.ts';
import { wakeCouriers } from '../../loop/delivery/outbox.ts';
import { AppError, refusalOf } from '../../loop/error.ts';
import { settleExceptions } from '../../loop/exception/exception.ts';
import type { Handler } from '../handler/handler.ts';
import { pageOfDeliveries } from './delivery.ts';

/** Lists webhooks, oldest first. */
export const listWebhooks: Handler<'listWebhooks'> = async ({ app, now }) => {
  const rows = await listWebhookRows(app.db);
  return { items: rows.map(row => toWebhook(row, now)), nextCursor: null };
};

function toWebhook(row: WebhookRow, now: number) {
  const { previous_until: until } = row;
  return webhookShape.parse({
    id: row.id,
    url: row.url,
    description: row.description,
    // A type that a later version no longer knows is no reason to hide the webhook.
    eventTypes: row.event_types.filter(type => hookType.safeParse(type).success),
    allowPrivate: row.allow_private,
    enabled: row.disabled_at === null,
    disabledBecause: row.disabled_because,
    disabledAt: isoOrNull(row.disabled_at),
    failingSince: isoOrNull(row.failing_since),
    waiting: row.waiting,
    rotatesUntil: until !== null && until > now ? formatInstant(until) : null,
    createdAt: formatInstant(row.created_at),
    createdBy: row.created_by,
  });
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

/** Adds a webhook; its secret is in the answer and never again. */
export const createWebhook: Handler<'createWebhook'> = async ({ app, now, caller }, { body }) => {
  const { url, description, eventTypes, allowPrivate } = body;
  refuseUrl(url, allowPrivate);
  const [id, secret] = [randomUUID(), makeSecret()];
  const by = caller?.name ?? 'somebody';
  const types = [...new Set(eventTypes)];
  await addWebhook(app.db, { id, url, description, eventTypes: types, secret, allowPrivate, now, by });
  return { webhook: toWebhook(await find(app, id), now), secret };
};

/** Refuses an address that cannot be meant. What a name leads to is checked whenever something is sent there. */
function refuseUrl(url: string, allowPrivate: boolean): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const literal = parsed === null ? null : literalOf(parsed.hostname);
  const isPrivate = literal !== null && !isPublic(literal);
  const message =
    urlProblem(url, { allowPrivate }) ??
    (parsed === null ? 'expected an address' : null) ??
    (isPrivate && !allowPrivate ? `${literal} is no public address; expected one, or allowPrivate` : null);
  if (message === null) return;
  throw refusalOf('invalid', [{ path: 'url', message }]);
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
function makeSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

async function find(app: App, id: string): Promise<WebhookRow> {
  const row = isUuid(id) ? await findWebhookRow(app.db, id) : null;
  if (row === null) throw new AppError('notFound', `there is no webhook ${oneLine(id, 60)}`);
  return row;
}

/** Changes a webhook; what is not given stays. */
export const updateWebhook: Handler<'updateWebhook'> = async ({ app, now, caller }, { params, body }) => {
  const known = await find(app, params.id);
  const { url = known.url, description = known.description, allowPrivate = known.allow_private } = body;
  if (body.url !== undefined || body.allowPrivate !== undefined) refuseUrl(url, allowPrivate);
  const eventTypes = [...new Set<string>(body.eventTypes ?? known.event_types)];
  await saveWebhook(app.db, { id: known.id, url, description, eventTypes, allowPrivate });
  const because = `switched off by ${oneLine(caller?.name ?? 'somebody', 80)}`;
  if (body.enabled === false) await disableWebhook(app.db, { id: known.id, now, because });
  if (body.enabled === true) await switchOn(app, known.id, { now, by: caller?.name ?? 'somebody' });
  return toWebhook(await find(app, known.id), now);
};

/** Deletes a webhook; what waits for it is failed. */
export const deleteWebhook: Handler<'deleteWebhook'> = async ({ app, now, caller }, { params }) => {
  const { id } = await find(app, params.id);
  await deleteWebhookRow(app.db, { id, now });
  await settle(app, id, { now, by: caller?.name ?? 'somebody', resolution: 'The webhook was deleted' });
  return { ok: true };
};

/** Switches a webhook on again. What failed meanwhile is sent again when somebody asks for it. */
export const enableWebhook: Handler<'enableWebhook'> = async ({ app, now, caller }, { params }) => {
  const { id } = await find(app, params.id);
  await switchOn(app, id, { now, by: caller?.name ?? 'somebody' });
  return toWebhook(await find(app, id), now);
};

async function switchOn(
  app: App,
  id: string,
  { now, by }: { readonly now: number; readonly by: string },
): Promise<void> {
  await enableRow(app.db, id);
  await settle(app, id, { now, by, resolution: 'The webhook was switched on again' });
  wakeCouriers(app);
}

async function settle(
  app: App,
  id: string,
  closing: { readonly now: number; readonly by: string; readonly resolution: string },
): Promise<void> {
  const { now: at, by, resolution } = closing;
  const subjects = [deliverySubject({ kind: 'webhook', webhookId: id })];
  await app.db.transaction(sql =>
    settleExceptions(sql, { kind: 'delivery', subjects }, { at, by, resolution }),
  );
}

/** Gives a webhook a new secret; for a day the old one signs as well. */
export const rotateWebhook: Handler<'rotateWebhook'> = async ({ app, now }, { params }) => {
  const { id } = await find(app, params.id);
  const secret = makeSecret();
  await rotateSecret(app.db, { id, secret, until: now + ROTATION_MS });
  return { webhook: toWebhook(await find(app, id), now), secret };
};

/** Sends a message that says only that it is a test, also to a webhook that is off. */
export const testWebhook: Handler<'testWebhook'> = async ({ app, now, caller }, { params }) => {
  const { id } = await find(app, params.id);
  const deliveryId = randomUUID();
  const payload = {
    type: TEST_TYPE,
    timestamp: formatInstant(now),
    data: { message: 'A test from Baton', by: caller?.name ?? 'somebody' },
  };
  await promiseTest(app.db, { id: deliveryId, webhookId: id, type: TEST_TYPE, payload, now });
  wakeCouriers(app);
  return { deliveryId };
};

/** Lists what was sent to a webhook and what waits, newest first. */
export const listWebhookDeliveries: Handler<'listWebhookDeliveries'> = async ({ app }, { params, query }) => {
  const { id } = await find(app, params.id);
  const { state = null, cursor, limit } = query;
  const about = { kind: 'webhook' as const, id };
  return pageOfDeliveries(app, { state, channel: null, about, words: null, cursor, limit });
};
