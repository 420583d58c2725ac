import { type Sql, stamp, statement } from '../database.ts';

const FIND_DUE = statement(
  'find_due_bulletins',
  { id: 'text' },
  `select u.id from app_user u left join preference p on p.user_id = u.id
   where u.active and u.role = 'manager' and coalesce(p.bulletin, 'daily') = 'daily'
     and (p.bulletin_due_at is null or p.bulletin_due_at <= $1) and u.id <> all($3::text[])
   order by p.bulletin_due_at nulls first, u.id limit $2`,
);

/** Managers, up to `limit` but for some, whose bulletin is due, or who have no time for it yet. */
export async function findDueBulletins(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_DUE.rows(sql, stamp(due.now), due.limit, due.but)).map(({ id }) => id);
}

const SAVE = statement(
  'save_bulletin_time',
  { was_due_at: 'timestamptz?', told_at: 'timestamptz?' },
  `with known as (select bulletin_due_at, bulletin_told_at from preference where user_id = $1 for update), saved as (
     insert into preference (user_id, bulletin_due_at) values ($1, $2)
     on conflict (user_id) do update set bulletin_due_at = excluded.bulletin_due_at,
       bulletin_told_at = case when preference.bulletin_due_at <= $3 then $3 else preference.bulletin_told_at end
   )
   select bulletin_due_at as was_due_at, bulletin_told_at as told_at from known`,
);

/**
 * Sets when a manager's next bulletin is due and gives what held before: when this one was due, and up to when the last
 * one told; null when there was none. Times in epoch ms.
 */
export function saveBulletinTime(
  sql: Sql,
  of: { readonly userId: string; readonly dueAt: number; readonly now: number },
) {
  return SAVE.first(sql, of.userId, stamp(of.dueAt), stamp(of.now));
}

const TEAM_VIEW = statement(
  'load_team_view',
  {
    user_id: 'text',
    name: 'text',
    fresh: 'int8',
    open: 'int8',
    overdue: 'int8',
    waiting: 'int8',
  },
  `with fresh as (
     select owner_id, count(*) as n from episode
     where handed_off_at > $2 and handed_off_at <= $3 and owner_id = any($1::text[]) and not imported group by owner_id
   ), held as (
     select owner_id, count(*) as n, count(*) filter (
       where case when first_touch_at is null then first_touch_due_at else decision_due_at end <= $3) as overdue
     from episode where ended_at is null and state = 'open' and owner_id = any($1::text[]) group by owner_id
   ), waits as (
     select owner_id, count(*) as n from exception where closed_at is null and owner_id = any($1::text[]) group by owner_id
   )
   select u.id as user_id, u.name, coalesce(f.n, 0) as fresh, coalesce(h.n, 0) as open, coalesce(h.overdue, 0) as overdue,
     coalesce(w.n, 0) as waiting
   from app_user u left join fresh f on f.owner_id = u.id left join held h on h.owner_id = u.id
     left join waits w on w.owner_id = u.id
   where u.active and u.id = any($1::text[])
   order by u.name, u.id`,
);

/** What each of these people has on the table at `now`, with the leads that came since `since`; epoch ms. */
export function loadTeamView(
  sql: Sql,
  of: { readonly userIds: readonly string[]; readonly since: number; readonly now: number },
) {
  return TEAM_VIEW.rows(sql, of.userIds, stamp(of.since), stamp(of.now));
}
