import { z } from 'zod';
import { rightOf } from '../../contract/access.ts';
import type { Alert } from '../../contract/api/alert.ts';
import { type Api, api } from '../../contract/api.ts';
import type { OutputOf } from '../../contract/endpoint.ts';
import { uuid } from '../../core/text/uuid.ts';
import { countUnread, listAlertRows, listAlertsOfPeople } from '../../db/alert/alert.ts';
import { loadLedPeople } from '../../db/routing/team.ts';
import { readAlerts } from '../../loop/alert/inbox.ts';
import { toAlert } from '../../loop/alert/view.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { doing, mustBeSomeone } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Caller, Handler } from '../handler/handler.ts';

type AlertRow = Awaited<ReturnType<typeof listAlertRows>>[number];

const position = z.object({ at: cursorInstant, id: uuid });

/** Lists the alerts of the person signed in, or of the people they lead, newest first; an API key has none. */
export const listAlerts: Handler<'listAlerts'> = async ({ app, caller }, { query }) => {
  const userId = caller?.id ?? null;
  if (query.scope === 'team') return listTeamAlerts(app, caller, query);
  if (userId === null) return { items: [], nextCursor: null, unread: 0 };
  const { limit, unread: unreadOnly } = query;
  const after = readCursor(query.cursor, position);
  const [rows, unread] = await Promise.all([
    listAlertRows(app.db, { userId, unreadOnly, after, limit: limit + 1 }),
    countUnread(app.db, userId),
  ]);
  const { page, last } = splitPage(rows, limit);
  return {
    items: page.map(withScore),
    nextCursor: last === null ? null : writeCursor({ at: last.at, id: last.id }),
    unread,
  };
};

async function listTeamAlerts(
  app: App,
  caller: Caller | null,
  query: { readonly limit: number; readonly unread: boolean; readonly cursor?: string | undefined },
): Promise<OutputOf<Api['listAlerts']>> {
  const { id, role } = mustBeSomeone(caller);
  const right = rightOf(api.listAlerts.access, role);
  if (right === 'own') throw new AppError('forbidden', 'Only managers and admins see the alerts of others.');
  const userIds = right === 'all' ? null : await loadLedPeople(app.db, id ?? '');
  const after = readCursor(query.cursor, position);
  const { limit, unread: unreadOnly } = query;
  const [rows, unread] = await Promise.all([
    listAlertsOfPeople(app.db, { userIds, unreadOnly, after, limit: limit + 1 }),
    id === null ? 0 : countUnread(app.db, id),
  ]);
  const { page, last } = splitPage(rows, limit);
  return {
    items: page.map(row => ({ ...withScore(row), to: { id: row.user_id, name: row.user_name } })),
    nextCursor: last === null ? null : writeCursor({ at: last.at, id: last.id }),
    unread,
  };
}

function withScore(row: AlertRow): Alert {
  const { then_total: then, now_total: now } = row;
  const alert = toAlert(row);
  if (then === null) return alert;
  return {
    ...alert,
    score: {
      then: { total: then, grade: row.then_grade },
      now: now === null ? null : { total: now, grade: row.now_grade },
    },
  };
}

/** Marks alerts of the person signed in as read; unknown ids, and ids of others' alerts, are passed over. */
export const markAlertsRead: Handler<'markAlertsRead'> = async (request, { body }) => {
  await readAlerts(request.app, body.ids ?? null, doing(request, 'markAlertsRead'));
  return { ok: true };
};
