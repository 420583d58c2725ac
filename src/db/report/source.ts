import type { Population } from '../../core/report/frame.ts';
import type { Amounts, SourceCount } from '../../core/report/source.ts';
import { type Sql, statement } from '../database.ts';
import { packed, unpack } from './packed.ts';
import {
  AS_OF,
  IN_POPULATION,
  IS_MQL,
  LEADS,
  LEVELS,
  POPULATION_SIZE,
  populationParams,
} from './population.ts';

const WINDOW = `$${POPULATION_SIZE + 1}::float8 * interval '1 millisecond'`;

const COUNT = statement(
  'count_sources',
  {
    source: 'text?',
    campaign: 'text?',
    content: 'text?',
    handed_off: 'int8',
    accepted: 'int8',
    rejected: 'int8',
    in_window: 'int8',
    window_over: 'int8',
    won: 'int8',
    starts: 'bytea',
    touched: 'bytea',
    ended: 'bytea',
  },
  `select source, campaign, content, count(*) as handed_off, count(*) filter (where decision = 'accepted') as accepted,
     count(*) filter (where decision = 'rejected') as rejected,
     count(*) filter (where window_end <= $3 and decision = 'accepted' and decided_at <= window_end) as in_window,
     count(*) filter (where window_end <= $3) as window_over, count(won_at) as won,
     ${packed('handed_off_at')} as starts, ${packed('touched_at')} as touched, ${packed('ended_at')} as ended
   from (
     select ${LEVELS}, e.handed_off_at, e.handed_off_at + ${WINDOW} as window_end, ${AS_OF.decision} as decision,
       ${AS_OF.decidedAt} as decided_at, ${AS_OF.wonAt} as won_at, ${AS_OF.touchedAt} as touched_at, ${AS_OF.endedAt} as ended_at
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} offset 0) lead
   group by 1, 2, 3`,
);

const VALUE = statement(
  'sum_won_value',
  { source: 'text?', campaign: 'text?', content: 'text?', currency: 'text', amount: 'float8' },
  `select source, campaign, content, currency, sum(amount) as amount
   from (
     select ${LEVELS}, coalesce(${AS_OF.currency}, 'unknown') as currency, ${AS_OF.amount} as amount
     from ${LEADS} where ${IN_POPULATION} and ${IS_MQL} and ${AS_OF.wonAt} is not null offset 0) lead
   where amount is not null
   group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
);

/** Counts leads by source, campaign and content; `windowMs` is the time for a decision, null where none is agreed. */
export async function countSources(
  sql: Sql,
  population: Population,
  windowMs: number | null,
): Promise<readonly SourceCount[]> {
  const [rows, values] = await Promise.all([
    COUNT.rows(sql, ...populationParams(population), windowMs),
    VALUE.rows(sql, ...populationParams(population)),
  ]);
  const worth = new Map<string, Amounts>();
  for (const row of values) worth.set(nameOf(row), { ...worth.get(nameOf(row)), [row.currency]: row.amount });
  return rows.map(row => ({
    ...{ source: row.source, campaign: row.campaign, content: row.content },
    ...{ handedOff: row.handed_off, accepted: row.accepted, rejected: row.rejected },
    ...{ inWindow: row.in_window, windowOver: row.window_over, won: row.won },
    value: worth.get(nameOf(row)) ?? {},
    ...{ starts: unpack(row.starts), touched: unpack(row.touched), ended: unpack(row.ended) },
  }));
}

function nameOf({ source, campaign, content }: Pick<SourceCount, 'source' | 'campaign' | 'content'>): string {
  return JSON.stringify([source, campaign, content]);
}
