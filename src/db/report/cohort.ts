import type { CohortCount } from '../../core/report/cohort.ts';
import type { Frame, LeadGroup } from '../../core/report/frame.ts';
import type { Period } from '../../core/report/period.ts';
import { type Sql, stamp, statement } from '../database.ts';
import { FRAME_SIZE, frameParams, GROUP_KEY, IN_POPULATION, IS_FIRST, LEADS, WINS } from './population.ts';

const monthOf = (at: string) => `width_bucket(${at}, $${FRAME_SIZE + 1}::timestamptz[])`;

// A contact without a win is one row of the join, and so is each win. The first of a contact's rows counts the contact.
const COUNT = statement(
  'count_cohorts',
  {
    key: 'text?',
    months: 'int4?',
    currency: 'text?',
    contacts: 'int8',
    customers: 'int8',
    buyers: 'int8',
    value: 'float8',
  },
  `with lead as (
     select ${GROUP_KEY} as key, e.contact_id, e.handed_off_at from ${LEADS} where ${IN_POPULATION} and ${IS_FIRST} offset 0
   ), win as (${WINS} offset 0), won as (
     select lead.key, case when win.won_at is not null then
         greatest(0, ${monthOf('win.won_at')} - ${monthOf('lead.handed_off_at')}) end as months,
       case when win.amount is not null then coalesce(win.currency, 'unknown') end as currency, win.amount,
       row_number() over (partition by lead.contact_id order by win.won_at, win.id) as place,
       row_number() over (partition by lead.contact_id, win.amount is null, win.currency order by win.won_at, win.id) as buy
     from lead left join win on win.contact_id = lead.contact_id)
   select key, months, currency, count(*) filter (where place = 1) as contacts,
     count(*) filter (where place = 1 and months is not null) as customers,
     count(*) filter (where buy = 1 and amount is not null) as buyers, coalesce(sum(amount), 0) as value
   from won group by key, months, currency`,
);

/** Counts first MQLs by group, with what their contacts were won for so many of `months` later. */
export async function countCohorts(
  sql: Sql,
  frame: Frame,
  months: readonly Period[],
): Promise<readonly (LeadGroup & CohortCount)[]> {
  const rows = await COUNT.rows(
    sql,
    ...frameParams(frame),
    months.map(({ from }) => stamp(from)),
  );
  return rows.map(row => ({ ...row, label: null }));
}
