import { z } from 'zod';
import { groupBy } from '../contact/group.ts';
import { DAY_MS } from '../time/duration.ts';
import type { Definition } from './answer.ts';
import { auc, aucOf, type ScoreTally } from './auc.ts';
import { INTERVAL, POPULATION } from './definition.ts';
import { type Frame, type LeadGroup, leadsOf, type RowHead, rowsOf } from './frame.ts';
import { rate, rateOf } from './rate.ts';
import type { Targets } from './verdict.ts';

/** What the rows of the report on the health of scores may be grouped by. */
export const HEALTH_GROUPS = ['month', 'grade', 'tenth', 'band'] as const;

/** What became of leads with some total at their handoff. */
export const health = z.object({
  handedOff: z.number(),
  acceptanceRate: rate,
  /** won / handed over */
  wonRate: rate,
  /** The mean total at the handoff; null without leads. */
  meanTotal: z.number().nullable(),
});
export type Health = z.infer<typeof health>;

/** What is said of all leads alone. */
export const healthTotal = health.extend({
  auc,
  /** MQLs a week, beside what the agreement aims at; null for less than a week, and where nothing is aimed at. */
  mqlPerWeek: z.object({ mean: z.number().nullable(), target: z.number().nullable() }),
});

/** Leads of one total at their handoff, counted by what became of them. */
export interface HealthCount extends ScoreTally {
  readonly handedOff: number;
  readonly won: number;
  /** Handed over by the instant as of which the report is asked. */
  readonly soFar: number;
}

/** What became of leads, of which `minSample` are enough for a rate. */
export function healthOf(counts: readonly HealthCount[], minSample: number): Health {
  const [handedOff, accepted, rejected, won] = [
    sumOf(counts, count => count.handedOff),
    sumOf(counts, count => count.accepted),
    sumOf(counts, count => count.rejected),
    sumOf(counts, count => count.won),
  ];
  return {
    handedOff,
    acceptanceRate: rateOf({ n: accepted, of: accepted + rejected }, minSample),
    wonRate: rateOf({ n: won, of: handedOff }, minSample),
    meanTotal: handedOff === 0 ? null : sumOf(counts, count => count.score * count.handedOff) / handedOff,
  };
}

const WEEK_MS = 7 * DAY_MS;

/** The report on the health of scores: by time or grade, or by how high the score was. */
export function healthReport(frame: Frame, counts: readonly (LeadGroup & HealthCount)[], targets: Targets) {
  const { minSample, mqlPerWeek: target = null } = targets;
  const make = (group: readonly HealthCount[]) => healthOf(group, minSample);
  const weeks = (Math.min(frame.range.to, frame.at) - frame.range.from) / WEEK_MS;
  const mean = weeks < 1 ? null : sumOf(counts, count => count.soFar) / weeks;
  return {
    rows: isScale(frame.by) ? scaleRows(frame, counts, frame.by, make) : groupRows(frame, counts, make),
    total: { ...make(counts), auc: aucOf(counts), mqlPerWeek: { mean, target } },
  };
}

type Scale = 'tenth' | 'band';

function isScale(by: string): by is Scale {
  return by === 'tenth' || by === 'band';
}

function groupRows(
  frame: Frame,
  counts: readonly (LeadGroup & HealthCount)[],
  make: (group: readonly HealthCount[]) => Health,
): readonly (RowHead & Health)[] {
  const groups = [...groupBy(counts, count => count.key)].map(([key, members]) => ({
    ...{ key, label: null, members },
  }));
  return rowsOf(frame, groups, {
    size: ({ members }) => sumOf(members, count => count.handedOff),
    make: group => make(group?.members ?? []),
  });
}

/** The rows of a scale, from the lowest scores to the highest. */
function scaleRows(
  frame: Frame,
  counts: readonly HealthCount[],
  by: Scale,
  make: (group: readonly HealthCount[]) => Health,
): readonly (RowHead & Health)[] {
  const sorted = [...counts].sort((a, b) => a.score - b.score);
  const groups = by === 'band' ? groupBy(sorted, ({ score }) => Math.floor(score / BAND)) : tenthsOf(sorted);
  return [...groups].map(([place, members]) => {
    const first = by === 'band' ? place * BAND : (members[0]?.score ?? 0);
    const last = by === 'band' ? first + BAND - 1 : (members.at(-1)?.score ?? 0);
    const points = first === last ? `${first} points` : `${first} to ${last} points`;
    return {
      key: by === 'band' ? `${first}-${last}` : String(place),
      label: by === 'band' ? points : `Tenth ${place}: ${points}`,
      leads: leadsOf(frame, { which: { minTotal: String(first), maxTotal: String(last) } }),
      ...make(members),
    };
  });
}

/** How many points a band has. */
const BAND = 10;

/**
 * Puts leads, from the lowest score to the highest, into ten groups of equal size, as far as that goes without telling equal
 * scores apart: leads of one score are all in the tenth of the middle one of them.
 *
 * @example [...tenthsOf([{ score: 5, handedOff: 1 }, { score: 9, handedOff: 9 }]).keys()] // [1, 6]
 */
export function tenthsOf<Counted extends { readonly score: number; readonly handedOff: number }>(
  sorted: readonly Counted[],
): ReadonlyMap<number, readonly Counted[]> {
  const of = sumOf(sorted, count => count.handedOff);
  let below = 0;
  const middles = new Map<number, number>();
  for (const [score, members] of groupBy(sorted, count => count.score)) {
    const size = sumOf(members, count => count.handedOff);
    middles.set(score, below + size / 2);
    below += size;
  }
  return groupBy(sorted, ({ score }) => 1 + Math.floor((10 * (middles.get(score) ?? 0)) / of));
}

function sumOf<Counted>(counts: readonly Counted[], of: (count: Counted) => number): number {
  return counts.reduce((total, count) => total + of(count), 0);
}

/** What the figures of the report on the health of scores are. */
export const HEALTH_DEFINITIONS: readonly Definition[] = [
  POPULATION,
  {
    id: 'groups',
    text: 'The score is the total that the lead had at its handoff. Bands are tens of points. Tenths are ten groups of equal size from the lowest scores to the highest; leads of one score are never parted, so they can differ in size, and one can be missing. Rows of bands and tenths come from low to high.',
  },
  {
    id: 'acceptanceRate',
    text: 'Sales acceptance rate: accepted ÷ (accepted + rejected). Where the score means something it rises with the score.',
  },
  {
    id: 'wonRate',
    text: 'Won: won ÷ handed off, of all leads of the row, also of those that are still open.',
  },
  {
    id: 'meanTotal',
    text: 'Mean score at the handoff. Where it rises from month to month and acceptance does not, points are given too easily.',
  },
  {
    id: 'auc',
    text: 'AUC: of all pairs of an accepted and a rejected lead, the share in which the accepted one has the higher score; equal scores count half. 0.5 is as good as a coin, 1 is without a mistake. Beside it stands the range in which it lies with 95 % certainty (DeLong).',
  },
  {
    id: 'mqlPerWeek',
    text: 'MQLs a week: leads handed off so far ÷ weeks of the period that are over, beside what the agreement aims at (targets.mqlPerWeek). There is none before a week is over.',
  },
  INTERVAL,
];
