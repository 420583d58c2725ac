import type { Frame } from '../../core/report/frame.ts';
import type { SlaCount } from '../../core/report/sla.ts';
import { type Sql, statement } from '../database.ts';
import { packed, unpack } from './packed.ts';
import {
  AS_OF,
  CLOCK_STATES,
  CLOCKED,
  FRAME_SIZE,
  frameParams,
  GROUP_KEY,
  GROUP_LABEL,
  hourKey,
  IN_POPULATION,
  IS_MQL,
  LEADS,
} from './population.ts';

const BY = `$${FRAME_SIZE - 1}`;
const ZONE = `$${FRAME_SIZE + 1}`;

const counted = (kind: 'ft' | 'dc') => {
  const of = (state: string) => `count(*) filter (where ${kind}_state = '${state}') as ${kind}_${state}`;
  const missed = `filter (where ${kind}_state = 'missed')`;
  return `${of('kept')}, ${of('missed')}, ${of('running')}, ${packed(`${kind}_due`)} ${missed} as ${kind}_due,
     ${packed(`${kind}_stop`)} ${missed} as ${kind}_stopped`;
};

const COUNT = statement(
  'count_sla',
  {
    key: 'text?',
    label: 'text?',
    agreement_id: 'text',
    version: 'int4',
    entry: 'text?',
    handed_off: 'int8',
    ...{ ft_kept: 'int8', ft_missed: 'int8', ft_running: 'int8', ft_due: 'bytea?', ft_stopped: 'bytea?' },
    ...{ dc_kept: 'int8', dc_missed: 'int8', dc_running: 'int8', dc_due: 'bytea?', dc_stopped: 'bytea?' },
  },
  `select key, max(label) as label, agreement_id, version, entry, count(*) as handed_off, ${counted('ft')}, ${counted('dc')}
   from (
     select case ${BY} when 'entry' then ${CLOCKED.entry} when 'hour' then ${hourKey(ZONE)} else ${GROUP_KEY} end as key,
       ${GROUP_LABEL} as label, e.agreement_id, e.version, ${CLOCKED.entry} as entry,
       ${CLOCK_STATES.firstTouch} as ft_state, e.first_touch_due_at as ft_due, least(${AS_OF.touchedAt}, ${AS_OF.endedAt}) as ft_stop,
       ${CLOCK_STATES.decision} as dc_state, e.decision_due_at as dc_due, least(${AS_OF.decidedAt}, ${AS_OF.endedAt}) as dc_stop
     from ${LEADS} ${CLOCKED.join} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   group by key, agreement_id, version, entry`,
);

/** The clocks of leads that are due by one SLA entry of a version; `entry` null where none is known. */
export interface ClockedCount extends SlaCount {
  readonly agreementId: string;
  readonly version: number;
  readonly entry: string | null;
}

/** Counts how the clocks of leads went, by group and by the SLA entry that they are due by. */
export async function countSla(sql: Sql, frame: Frame): Promise<readonly ClockedCount[]> {
  const rows = await COUNT.rows(sql, ...frameParams(frame), frame.zone);
  return rows.map(row => ({
    ...{
      key: row.key,
      label: row.label,
      agreementId: row.agreement_id,
      version: row.version,
      entry: row.entry,
    },
    handedOff: row.handed_off,
    firstTouch: {
      ...{ kept: row.ft_kept, missed: row.ft_missed, running: row.ft_running },
      ...{ due: unpack(row.ft_due), stopped: unpack(row.ft_stopped) },
    },
    decision: {
      ...{ kept: row.dc_kept, missed: row.dc_missed, running: row.dc_running },
      ...{ due: unpack(row.dc_due), stopped: unpack(row.dc_stopped) },
    },
  }));
}
