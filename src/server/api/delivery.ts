import { z } from 'zod';
import { deliveryAttempt, delivery as deliveryShape } from '../../contract/api/delivery.ts';
import { alertPayload, CHANNELS, messageOf } from '../../core/alert/message.ts';
import { valueAt } from '../../core/condition/reading.ts';
import { textIn } from '../../core/contact/profile.ts';
import { withoutPage } from '../../core/delivery/failure.ts';
import { textOf } from '../../core/delivery/mail.ts';
import { formatRecipient, isShared, recipientWords } from '../../core/delivery/recipient.ts';
import { isUuid, uuid } from '../../core/text/uuid.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import {
  countUnsent,
  type DeliveryFilter,
  type DeliveryRow,
  findDelivery,
  listAttempts,
  listDeliveryRows,
} from '../../db/delivery/delivery.ts';
import { listLanes } from '../../db/delivery/lane.ts';
import { findLetterBody } from '../../db/letter/letter.ts';
import type { App } from '../../loop/app.ts';
import { hostOf } from '../../loop/delivery/address.ts';
import { resend, resendFailed } from '../../loop/delivery/resend.ts';
import { mustFind } from '../../loop/error.ts';
import { doing, mayRead } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Request } from '../handler/handler.ts';

const position = z.object({ at: cursorInstant, id: uuid });

/** Which page of which messages. */
interface Asked extends Omit<DeliveryFilter, 'byAddress'> {
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Reads one page of messages, newest first. */
export async function pageOfDeliveries(request: Request, { cursor, limit, ...filter }: Asked) {
  const isAdmin = mayRead(request, 'listWebhooks');
  const after = readCursor(cursor, position);
  const rows = await listDeliveryRows(request.app.db, {
    ...filter,
    byAddress: isAdmin,
    after,
    limit: limit + 1,
  });
  const { page, last } = splitPage(rows, limit);
  return {
    items: page.map(row => toDelivery(row, isAdmin)),
    nextCursor: last === null ? null : writeCursor({ at: last.created_at, id: last.id }),
  };
}

/** Lists messages with what became of them, newest first. */
export const listDeliveries: Handler<'listDeliveries'> = async (request, { query }) => {
  const about =
    query.episodeId !== undefined
      ? { kind: 'episode' as const, id: query.episodeId }
      : query.contactId !== undefined
        ? { kind: 'contact' as const, id: query.contactId }
        : null;
  if (about !== null && !isUuid(about.id)) return { items: [], nextCursor: null };
  const words = query.q === undefined || query.q === '' ? null : query.q;
  const { state = null, channel = null, cursor, limit } = query;
  return pageOfDeliveries(request, { state, channel, about, words, cursor, limit });
};

/** A message as the API says it. Where a webhook leads, and what it answered, is for admins: both may hold secrets. */
function toDelivery(row: DeliveryRow, isAdmin: boolean) {
  return deliveryShape.parse({
    id: row.id,
    channel: row.channel,
    to: nameOf(row, isAdmin) ?? recipientWords(row.recipient),
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    createdAt: formatInstant(row.created_at),
    nextAttemptAt: instantOrNull(row.next_attempt_at),
    sentAt: instantOrNull(row.sent_at),
    lastError: row.last_error === null ? null : errorFor(row.last_error, isAdmin),
    type: row.event_type,
    contactId: row.contact_id,
    episodeId: row.episode_id,
    webhookId: row.webhook_id,
    repeats: row.repeats,
  });
}

function nameOf(
  { name, recipient }: Pick<DeliveryRow, 'name' | 'recipient'>,
  isAdmin: boolean,
): string | null {
  return name === null || isAdmin || recipient.kind !== 'webhook' ? name : hostOf(name);
}

function errorFor(error: string, isAdmin: boolean): string {
  return isAdmin ? error : withoutPage(error);
}

/** Says one message in full: its words as they are sent, and every attempt. */
export const getDelivery: Handler<'getDelivery'> = async (request, { params }) => {
  const { app } = request;
  const isAdmin = mayRead(request, 'listWebhooks');
  const row = await mustFind({ kind: 'delivery', id: params.id }, id => findDelivery(app.db, id));
  const attempts = await listAttempts(app.db, row.id);
  return {
    ...toDelivery(row, isAdmin),
    text: (await findLetterBody(app.db, row.id)) ?? textOfRow(app, row),
    tries: attempts.map(({ attempt, at, took_ms: tookMs, outcome, status, error, response }) =>
      deliveryAttempt.parse({
        attempt,
        at: formatInstant(at),
        tookMs,
        outcome,
        status,
        error: error === null ? null : errorFor(error, isAdmin),
        response: isAdmin || row.recipient.kind !== 'webhook' ? response : null,
      }),
    ),
  };
};

function textOfRow({ settings }: App, row: { readonly channel: string; readonly payload: unknown }): string {
  if (row.channel === 'webhook') return JSON.stringify(row.payload, null, 2);
  const test = textIn(valueAt(row.payload, ['test', 'text']));
  if (test !== null) return test;
  const payload = alertPayload.safeParse(row.payload);
  if (!payload.success) return '';
  const { BATON_URL, BATON_HOST, BATON_PORT } = settings;
  return textOf(messageOf(payload.data, BATON_URL ?? `http://${BATON_HOST}:${BATON_PORT}`));
}

/**
 * Has a message sent again. One that failed or waits goes at once under its own id, so that a receiver knows a double; so
 * does any to a webhook. One that was sent goes as a new message, which says what it repeats.
 */
export const retryDelivery: Handler<'retryDelivery'> = async (request, { params }) => {
  return { ok: true, id: await resend(request.app, params.id, doing(request, 'retryDelivery')) };
};

/** Has every failed message sent again, of one channel or webhook if named; returns how many there were. */
export const retryDeliveries: Handler<'retryDeliveries'> = async (request, { body }) => {
  const { channel = null, webhookId = null } = body;
  return {
    count: await resendFailed(request.app, { channel, webhookId }, doing(request, 'retryDeliveries')),
  };
};

const WEEK_MS = 7 * DAY_MS;

/** Says of each way out whether it is set up, what waits, and what fails since when. */
export const listChannels: Handler<'listChannels'> = async request => {
  const { app, now } = request;
  const isAdmin = mayRead(request, 'listWebhooks');
  const [counts, lanes] = await Promise.all([countUnsent(app.db, now - WEEK_MS), listLanes(app.db)]);
  const { SMTP_URL, SLACK_BOT_TOKEN, SLACK_WEBHOOK_URL } = app.settings;
  const isSetUp = {
    in_app: true,
    email: SMTP_URL !== undefined,
    slack: SLACK_BOT_TOKEN !== undefined || SLACK_WEBHOOK_URL !== undefined,
    webhook: true,
  };
  const items = CHANNELS.map(channel => {
    const count = counts.find(row => row.channel === channel);
    return {
      channel,
      isSetUp: isSetUp[channel],
      waiting: count?.waiting ?? 0,
      failed: count?.failed ?? 0,
      oldestWaitingAt: instantOrNull(count?.oldest_at ?? null),
      failing: lanes.flatMap(lane => {
        if (lane.channel !== channel) return [];
        return [
          {
            to: isShared(lane.recipient) ? null : (nameOf(lane, isAdmin) ?? formatRecipient(lane.recipient)),
            since: formatInstant(lane.failing_since),
            nextAttemptAt: formatInstant(lane.held_until),
            lastError: errorFor(lane.last_error, isAdmin),
          },
        ];
      }),
    };
  });
  return { items, nextCursor: null };
};
