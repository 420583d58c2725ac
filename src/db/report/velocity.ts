import type { Frame } from '../../core/report/frame.ts';
import type { LeadTimes } from '../../core/report/velocity.ts';
import { type Sql, statement } from '../database.ts';
import { packed, unpack } from './packed.ts';
import {
  AS_OF,
  CLOCKED,
  frameParams,
  GROUP_KEY,
  GROUP_LABEL,
  IN_POPULATION,
  IS_MQL,
  LEADS,
} from './population.ts';

const IS_ACCEPTED = 'filter (where accepted_at is not null)';

const TIMES = statement(
  'load_lead_times',
  {
    key: 'text?',
    label: 'text?',
    agreement_id: 'text',
    version: 'int4',
    entry: 'text?',
    handed_off: 'bytea',
    touched: 'bytea',
    decided: 'bytea',
    ended: 'bytea',
    accepted: 'bytea?',
    opportunity: 'bytea?',
    won: 'bytea?',
    closed: 'bytea?',
  },
  `select key, max(label) as label, agreement_id, version, entry, ${packed('handed_off_at')} as handed_off,
     ${packed('touched_at')} as touched, ${packed('decided_at')} as decided, ${packed('ended_at')} as ended,
     ${packed('accepted_at')} ${IS_ACCEPTED} as accepted, ${packed('opportunity_at')} ${IS_ACCEPTED} as opportunity,
     ${packed('won_at')} ${IS_ACCEPTED} as won, ${packed('ended_at')} ${IS_ACCEPTED} as closed
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, e.agreement_id, e.version, ${CLOCKED.entry} as entry, e.handed_off_at,
       ${AS_OF.touchedAt} as touched_at, ${AS_OF.decidedAt} as decided_at, ${AS_OF.endedAt} as ended_at,
       ${AS_OF.acceptedAt} as accepted_at, ${AS_OF.opportunityAt} as opportunity_at, ${AS_OF.wonAt} as won_at
     from ${LEADS} ${CLOCKED.join} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   group by key, agreement_id, version, entry`,
);

/** The times of leads that are due by one SLA entry of a version; `entry` null where none is known. */
export interface ClockedTimes extends LeadTimes {
  readonly agreementId: string;
  readonly version: number;
  readonly entry: string | null;
}

/** Loads when things happened to the leads of a report, by group and by the SLA entry that they are due by. */
export async function loadLeadTimes(sql: Sql, frame: Frame): Promise<readonly ClockedTimes[]> {
  const rows = await TIMES.rows(sql, ...frameParams(frame));
  return rows.map(row => ({
    ...{
      key: row.key,
      label: row.label,
      agreementId: row.agreement_id,
      version: row.version,
      entry: row.entry,
    },
    handedOff: unpack(row.handed_off),
    touched: unpack(row.touched),
    decided: unpack(row.decided),
    ended: unpack(row.ended),
    accepted: unpack(row.accepted),
    opportunity: unpack(row.opportunity),
    won: unpack(row.won),
    closed: unpack(row.closed),
  }));
}
