import { type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { DUE } from '../decision/queue.ts';

const COUNT_OPEN = statement(
  'count_open_leads',
  {
    owner_id: 'text?',
    team: 'text?',
    load: 'int8',
    open: 'int8',
    soon: 'int8',
    late: 'int8',
    snoozed: 'int8',
  },
  `select owner_id, team, count(*) as load, count(*) filter (where for_sales) as open,
     count(*) filter (where for_sales and due >= $1 and due < $2) as soon,
     count(*) filter (where for_sales and due < $1) as late, count(*) filter (where for_sales and until > $1) as snoozed
   from (
     select e.owner_id, e.team, e.disqualifier is null as for_sales, ${DUE} as due, z.until
     from episode e left join snooze z on z.episode_id = e.id and z.owner_id = e.owner_id
     where e.state = 'open') open
   group by owner_id, team`,
);

/** Counts the leads that wait for a decision by owner and team: all, those of sales, due before `soon`, late, snoozed. Epoch ms. */
export function countOpenLeads(sql: Sql, at: { readonly now: number; readonly soon: number }) {
  return COUNT_OPEN.rows(sql, stamp(at.now), stamp(at.soon));
}

const COUNT_DECIDED = statement(
  'count_decided_leads',
  { owner_id: 'text?', team: 'text?', accepted: 'int8', rejected: 'int8' },
  `select owner_id, team, count(*) filter (where decision = 'accepted') as accepted,
     count(*) filter (where decision = 'rejected') as rejected
   from episode where decided_at >= $1 and disqualifier is null group by owner_id, team`,
);

/** Counts what was decided since an instant (epoch ms) by owner and team, of the leads of sales. */
export function countDecidedLeads(sql: Sql, since: number) {
  return COUNT_DECIDED.rows(sql, stamp(since));
}

/** Leads that sales has accepted and works on since before $1; what was decided later cannot be cold. */
const WORKED = `e.state in ('accepted', 'opportunity') and e.disqualifier is null
     and coalesce(e.decided_at, e.handed_off_at) < $1`;
/** Those of them for which nothing was logged since $1. */
const COLD = `${WORKED} and not exists (select from activity a where a.episode_id = e.id and a.at >= $1)`;

const COUNT_COLD = statement(
  'count_cold_leads',
  { owner_id: 'text?', team: 'text?', cold: 'int8' },
  `select e.owner_id, e.team, count(*) as cold from episode e where ${COLD} group by e.owner_id, e.team`,
);

/** Counts accepted leads for which nothing was logged since an instant (epoch ms), by owner and team. */
export function countColdLeads(sql: Sql, since: number) {
  return COUNT_COLD.rows(sql, stamp(since));
}

/** Which of the leads that go cold are meant; null does not narrow. */
interface ColdFilter {
  /** Nothing was logged since; epoch ms. */
  readonly since: number;
  readonly ownerId: string | null;
  readonly unownedOnly: boolean;
  readonly team: string | null;
}

const NARROW = `($2::text is null or e.owner_id = $2) and (not $3 or e.owner_id is null)
     and ($4::text is null or e.team = $4)`;

// Which leads come first is read from indexes alone; the leads themselves are read for the page that is shown.
const LIST_COLD = statement(
  'list_cold_leads',
  {
    id: 'uuid',
    last_at: 'timestamptz',
    last_kind: 'text?',
    amount: 'float8?',
    currency: 'text?',
  },
  `select e.id, page.last_at,
     case when last.at >= coalesce(e.decided_at, e.handed_off_at) then last.kind end as last_kind, e.amount, e.currency
   from (
     select id, last_at from (
       select e.id, latest.at, greatest(coalesce(e.decided_at, e.handed_off_at), latest.at) as last_at
       from episode e
       left join lateral (select a.at from activity a where a.episode_id = e.id order by a.at desc limit 1) latest on true
       where ${WORKED} and ${NARROW}) cold
     where (at is null or at < $1) and ($5::timestamptz is null or (last_at, id) > ($5, $6::uuid))
     order by last_at, id limit $7) page
   join episode e on e.id = page.id
   left join lateral (select a.at, a.kind from activity a where a.episode_id = e.id order by a.at desc limit 1) last on true
   order by page.last_at, e.id`,
);

/** Lists accepted leads for which nothing was logged for a while, the longest first. */
export function listColdRows(
  sql: Sql,
  page: {
    readonly filter: ColdFilter;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { filter, after, limit } = page;
  const { since, ownerId, unownedOnly, team } = filter;
  const at = stampOrNull(after?.at ?? null);
  return LIST_COLD.rows(sql, stamp(since), ownerId, unownedOnly, team, at, after?.id ?? null, limit);
}

const COUNT_LISTED = statement(
  'count_listed_cold_leads',
  { n: 'int8' },
  `select count(*) as n from episode e where ${COLD} and ${NARROW}`,
);

/** Counts those that {@link listColdRows} lists on all its pages. */
export async function countColdRows(sql: Sql, filter: ColdFilter): Promise<number> {
  const { since, ownerId, unownedOnly, team } = filter;
  return (await COUNT_LISTED.first(sql, stamp(since), ownerId, unownedOnly, team))?.n ?? 0;
}
