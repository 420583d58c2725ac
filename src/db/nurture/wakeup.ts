import { type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const DUE = statement(
  'find_due_wakeups',
  { id: 'uuid' },
  `select id from episode where wake_at <= $1 and not id = any($3::uuid[]) order by wake_at limit $2`,
);

/** The episodes whose date has come, up to `limit` but for some. */
export async function findDueWakeups(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await DUE.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.id);
}

const WAKE = statement(
  'wake_episodes',
  {
    id: 'uuid',
    contact_id: 'uuid',
    contact_name: 'text',
    agreement_id: 'text',
    version: 'int4',
    owner_id: 'text?',
    reason_label: 'text?',
    note: 'text?',
    decided_at: 'timestamptz?',
    decided_by: 'text?',
  },
  `update episode e set wake_at = null, woke_at = $2 from contact c
   where e.id = any($1::uuid[]) and e.wake_at <= $2 and c.id = e.contact_id
   returning e.id, e.contact_id, c.name as contact_name, e.agreement_id, e.version, e.owner_id, e.reason_label, e.note,
     e.decided_at, e.decided_by`,
);

/** Wakes episodes whose date has come still; returns them with what was said when they were rejected. */
export function wakeEpisodes(sql: Sql, ids: readonly string[], now: number) {
  return WAKE.rows(sql, ids, stamp(now));
}

const SET = statement(
  'set_wakeup',
  {},
  `update episode set wake_at = $2, woke_at = null, requalify_at = coalesce($2, requalify_at) where id = $1`,
);

/** Sets the date at which the owner looks at a lead again, which its wait ends with; null for none. */
export async function setWakeup(sql: Sql, episodeId: string, at: number | null): Promise<void> {
  await SET.rows(sql, episodeId, stampOrNull(at));
}

const DROP = statement(
  'drop_wakeups',
  {},
  `update episode set wake_at = null, woke_at = null
   where contact_id = any($1::uuid[]) and agreement_id = $2 and (wake_at is not null or woke_at is not null)`,
);

/** Forgets the dates that were set for contacts under an agreement. */
export async function dropWakeups(
  sql: Sql,
  contactIds: readonly string[],
  agreementId: string,
): Promise<void> {
  await DROP.rows(sql, contactIds, agreementId);
}

const WAKEUP = {
  id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  owner_id: 'text?',
  owner_name: 'text?',
  team: 'text?',
  reason: 'text?',
  reason_label: 'text?',
  note: 'text?',
  decided_at: 'timestamptz?',
  decided_by: 'text?',
  woke_at: 'timestamptz?',
  total: 'int4?',
  grade: 'text?',
} as const;

/** A lead to look at again, with its score as it is now. */
export type WakeupRow = RowOf<typeof WAKEUP>;

const LIST = statement(
  'list_wakeups',
  WAKEUP,
  `select e.id, e.contact_id, c.name as contact_name, c.title as contact_title, c.email as contact_email,
     c.company_name as contact_company, e.owner_id, u.name as owner_name, e.team, e.reason, e.reason_label, e.note, e.decided_at,
     e.decided_by, e.woke_at, s.total, s.grade
   from episode e join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
     left join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id
   where e.woke_at is not null and ($1::text is null or e.owner_id = $1)
     and ($3::uuid is null or (e.woke_at, e.id) > ($2::timestamptz, $3))
   order by e.woke_at, e.id limit $4`,
);

/** The leads whose date has come and that nobody has dealt with since, the longest due first. */
export function listWakeupRows(
  sql: Sql,
  page: {
    readonly ownerId: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly WakeupRow[]> {
  const { ownerId, after, limit } = page;
  return LIST.rows(sql, ownerId, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}
