import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const COLUMNS = {
  id: 'uuid',
  received_at: 'timestamptz',
  key_kind: 'text',
  reason: 'text',
  problems: 'jsonb',
  call: 'jsonb',
  replayed_at: 'timestamptz?',
} as const;

const LIST = statement(
  'list_rejected',
  COLUMNS,
  `select id, received_at, key_kind, reason, problems, call, replayed_at from rejected_call
   where $1::timestamptz is null or (received_at, id) < ($1, $2::uuid)
   order by received_at desc, id desc limit $3`,
);

/** Rejected calls, newest first, from after a position. */
export function listRejectedRows(
  sql: Sql,
  from: { readonly after: { readonly at: number; readonly id: string } | null; readonly limit: number },
) {
  return LIST.rows(sql, stampOrNull(from.after?.at ?? null), from.after?.id ?? null, from.limit);
}

const LOAD = statement(
  'load_rejected',
  COLUMNS,
  `select id, received_at, key_kind, reason, problems, call, replayed_at from rejected_call where id = $1 for update`,
);

/** Locks and loads one rejected call; null when there is none of that id. */
export function loadRejected(sql: Sql, id: string) {
  return LOAD.first(sql, id);
}

const MARK = statement('mark_replayed', {}, 'update rejected_call set replayed_at = $2 where id = $1');

/** Notes that a rejected call was taken in after all. */
export async function markReplayed(sql: Sql, id: string, now: number): Promise<void> {
  await MARK.rows(sql, id, stamp(now));
}

/** A call that cannot be used, with the reason. */
export interface NewRejected {
  readonly id: string;
  readonly reason: string;
  readonly problems: unknown;
  readonly call: unknown;
}

// The day of the key counts first, and its row is locked by that: so several nodes together keep no more.
const ADD_REJECTED = statement(
  'add_rejected',
  { id: 'uuid' },
  `with today as (
     insert into rejected_day as known (key_id, day, seen, kept)
     values ($7, ($2::timestamptz at time zone 'UTC')::date, cardinality($1::uuid[]), least(cardinality($1::uuid[]), $8::int8))
     on conflict (key_id, day) do update set seen = known.seen + excluded.seen,
       kept = greatest(known.kept, least(known.seen + excluded.seen, $8::int8))
     returning seen
   )
   insert into rejected_call (id, received_at, key_kind, reason, problems, call)
   select new.id, $2, $3, new.reason, new.problems, new.call
   from today cross join unnest($1::uuid[], $4::text[], $5::jsonb[], $6::jsonb[])
     with ordinality as new(id, reason, problems, call, place)
   where today.seen - cardinality($1::uuid[]) + new.place <= $8::int8 returning id`,
);

/** Keeps calls that cannot be used, at most so many a day for a key, and counts them all; returns how many it kept. */
export async function addRejected(
  sql: Sql,
  calls: readonly NewRejected[],
  from: { readonly now: number; readonly keyId: string; readonly trust: string; readonly most: number },
): Promise<number> {
  const kept = await ADD_REJECTED.rows(
    sql,
    calls.map(({ id }) => id),
    stamp(from.now),
    from.trust,
    calls.map(({ reason }) => reason),
    calls.map(({ problems }) => json(problems)),
    calls.map(({ call }) => json(call)),
    from.keyId,
    from.most,
  );
  return kept.length;
}

const ADD_NOTICES = statement(
  'add_rejected_notices',
  { cause: 'text' },
  `insert into rejected_notice (day, cause, noticed_at)
   select ($1::timestamptz at time zone 'UTC')::date, cause, $1 from unnest($2::text[]) as new(cause)
   on conflict do nothing returning cause`,
);

/** Notes that people are notified of these causes of rejected calls; returns those that nobody was notified of on that day. */
export async function addRejectedNotices(
  sql: Sql,
  causes: readonly string[],
  now: number,
): Promise<readonly string[]> {
  return (await ADD_NOTICES.rows(sql, stamp(now), [...causes].sort())).map(({ cause }) => cause);
}

const COUNT_NOT_KEPT = statement(
  'count_not_kept',
  { n: 'int8' },
  `select coalesce(sum(seen - kept), 0)::int8 as n from rejected_day where day >= ($1::timestamptz at time zone 'UTC')::date`,
);

/** How many rejected calls since the day of an instant were counted and not kept. */
export async function countNotKept(sql: Sql, since: number): Promise<number> {
  return (await COUNT_NOT_KEPT.first(sql, stamp(since)))?.n ?? 0;
}

const PURGE = statement(
  'purge_rejected',
  { id: 'uuid' },
  `with days as (delete from rejected_day where day < ($1::timestamptz at time zone 'UTC')::date),
     notices as (delete from rejected_notice where day < ($1::timestamptz at time zone 'UTC')::date)
   delete from rejected_call where id in (
     select id from rejected_call where received_at < $1 order by received_at limit $2 for update skip locked)
   returning id`,
);

/** Deletes rejected calls received before an instant, at most so many, and what was counted of days before; returns how many calls. */
export async function purgeRejected(sql: Sql, before: number, limit: number): Promise<number> {
  return (await PURGE.rows(sql, stamp(before), limit)).length;
}
