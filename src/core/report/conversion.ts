import { z } from 'zod';
import { DAY_MS } from '../time/duration.ts';
import { formatInstant, instant } from '../time/instant.ts';
import { type Frame, type LeadGroup, type RowHead, rowsOf } from './frame.ts';
import { rate, rateOf } from './rate.ts';

/** The stages that a lead may reach after its handoff. */
export const REACHES = ['sql', 'opportunity', 'won'] as const;
export type Reach = (typeof REACHES)[number];

/** After how many days of the handoff is looked. */
export const HORIZONS = { d30: 30, d60: 60, d90: 90, ever: null } as const;
export type Horizon = keyof typeof HORIZONS;
const HORIZON_NAMES = ['d30', 'd60', 'd90', 'ever'] as const satisfies readonly Horizon[];

/** The share of leads that reached a stage by a horizon; its value is null until the last of them is old enough. */
const reached = rate.extend({
  /** When the last lead of the row is old enough; missing where it is. */
  maturesAt: instant.optional(),
});
const horizons = z.object({ d30: reached, d60: reached, d90: reached, ever: reached });

/** How far the leads of a row came. */
export const conversion = z.object({
  handedOff: z.number(),
  reached: z.object({ sql: horizons, opportunity: horizons, won: horizons }),
});
export type Conversion = z.infer<typeof conversion>;

/** The leads of a group, and how many of them reached each stage by each horizon. */
export interface ConversionCount {
  readonly handedOff: number;
  readonly reached: Readonly<Record<Reach, Readonly<Record<Horizon, number>>>>;
}

/**
 * How far leads came whose last possible handoff is before `until` (epoch ms), as of `at`.
 *
 * @example conversionOf({ handedOff: 4, reached: { sql: { d30: 2, d60: 2, d90: 2, ever: 3 }, opportunity: { d30: 0, d60: 0, d90: 0, ever: 0 }, won: { d30: 0, d60: 0, d90: 0, ever: 0 } } }, { until: 0, at: 9e9, minSample: 1 }).reached.sql.d30.value // 0.5
 */
export function conversionOf(
  { handedOff, reached: counts }: ConversionCount,
  of: { readonly until: number; readonly at: number; readonly minSample: number },
): Conversion {
  const shareOf = (stage: Reach, horizon: Horizon) => {
    const days = HORIZONS[horizon];
    const share = rateOf({ n: counts[stage][horizon], of: handedOff }, of.minSample);
    const matures = days === null ? of.at : of.until + days * DAY_MS;
    if (matures <= of.at) return share;
    return { ...share, value: null, low: null, high: null, enough: false, maturesAt: formatInstant(matures) };
  };
  const horizonsOf = (stage: Reach) => ({
    d30: shareOf(stage, 'd30'),
    d60: shareOf(stage, 'd60'),
    d90: shareOf(stage, 'd90'),
    ever: shareOf(stage, 'ever'),
  });
  return {
    handedOff,
    reached: { sql: horizonsOf('sql'), opportunity: horizonsOf('opportunity'), won: horizonsOf('won') },
  };
}

/** The conversion report: its rows and their total. A row of time matures with its last day, others with the whole range. */
export function conversionReport(
  frame: Frame,
  counts: readonly (LeadGroup & ConversionCount)[],
  minSample: number,
): { readonly rows: readonly (RowHead & Conversion)[]; readonly total: Conversion } {
  const { at, range } = frame;
  return {
    rows: rowsOf(frame, counts, {
      size: ({ handedOff }) => handedOff,
      make: (count, period) =>
        conversionOf(count ?? sumOf([]), { until: period?.to ?? range.to, at, minSample }),
    }),
    total: conversionOf(sumOf(counts), { until: range.to, at, minSample }),
  };
}

function sumOf(counts: readonly ConversionCount[]): ConversionCount {
  const sum = (of: (count: ConversionCount) => number) =>
    counts.reduce((total, count) => total + of(count), 0);
  const sumsOf = (stage: Reach) => {
    const [d30, d60, d90, ever] = HORIZON_NAMES.map(horizon => sum(({ reached: by }) => by[stage][horizon]));
    return { d30: d30 ?? 0, d60: d60 ?? 0, d90: d90 ?? 0, ever: ever ?? 0 };
  };
  return {
    handedOff: sum(({ handedOff }) => handedOff),
    reached: { sql: sumsOf('sql'), opportunity: sumsOf('opportunity'), won: sumsOf('won') },
  };
}
