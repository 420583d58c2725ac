import { hookType, webhook as webhookShape } from '../../contract/api/webhook.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { listWebhookRows, type WebhookRow } from '../../db/delivery/webhook.ts';
import {
  changeWebhook,
  dropWebhook,
  mustFindWebhook,
  registerWebhook,
  renewWebhookSecret,
  sendTestToWebhook,
  switchWebhookOn,
} from '../../loop/delivery/subscription.ts';
import { doing } from '../handler/actor.ts';
import type { Handler, Request } from '../handler/handler.ts';
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
    // A type that a later version no longer knows must not hide the webhook.
    eventTypes: row.event_types.filter(type => hookType.safeParse(type).success),
    allowPrivate: row.allow_private,
    enabled: row.disabled_at === null,
    disabledBecause: row.disabled_because,
    disabledAt: instantOrNull(row.disabled_at),
    failingSince: instantOrNull(row.failing_since),
    waiting: row.waiting,
    rotatesUntil: until !== null && until > now ? formatInstant(until) : null,
    createdAt: formatInstant(row.created_at),
    createdBy: row.created_by,
  });
}

/** Adds a webhook; its secret is in the answer and never again. */
export const createWebhook: Handler<'createWebhook'> = async (request, { body }) => {
  const { id, secret } = await registerWebhook(request.app, body, doing(request, 'createWebhook'));
  return { webhook: await viewWebhook(request, id), secret };
};

/** Changes a webhook; what is not given stays. */
export const updateWebhook: Handler<'updateWebhook'> = async (request, { params, body }) => {
  await changeWebhook(request.app, params.id, body, doing(request, 'updateWebhook'));
  return viewWebhook(request, params.id);
};

/** Deletes a webhook; what waits for it is failed. */
export const deleteWebhook: Handler<'deleteWebhook'> = async (request, { params }) => {
  await dropWebhook(request.app, params.id, doing(request, 'deleteWebhook'));
  return { ok: true };
};

/** Switches a webhook on again. What failed meanwhile is sent again when somebody asks for it. */
export const enableWebhook: Handler<'enableWebhook'> = async (request, { params }) => {
  await switchWebhookOn(request.app, params.id, doing(request, 'enableWebhook'));
  return viewWebhook(request, params.id);
};

/** Gives a webhook a new secret; for a day the old one signs as well. */
export const rotateWebhook: Handler<'rotateWebhook'> = async (request, { params }) => {
  const secret = await renewWebhookSecret(request.app, params.id, doing(request, 'rotateWebhook'));
  return { webhook: await viewWebhook(request, params.id), secret };
};

async function viewWebhook({ app, now }: Request, id: string) {
  return toWebhook(await mustFindWebhook(app.db, id), now);
}

/** Sends a message that says only that it is a test, also to a webhook that is off. */
export const testWebhook: Handler<'testWebhook'> = async (request, { params }) => {
  return { deliveryId: await sendTestToWebhook(request.app, params.id, doing(request, 'testWebhook')) };
};

/** Lists what was sent to a webhook and what waits, newest first. */
export const listWebhookDeliveries: Handler<'listWebhookDeliveries'> = async (request, { params, query }) => {
  const { id } = await mustFindWebhook(request.app.db, params.id);
  const { state = null, cursor, limit } = query;
  const about = { kind: 'webhook' as const, id };
  return pageOfDeliveries(request, { state, channel: null, about, words: null, cursor, limit });
};
