import type { Frame } from '../../core/report/frame.ts';
import { type Sql, statement } from '../database.ts';
import {
  AS_OF,
  CLOCK_STATES,
  CLOCKED,
  frameParams,
  GROUP_KEY,
  GROUP_LABEL,
  IN_POPULATION,
  IS_MQL,
  LEADS,
} from '../report/population.ts';

const COUNT = statement(
  'count_open_work',
  { key: 'text?', label: 'text?', open: 'int8', late: 'int8' },
  `select key, max(label) as label, count(*) as open, count(*) filter (where is_late) as late
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, ${AS_OF.decision} is null and e.state <> 'handled' as is_open,
       (${CLOCK_STATES.firstTouch} = 'missed' and ${AS_OF.touchedAt} is null) or ${CLOCK_STATES.decision} = 'missed' as is_late
     from ${LEADS} ${CLOCKED.join} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   where is_open group by key`,
);

/** Counts the leads of a frame that are not decided, and those of them whose first touch or decision is past due. */
export function countOpenWork(sql: Sql, frame: Frame) {
  return COUNT.rows(sql, ...frameParams(frame));
}
