import { type Sql, stamp, stampOrNull, statement } from './database.ts';

const LIST = statement(
  'list_alerts',
  {
    id: 'uuid',
    at: 'timestamptz',
    label: 'text',
    text: 'text',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    read_at: 'timestamptz?',
  },
  `select id, at, label, text, contact_id, episode_id, read_at from alert
   where user_id = $1 and (not $2 or read_at is null) and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
   order by at desc, id desc limit $5`,
);

/** Lists a person's alerts, newest first, from behind `after` on. */
export function listAlertRows(
  sql: Sql,
  page: {
    readonly userId: string;
    readonly unreadOnly: boolean;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { userId, unreadOnly, after, limit } = page;
  return LIST.rows(sql, userId, unreadOnly, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const COUNT = statement(
  'count_unread_alerts',
  { n: 'int8' },
  'select count(*) as n from alert where user_id = $1 and read_at is null',
);

/** Counts the alerts that a person has not read. */
export async function countUnread(sql: Sql, userId: string): Promise<number> {
  return (await COUNT.first(sql, userId))?.n ?? 0;
}

const READ = statement(
  'mark_alerts_read',
  {},
  `update alert set read_at = $3
   where user_id = $1 and read_at is null and ($2::uuid[] is null or id = any($2::uuid[]))`,
);

/** Marks alerts of a person as read: these, or all for null. Those of others are left alone. */
export async function markRead(
  sql: Sql,
  mark: { readonly userId: string; readonly ids: readonly string[] | null; readonly now: number },
): Promise<void> {
  await READ.rows(sql, mark.userId, mark.ids, stamp(mark.now));
}
