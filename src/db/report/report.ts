import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const COUNTS = { handed_off: 'int8', accepted: 'int8', rejected: 'int8', open: 'int8' } as const;

/** How many leads were handed over, and what was decided on them. */
export type CountRow = RowOf<typeof COUNTS>;

const counts = `count(*) as handed_off, count(*) filter (where e.decision = 'accepted') as accepted,
     count(*) filter (where e.decision = 'rejected') as rejected, count(*) filter (where e.decision is null) as open`;
// Leads that a disqualifier sent elsewhere say nothing of sales. All agreements are meant; they are joined so that the index by agreement and time of the handoff can be used.
const handedOff = `from agreement a join episode e on e.agreement_id = a.id
     where e.handed_off_at >= $1 and e.handed_off_at < $2 and e.disqualifier is null`;

/** From `from` up to, not including, `to`, by the time of the handoff; epoch ms. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const BY_MONTH = statement(
  'report_by_month',
  { key: 'text', ...COUNTS },
  `select to_char(month, 'YYYY-MM') as key, handed_off, accepted, rejected, open
   from (select date_trunc('month', e.handed_off_at at time zone 'UTC') as month, ${counts} ${handedOff} group by 1) m
   order by month`,
);

/** Counts the handoffs of each month (UTC) that had any. */
export function countByMonth(sql: Sql, { from, to }: Range) {
  return BY_MONTH.rows(sql, stamp(from), stamp(to));
}

/** Groups of a report beside months: the largest ones by name, the others as one. A hostile source can be anything. */
const MAX_GROUPS = 100;

const BY_OWNER = statement(
  'report_by_owner',
  { name: 'text?', mark: 'text?', ...COUNTS },
  `select coalesce(u.name, c.owner_name) as name, coalesce(u.email, c.owner_name) as mark, c.handed_off, c.accepted, c.rejected,
     c.open
   from (
     select e.owner_id, case when e.owner_id is null then e.owner_name end as owner_name, ${counts} ${handedOff} group by 1, 2) c
   left join app_user u on u.id = c.owner_id
   order by c.handed_off desc, 1 nulls last, u.id`,
);

/** Counts the handoffs of each owner, as another system named them where they are not users; a null name is nobody. */
export function countByOwner(sql: Sql, { from, to }: Range) {
  return BY_OWNER.rows(sql, stamp(from), stamp(to));
}

const byColumn = (column: 'source' | 'segment' | 'campaign') =>
  statement(
    `report_by_${column}`,
    { key: 'text?', is_rest: 'bool', ...COUNTS },
    `select case when place <= ${MAX_GROUPS} then key end as key, place > ${MAX_GROUPS} as is_rest,
       sum(handed_off)::bigint as handed_off, sum(accepted)::bigint as accepted, sum(rejected)::bigint as rejected,
       sum(open)::bigint as open
     from (
       select g.*, row_number() over (order by handed_off desc, key) as place
       from (select nullif(trim(e.${column}), '') as key, ${counts} ${handedOff} group by 1) g) ranked
     group by 1, 2
     order by 2, 3 desc, 1 nulls last`,
  );

const BY_COLUMN = {
  source: byColumn('source'),
  segment: byColumn('segment'),
  campaign: byColumn('campaign'),
} as const;

/** Counts the handoffs of each source, segment or campaign; a null key is an unknown one, or all the rest. */
export function countByColumn(sql: Sql, { from, to }: Range, column: keyof typeof BY_COLUMN) {
  return BY_COLUMN[column].rows(sql, stamp(from), stamp(to));
}

const BY_PATH = statement(
  'report_by_path',
  { name: 'text', mark: 'text', ...COUNTS },
  `select (array_agg(label order by last_at desc, label))[1] as name, path as mark, sum(handed_off)::bigint as handed_off,
     sum(accepted)::bigint as accepted, sum(rejected)::bigint as rejected, sum(open)::bigint as open
   from (
     select e.path, e.path_label as label, max(e.handed_off_at) as last_at, ${counts} ${handedOff} group by 1, 2) g
   group by path
   order by 3 desc, path`,
);

/** Counts the handoffs of each path to the MQL line, by its latest label. */
export function countByPath(sql: Sql, { from, to }: Range) {
  return BY_PATH.rows(sql, stamp(from), stamp(to));
}
