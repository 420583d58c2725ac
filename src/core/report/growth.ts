import { z } from 'zod';
import type { AcceptanceCount } from './acceptance.ts';
import type { Definition } from './answer.ts';
import { POPULATION } from './definition.ts';
import { type Frame, type LeadGroup, type RowHead, rowsOf } from './frame.ts';
import { isMonth, monthsBefore, type Period } from './period.ts';

/** How many leads a month has, and how many more or fewer than the one before it. */
export const growth = z.object({
  count: z.number(),
  /** (this − last) / last; null when the month before has none. */
  growth: z.number().nullable(),
  /** The mean growth of this month and the two before it; null where one of them has none. */
  mean3: z.number().nullable(),
});
export type Growth = z.infer<typeof growth>;

/** The leads of a month: those handed over, and those of them that sales accepted. */
export const velocityRate = z.object({ mql: growth, sql: growth });

/** The months that the mean of a growth reaches back. */
const MEAN = 3;

/**
 * How the last of some counts, one for each month, has grown on the one before it, and on average over three months.
 *
 * @example growthOf([180, 216]) // { count: 216, growth: 0.2, mean3: null }
 */
export function growthOf(counts: readonly number[]): Growth {
  const grown = (back: number) => {
    const [now, last] = [counts.at(-1 - back), counts.at(-2 - back)];
    return now === undefined || last === undefined || last === 0 ? null : (now - last) / last;
  };
  const known = Array.from({ length: MEAN }, (_, back) => grown(back)).filter(one => one !== null);
  const sum = known.reduce((total, one) => total + one, 0);
  return { count: counts.at(-1) ?? 0, growth: grown(0), mean3: known.length < MEAN ? null : sum / MEAN };
}

/** The frame by month, reaching back to the months with which its first ones are compared. */
export function growthFrame(frame: Frame): Frame {
  const before = monthsBefore(frame.range.from, MEAN, frame.zone);
  const from = before[0]?.from ?? frame.range.from;
  return { ...frame, range: { from, to: frame.range.to }, periods: [...before, ...(frame.periods ?? [])] };
}

/** The report of lead velocity; `counts` are those of {@link growthFrame}. */
export function growthReport(frame: Frame, counts: readonly (LeadGroup & AcceptanceCount)[]) {
  const known = new Map(counts.map(count => [count.key, count]));
  const own = frame.periods ?? [];
  const months = growthFrame(frame).periods ?? [];
  const series = months.flatMap(({ key, from }, index) => {
    // What the first month has before the range is of that month, and not of the report.
    if (from < frame.range.from && key === own[0]?.key) return [];
    const count = known.get(String(index + 1));
    return [{ key, mql: count?.handedOff ?? 0, sql: count?.accepted ?? 0 }];
  });
  const figureOf = (of: 'mql' | 'sql', period: Period | null) => {
    const last = series.findIndex(({ key }) => key === period?.key);
    return growthOf(series.slice(Math.max(0, last - MEAN), last + 1).map(month => month[of]));
  };
  const rows: readonly (RowHead & z.infer<typeof velocityRate> & { readonly whole: boolean })[] = rowsOf(
    frame,
    [],
    {
      size: () => 0,
      make: (_, period) => ({
        mql: figureOf('mql', period),
        sql: figureOf('sql', period),
        whole: period !== null && period.to <= frame.at && isMonth(period, frame.zone),
      }),
    },
  );
  const totalOf = (of: 'mql' | 'sql'): Growth => ({
    count: rows.reduce((sum, row) => sum + row[of].count, 0),
    ...{ growth: null, mean3: null },
  });
  return { rows, total: { mql: totalOf('mql'), sql: totalOf('sql') } };
}

/** What the figures of the report on lead velocity are. */
export const GROWTH_DEFINITIONS: readonly Definition[] = [
  POPULATION,
  {
    id: 'sql',
    text: 'SQLs: the MQLs of the month that sales has accepted. They count in the month of their handoff, not in that of the decision, so the SQLs of late months still grow.',
  },
  {
    id: 'growth',
    text: 'Lead velocity rate: (leads of the month − leads of the month before) ÷ leads of the month before. The first month is compared with the one before it, also where that lies outside the period. There is none where the month before has no leads.',
  },
  {
    id: 'mean3',
    text: 'Three-month mean: the mean of the lead velocity rates of the month and of the two before it, as one month alone swings. There is none where one of the three has none.',
  },
  {
    id: 'whole',
    text: 'A month that is not over, or that the period covers in part, is not whole: its growth compares a part with a whole month.',
  },
];
