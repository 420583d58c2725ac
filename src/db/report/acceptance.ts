import type { AcceptanceCount } from '../../core/report/acceptance.ts';
import type { Frame, LeadGroup } from '../../core/report/frame.ts';
import { type Sql, statement } from '../database.ts';
import {
  AS_OF,
  FRAME_SIZE,
  frameParams,
  GROUP_KEY,
  GROUP_LABEL,
  IN_POPULATION,
  IS_MQL,
  LEADS,
} from './population.ts';

const WINDOW = `$${FRAME_SIZE + 1}::float8 * interval '1 millisecond'`;

const COUNT = statement(
  'count_acceptance',
  {
    key: 'text?',
    label: 'text?',
    handed_off: 'int8',
    accepted: 'int8',
    rejected: 'int8',
    elsewhere: 'int8',
    in_window: 'int8',
    window_over: 'int8',
  },
  `select key, max(label) as label, count(*) filter (where is_mql) as handed_off,
     count(*) filter (where is_mql and decision = 'accepted') as accepted,
     count(*) filter (where is_mql and decision = 'rejected') as rejected,
     count(*) filter (where not is_mql) as elsewhere,
     count(*) filter (where is_mql and is_over and decision = 'accepted' and decided_at <= window_end) as in_window,
     count(*) filter (where is_mql and is_over) as window_over
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, ${IS_MQL} as is_mql, ${AS_OF.decision} as decision,
       ${AS_OF.decidedAt} as decided_at, e.handed_off_at + ${WINDOW} as window_end, e.handed_off_at + ${WINDOW} <= $3 as is_over
     from ${LEADS} where ${IN_POPULATION} offset 0) lead
   group by key`,
);

/** Counts what sales decided by group; `windowMs` is the time it has for a decision, null where none is agreed. */
export async function countAcceptance(
  sql: Sql,
  frame: Frame,
  windowMs: number | null,
): Promise<readonly (LeadGroup & AcceptanceCount)[]> {
  const rows = await COUNT.rows(sql, ...frameParams(frame), windowMs);
  return rows.map(({ handed_off: handedOff, in_window: inWindow, window_over: windowOver, ...count }) => ({
    ...count,
    handedOff,
    inWindow,
    windowOver,
  }));
}
