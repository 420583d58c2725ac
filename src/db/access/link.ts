import type { LinkKind } from '../../core/access/link.ts';
import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const LINK = { id: 'uuid', user_id: 'text', kind: 'text', expires_at: 'timestamptz' } as const;

/** A link that lets a person in once. */
export type LinkRow = RowOf<typeof LINK>;

const SAVE = statement(
  'save_access_link',
  LINK,
  `insert into access_link (id, user_id, kind, created_at, expires_at) values ($1, $2, $3, $4, $5)
   on conflict (user_id, kind) do update set id = excluded.id, created_at = excluded.created_at, expires_at = excluded.expires_at
   returning id, user_id, kind, expires_at`,
);

/** Makes a link for a person in place of an earlier one of its kind; epoch ms. */
export function saveLink(
  sql: Sql,
  link: {
    readonly id: string;
    readonly userId: string;
    readonly kind: LinkKind;
    readonly now: number;
    readonly expiresAt: number;
  },
): Promise<LinkRow | null> {
  const { id, userId, kind, now, expiresAt } = link;
  return SAVE.first(sql, id, userId, kind, stamp(now), stamp(expiresAt));
}

const LOAD = statement(
  'load_access_link',
  LINK,
  'select id, user_id, kind, expires_at from access_link where id = $1 for update',
);

/** Loads a link by its id and locks it until the transaction ends. */
export function loadLink(sql: Sql, id: string): Promise<LinkRow | null> {
  return LOAD.first(sql, id);
}

const DELETE = statement('delete_access_links', {}, 'delete from access_link where user_id = $1');

/** Makes every link of a person stop. */
export async function deleteLinks(sql: Sql, userId: string): Promise<void> {
  await DELETE.rows(sql, userId);
}

const INVITATIONS = statement(
  'list_invitations',
  { user_id: 'text', expires_at: 'timestamptz' },
  `select user_id, expires_at from access_link where kind = 'invitation' order by user_id`,
);

/** Lists the people who were invited and have not chosen a password since, with when their links end. */
export async function listInvitations(sql: Sql): Promise<ReadonlyMap<string, number>> {
  return new Map((await INVITATIONS.rows(sql)).map(row => [row.user_id, row.expires_at]));
}
