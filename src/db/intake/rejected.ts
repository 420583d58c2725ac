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
  `select id, received_at, key_kind, reason, problems, call, replayed_at from rejected_call where id = $1`,
);

/** One rejected call; null when there is none of that id. */
export function loadRejected(sql: Sql, id: string) {
  return LOAD.first(sql, id);
}

const MARK = statement('mark_replayed', {}, 'update rejected_call set replayed_at = $2 where id = $1');

/** Notes that a rejected call was taken in after all. */
export async function markReplayed(sql: Sql, id: string, now: number): Promise<void> {
  await MARK.rows(sql, id, stamp(now));
}

const ADD_REJECTED = statement(
  'add_rejected',
  {},
  `insert into rejected_call (id, received_at, key_kind, reason, problems, call)
   select id, $2, $3, reason, problems, call
   from unnest($1::uuid[], $4::text[], $5::jsonb[], $6::jsonb[]) as new(id, reason, problems, call)`,
);

/** Keeps calls that cannot be used, with the reason. */
export async function addRejected(
  sql: Sql,
  calls: readonly {
    readonly id: string;
    readonly reason: string;
    readonly problems: unknown;
    readonly call: unknown;
  }[],
  from: { readonly now: number; readonly keyKind: string },
): Promise<void> {
  await ADD_REJECTED.rows(
    sql,
    calls.map(({ id }) => id),
    stamp(from.now),
    from.keyKind,
    calls.map(({ reason }) => reason),
    calls.map(({ problems }) => json(problems)),
    calls.map(({ call }) => json(call)),
  );
}
