import { z } from 'zod';
import type { Alert } from '../contract/shapes.ts';
import { formatInstant } from '../core/instant.ts';
import { countUnread, listAlertRows, markRead } from '../db/alert.ts';
import type { Handler, Hub } from './app.ts';
import { cursorInstant, cursorUuid, readCursor, splitPage, writeCursor } from './cursor.ts';
import type { Sender } from './delivery.ts';

/** Makes the sender to the app: the alert is shown to its person at once, wherever they are signed in. */
export function makeAlertSender(hub: Hub): Sender {
  return async ({ recipient, alert }) => {
    if (alert === null) return { kind: 'refused', message: 'the alert is gone' };
    hub.publish(recipient, { kind: 'alert', alert });
    return { kind: 'sent' };
  };
}

const position = z.object({ at: cursorInstant, id: cursorUuid });

/** Lists the alerts of whoever is signed in, newest first. An API key has none. */
export const listAlerts: Handler<'listAlerts'> = async ({ app, caller }, { query }) => {
  const userId = caller?.id ?? null;
  if (userId === null) return { items: [], nextCursor: null, unread: 0 };
  const { limit, unread: unreadOnly } = query;
  const after = readCursor(query.cursor, position);
  const [rows, unread] = await Promise.all([
    listAlertRows(app.db, { userId, unreadOnly, after, limit: limit + 1 }),
    countUnread(app.db, userId),
  ]);
  const { page, last } = splitPage(rows, limit);
  return {
    items: page.map(toAlert),
    nextCursor: last === null ? null : writeCursor({ at: last.at, id: last.id }),
    unread,
  };
};

/** An alert as the API and the stream carry it. */
export function toAlert(row: Awaited<ReturnType<typeof listAlertRows>>[number]): Alert {
  return {
    id: row.id,
    at: formatInstant(row.at),
    label: row.label,
    text: row.text,
    contactId: row.contact_id,
    episodeId: row.episode_id,
    readAt: row.read_at === null ? null : formatInstant(row.read_at),
  };
}

/** Marks alerts of whoever is signed in as read; ids of nothing, or of others' alerts, are passed over. */
export const markAlertsRead: Handler<'markAlertsRead'> = async ({ app, caller, now }, { body }) => {
  const userId = caller?.id ?? null;
  const ids = body.ids?.filter(id => cursorUuid.safeParse(id).success) ?? null;
  if (userId !== null) await markRead(app.db, { userId, ids, now });
  return { ok: true };
};
