import type { Frame, LeadGroup } from '../../core/report/frame.ts';
import type { HealthCount } from '../../core/report/health.ts';
import { type Sql, statement } from '../database.ts';
import { AS_OF, frameParams, GROUP_KEY, GROUP_LABEL, IN_POPULATION, IS_MQL, LEADS } from './population.ts';

const COUNT = statement(
  'count_health',
  {
    key: 'text?',
    label: 'text?',
    score: 'int4',
    handed_off: 'int8',
    accepted: 'int8',
    rejected: 'int8',
    won: 'int8',
    so_far: 'int8',
  },
  `select key, max(label) as label, score, count(*) as handed_off,
     count(*) filter (where decision = 'accepted') as accepted, count(*) filter (where decision = 'rejected') as rejected,
     count(*) filter (where is_won) as won, count(*) filter (where is_there) as so_far
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, e.total as score, ${AS_OF.decision} as decision,
       ${AS_OF.wonAt} is not null as is_won, e.handed_off_at <= $3 as is_there
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   group by key, score`,
);

/** Counts what became of leads by group and by their total at the handoff. */
export async function countHealth(sql: Sql, frame: Frame): Promise<readonly (LeadGroup & HealthCount)[]> {
  const rows = await COUNT.rows(sql, ...frameParams(frame));
  return rows.map(({ handed_off: handedOff, so_far: soFar, ...count }) => ({ ...count, handedOff, soFar }));
}
