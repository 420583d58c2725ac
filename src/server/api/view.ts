import { type SavedView, viewPage } from '../../contract/api/view.ts';
import { listViewRows, type ViewRow } from '../../db/access/view.ts';
import { dropView, keepView, mustBePerson } from '../../loop/access/view.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';

/** Lists the views that the person signed in keeps. */
export const listViews: Handler<'listViews'> = async ({ app, caller }, { query }) => {
  const rows = await listViewRows(app.db, { userId: mustBePerson(caller?.id), page: query.page ?? null });
  return { items: rows.map(viewOf) };
};

function viewOf({ id, page, name, query }: ViewRow): SavedView {
  return { id, page: viewPage.parse(page), name, query };
}

/** Keeps filters and order of a page for the person signed in. */
export const createView: Handler<'createView'> = async (request, { body }) =>
  viewOf(await keepView(request.app, body, doing(request, 'createView')));

/** Deletes a view of the person signed in. */
export const deleteView: Handler<'deleteView'> = async (request, { params }) => {
  await dropView(request.app, params.id, doing(request, 'deleteView'));
  return { ok: true };
};
