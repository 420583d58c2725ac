import { deleteViewRow, listViewRows, saveView, type ViewRow } from '../../db/access/view.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, mustFind } from '../error.ts';

/** How many views a person keeps at most, of all pages together: a menu of more is not read. */
const MAX_VIEWS = 100;

/** Keeps filters and order of a page under a name; a view of the doer with the same name is replaced. */
export function keepView(app: App, wanted: Omit<ViewRow, 'id'>, by: Doing): Promise<ViewRow> {
  const userId = mustBePerson(by.userId);
  return app.db.transaction(async sql => {
    const kept = await listViewRows(sql, { userId, page: null });
    const isNew = !kept.some(
      ({ page, name }) => page === wanted.page && name.toLowerCase() === wanted.name.toLowerCase(),
    );
    if (isNew && kept.length >= MAX_VIEWS)
      throw new AppError('conflict', `You keep ${MAX_VIEWS} views already; delete one first.`);
    return saveView(sql, { ...wanted, id: app.newId(), userId, createdAt: by.now });
  });
}

/** Deletes a view of the doer; refuses one that they do not have. */
export async function dropView(app: App, id: string, by: Doing): Promise<void> {
  const userId = mustBePerson(by.userId);
  await app.db.transaction(sql =>
    mustFind({ kind: 'view', id }, async () => ((await deleteViewRow(sql, { id, userId })) ? id : null)),
  );
}

/** The id of a person who keeps views; refuses an API key, whose id is null. */
export function mustBePerson(userId: string | null = null): string {
  if (userId === null) throw new AppError('conflict', 'An API key has no views; sign in as a person.');
  return userId;
}
