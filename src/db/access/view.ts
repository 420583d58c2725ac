import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const VIEW = { id: 'uuid', page: 'text', name: 'text', query: 'text' } as const;

/** Filters and order of a page that a person keeps under a name. */
export type ViewRow = RowOf<typeof VIEW>;

const LIST = statement(
  'list_views',
  VIEW,
  `select id, page, name, query from saved_view where user_id = $1 and ($2::text is null or page = $2)
   order by page, lower(name)`,
);

/** Lists the views that a person keeps of a page, or of all pages where it is null, by name. */
export function listViewRows(
  sql: Sql,
  of: { readonly userId: string; readonly page: string | null },
): Promise<readonly ViewRow[]> {
  return LIST.rows(sql, of.userId, of.page);
}

const SAVE = statement(
  'save_view',
  VIEW,
  `insert into saved_view (id, user_id, page, name, query, created_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (user_id, page, lower(name)) do update set name = excluded.name, query = excluded.query
   returning id, page, name, query`,
);

/** Saves a view, in the place of the person's view of that page with the same name; returns it as stored. */
export async function saveView(
  sql: Sql,
  view: ViewRow & { readonly userId: string; readonly createdAt: number },
): Promise<ViewRow> {
  const { id, userId, page, name, query, createdAt } = view;
  return (await SAVE.first(sql, id, userId, page, name, query, stamp(createdAt))) ?? view;
}

const DELETE = statement(
  'delete_view',
  { id: 'uuid' },
  'delete from saved_view where id = $1 and user_id = $2 returning id',
);

/** Deletes a view of a person; false when they have no such view. */
export async function deleteViewRow(
  sql: Sql,
  view: { readonly id: string; readonly userId: string },
): Promise<boolean> {
  return (await DELETE.first(sql, view.id, view.userId)) !== null;
}
