import { type ConversionCount, HORIZONS, REACHES } from '../../core/report/conversion.ts';
import type { Frame, LeadGroup } from '../../core/report/frame.ts';
import { type Sql, statement } from '../database.ts';
import { AS_OF, frameParams, GROUP_KEY, GROUP_LABEL, IN_POPULATION, IS_MQL, LEADS } from './population.ts';

const countsOf = REACHES.flatMap(stage =>
  Object.entries(HORIZONS).map(([name, days]) => {
    const within = days === null ? '' : ` and ${stage}_at <= handed_off_at + interval '${days * 24} hours'`;
    return `count(*) filter (where ${stage}_at is not null${within}) as ${stage}_${name}`;
  }),
);

const COUNT = statement(
  'count_conversion',
  {
    key: 'text?',
    label: 'text?',
    handed_off: 'int8',
    ...{ sql_d30: 'int8', sql_d60: 'int8', sql_d90: 'int8', sql_ever: 'int8' },
    ...{
      opportunity_d30: 'int8',
      opportunity_d60: 'int8',
      opportunity_d90: 'int8',
      opportunity_ever: 'int8',
    },
    ...{ won_d30: 'int8', won_d60: 'int8', won_d90: 'int8', won_ever: 'int8' },
  },
  `select key, max(label) as label, count(*) as handed_off, ${countsOf.join(', ')}
   from (
     select ${GROUP_KEY} as key, ${GROUP_LABEL} as label, e.handed_off_at, ${AS_OF.acceptedAt} as sql_at,
       ${AS_OF.opportunityAt} as opportunity_at, ${AS_OF.wonAt} as won_at
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   group by key`,
);

/** Counts how far leads came, by group. */
export async function countConversion(
  sql: Sql,
  frame: Frame,
): Promise<readonly (LeadGroup & ConversionCount)[]> {
  const rows = await COUNT.rows(sql, ...frameParams(frame));
  return rows.map(row => ({
    key: row.key,
    label: row.label,
    handedOff: row.handed_off,
    reached: {
      sql: { d30: row.sql_d30, d60: row.sql_d60, d90: row.sql_d90, ever: row.sql_ever },
      opportunity: {
        d30: row.opportunity_d30,
        d60: row.opportunity_d60,
        d90: row.opportunity_d90,
        ever: row.opportunity_ever,
      },
      won: { d30: row.won_d30, d60: row.won_d60, d90: row.won_d90, ever: row.won_ever },
    },
  }));
}
