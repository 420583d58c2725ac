import { fate, type LeakageGroup, type Stop } from '../../core/report/leakage.ts';
import { type Sql, stamp, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

/** Groups of a report beside months: the largest ones by name, the others as one. A hostile source can be anything. */
const MAX_GROUPS = 100;

const lost = (step: Stop['step'], reason: Stop['reason']) => `'lost ${step} ${reason} '`;
const pending = (step: Stop['step'], reason: Stop['reason']) => `'pending ${step} ${reason} '`;

// The first step that a lead did not take: outcome, step, reason, and the id of what the reason is about. They are one
// value while leads are counted: counting by several columns, or by an array, takes up to twice as long.
const FATE = `case
  when e.disqualifier is not null then
    case when e.state = 'disqualified' then ${lost('handedOff', 'closed')} else ${lost('handedOff', 'sent')} end
      || e.disqualifier
  when e.owner_id is null and e.decision is null and e.state = 'open' then
    case when x.due_at > $3 then 'pending owned ' else 'lost owned ' end || coalesce(x.kind || ' ' || x.reason, 'no_exception ')
  when e.state = 'open' and not (${MAY_OWN}) then ${lost('owned', 'owner_left')}
  when coalesce(e.first_touch_at, e.decided_at) > e.first_touch_due_at then
    case when e.decision is null then ${lost('touched', 'touched_late')} else ${lost('touched', 'decided_late_touch')} end
  when e.first_touch_at is null and e.state = 'open' then
    case when e.first_touch_due_at <= $3 then ${lost('touched', 'untouched')} else ${pending('touched', 'due')} end
  when e.first_touch_at is null and e.decision is null and e.state in ('recycled', 'disqualified') then
    ${lost('touched', 'ended_untouched')}
  when e.state = 'open' then
    case when e.decision_due_at <= $3 then ${lost('decided', 'undecided')} else ${pending('decided', 'due')} end
  when e.decision is null and e.state in ('recycled', 'disqualified') then ${lost('decided', 'ended')}
  else 'decided' end`;

const partOf = (place: number) => `nullif(split_part(fate, ' ', ${place}), '')`;

// All agreements are meant; they are joined so that the index by agreement and time of the handoff can be used.
const IN_RANGE = 'e.handed_off_at >= $1 and e.handed_off_at < $2 and not e.imported';
const WAITING = `('unassigned', 'missing_data', 'duplicate')`;

// Each lead is read once and put into words; what cannot be merged into the counting above it (offset 0) is counted by
// hashing few values, where sorting all leads by their texts took four times as long. Months are named once they are counted.
const COUNT = statement(
  'count_fates',
  {
    month: 'text?',
    key: 'text?',
    mark: 'text?',
    is_rest: 'bool',
    outcome: 'text',
    step: 'text?',
    reason: 'text?',
    about: 'text?',
    count: 'int8',
  },
  `with held as (
     select distinct on (episode_id) episode_id, kind, reason, due_at from exception
     where closed_at is null and episode_id is not null and kind in ${WAITING} order by episode_id, due_at
   ), lead as (
     select case when $4 = 'month' then date_trunc('month', e.handed_off_at at time zone 'UTC') end as month,
       case $4 when 'source' then e.source when 'owner' then u.name when 'segment' then e.segment
         when 'campaign' then e.campaign end as key,
       case when $4 = 'owner' then u.email end as mark, ${FATE} as fate
     from agreement a join episode e on e.agreement_id = a.id left join app_user u on u.id = e.owner_id
       left join held x on x.episode_id = e.id
     where ${IN_RANGE} offset 0
   ), counted as (
     select month, nullif(trim(key), '') as key, mark, fate, sum(count) as count
     from (select month, key, mark, fate, count(*) as count from lead group by 1, 2, 3, 4) c group by 1, 2, 3, 4
   ), sized as (
     select c.*, sum(count) over (partition by month, key, mark) as size from counted c
   ), ranked as (
     select s.*, month is null and dense_rank() over (order by size desc, key, mark) > ${MAX_GROUPS} as is_rest from sized s
   ), named as (
     select to_char(month, 'YYYY-MM') as month, case when not is_rest then key end as key,
       case when not is_rest then mark end as mark, is_rest, fate, sum(count)::bigint as count
     from ranked group by 1, 2, 3, 4, 5
   )
   select month, key, mark, is_rest, ${partOf(1)} as outcome, ${partOf(2)} as step, ${partOf(3)} as reason,
     ${partOf(4)} as about, count
   from named
   order by is_rest, sum(count) over (partition by month, key, mark, is_rest) desc, 1, 2, 3, fate`,
);

/** From `from` up to, not including, `to`, by the time of the handoff; epoch ms. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Counts the live handoffs of a range by group and by where they stopped as of `now`. A null key is an unknown source,
 * owner, segment or campaign, or all the rest; by month it is null.
 */
export async function countFates(
  sql: Sql,
  range: Range,
  of: { readonly by: LeakageGroup; readonly now: number },
) {
  const rows = await COUNT.rows(sql, stamp(range.from), stamp(range.to), stamp(of.now), of.by);
  return rows.map(({ outcome, step, reason, about, ...group }) => ({
    ...group,
    fate: fate.parse({ outcome, step, reason, about }),
  }));
}

// As floats: sorting the numerics that extract gives takes twice as long.
const ms = (later: string, earlier: string) => `date_part('epoch', ${later} - ${earlier}) * 1000`;
const middle = (share: number, of: string) => `percentile_disc(${share}) within group (order by ${of})`;
const HANDED_OFF = ms('handed_off_at', 'qualified_at');
const OWNED = ms('owned_at', 'handed_off_at');
const TOUCHED = ms('greatest(first_touch_at, owned_at)', 'owned_at');

const DURATIONS = statement(
  'measure_leads',
  {
    handed_off: 'int8',
    handed_off_median: 'float8?',
    handed_off_p90: 'float8?',
    owned: 'int8',
    owned_median: 'float8?',
    owned_p90: 'float8?',
    touched: 'int8',
    touched_median: 'float8?',
    touched_p90: 'float8?',
  },
  `with held as (
     select episode_id, max(closed_at) as closed_at from exception
     where closed_at is not null and episode_id is not null and kind in ${WAITING} group by episode_id
   ), lead as (
     select e.qualified_at, e.handed_off_at, e.first_touch_at,
       case when e.owner_id is not null then coalesce(x.closed_at, e.handed_off_at) end as owned_at
     from agreement a join episode e on e.agreement_id = a.id left join held x on x.episode_id = e.id
     where ${IN_RANGE} and e.disqualifier is null
   )
   select count(*) as handed_off, ${middle(0.5, HANDED_OFF)} as handed_off_median, ${middle(0.9, HANDED_OFF)} as handed_off_p90,
     count(owned_at) as owned, ${middle(0.5, OWNED)} as owned_median, ${middle(0.9, OWNED)} as owned_p90,
     count(first_touch_at) filter (where owned_at is not null) as touched, ${middle(0.5, TOUCHED)} as touched_median,
     ${middle(0.9, TOUCHED)} as touched_p90
   from lead`,
);

/** Measures how long leads took from qualifying to the handoff, to an owner, and to the first touch; in ms. */
export function measureLeads(sql: Sql, { from, to }: Range) {
  return DURATIONS.first(sql, stamp(from), stamp(to));
}

const LEFT_ALONE = statement(
  'count_left_alone',
  { reason: 'text', count: 'int8' },
  `select left_alone as reason, count(*) as count from standing where left_alone is not null
   group by left_alone order by 2 desc, 1`,
);

/** Counts who qualifies now and was left alone on purpose, by why. */
export function countLeftAlone(sql: Sql) {
  return LEFT_ALONE.rows(sql);
}
