import { z } from 'zod';
import type { Acceptance } from './acceptance.ts';
import { type Frame, leadsOf, UNKNOWN } from './frame.ts';
import { rate, rateOf } from './rate.ts';
import { survive, waitUntil } from './survival.ts';

/** Amounts by currency. */
export const amounts = z.record(z.string(), z.number());
export type Amounts = z.infer<typeof amounts>;

/** What came of the leads of a source, a campaign or a content. */
export const source = z.object({
  handedOff: z.number(),
  acceptanceRate: rate,
  windowRate: rate,
  /** How many sales accepted, whatever came of them. */
  sql: z.number(),
  won: z.number(),
  /** What was won, by currency. */
  value: amounts,
  /** After how long half of them were touched, in ms of the clock; by Kaplan and Meier. */
  medianFirstTouchMs: z.number().nullable(),
});
type SourceFigures = z.infer<typeof source>;

const named = { key: z.string(), label: z.string(), leads: z.string() };
const content = source.extend(named);
const campaign = source.extend({ ...named, children: z.array(content) });

/** A source with its campaigns, and these with their contents. */
export const sourceRow = source.extend({ ...named, children: z.array(campaign) });
export type SourceRow = z.infer<typeof sourceRow>;

/** The leads of one content of a campaign of a source; what has no name is null. Times in epoch ms, NaN where there is none. */
export interface SourceCount extends Pick<Acceptance, 'handedOff' | 'accepted' | 'rejected'> {
  readonly source: string | null;
  readonly campaign: string | null;
  readonly content: string | null;
  readonly inWindow: number;
  readonly windowOver: number;
  readonly won: number;
  readonly value: Amounts;
  readonly starts: Float64Array;
  readonly touched: Float64Array;
  readonly ended: Float64Array;
}

const LEVELS = ['source', 'campaign', 'content'] as const;
type Level = (typeof LEVELS)[number];

/** The sources report: each source with its campaigns and their contents, the largest first, and the total. */
export function sourceReport(
  frame: Frame,
  counts: readonly SourceCount[],
  minSample: number,
): { readonly rows: SourceRow[]; readonly total: SourceFigures } {
  const figures = (of: readonly SourceCount[]) => figuresOf(of, { at: frame.at, minSample });
  const nameOf = (within: Readonly<Partial<Record<Level, string>>>, key: string, level: Level) => ({
    key,
    label: key === UNKNOWN ? 'Unknown' : key,
    leads: leadsOf(frame, {
      filters: Object.fromEntries(
        Object.entries({ ...within, [level]: key }).map(([name, value]) => [name, [value]]),
      ),
    }),
  });
  const rows = split(counts, 'source').map(([source, ofSource]) => ({
    ...nameOf({}, source, 'source'),
    ...figures(ofSource),
    children: split(ofSource, 'campaign').map(([campaign, ofCampaign]) => ({
      ...nameOf({ source }, campaign, 'campaign'),
      ...figures(ofCampaign),
      children: split(ofCampaign, 'content').map(([content, ofContent]) => ({
        ...nameOf({ source, campaign }, content, 'content'),
        ...figures(ofContent),
      })),
    })),
  }));
  return { rows, total: figures(counts) };
}

/** Counts by what they have at a level, the largest first, then by name. */
function split(counts: readonly SourceCount[], level: Level): readonly [string, readonly SourceCount[]][] {
  const parts = new Map<string, SourceCount[]>();
  for (const count of counts) {
    const key = count[level] ?? UNKNOWN;
    const known = parts.get(key);
    if (known === undefined) parts.set(key, [count]);
    else known.push(count);
  }
  const sizeOf = (of: readonly SourceCount[]) => of.reduce((sum, { handedOff }) => sum + handedOff, 0);
  const sized = [...parts].map(([key, of]) => ({ key, of, size: sizeOf(of) }));
  sized.sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1));
  return sized.map(({ key, of }) => [key, of]);
}

function figuresOf(
  counts: readonly SourceCount[],
  { at, minSample }: { readonly at: number; readonly minSample: number },
): SourceFigures {
  const sum = (of: (count: SourceCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  const accepted = sum(count => count.accepted);
  const touches: number[] = [];
  const waits: number[] = [];
  for (const { starts, touched, ended } of counts)
    for (const [index, start] of starts.entries()) {
      const touch = touched[index] ?? Number.NaN;
      const end = ended[index] ?? Number.NaN;
      if (!Number.isNaN(touch)) touches.push(Math.max(0, touch - start));
      else waits.push(Math.max(0, (Number.isNaN(end) ? at : Math.min(end, at)) - start));
    }
  return {
    handedOff: sum(count => count.handedOff),
    acceptanceRate: rateOf({ n: accepted, of: accepted + sum(count => count.rejected) }, minSample),
    windowRate: rateOf({ n: sum(count => count.inWindow), of: sum(count => count.windowOver) }, minSample),
    sql: accepted,
    won: sum(count => count.won),
    value: addAmounts(counts.map(({ value }) => value)),
    medianFirstTouchMs: waitUntil(survive(touches, waits), 0.5),
  };
}

/**
 * Adds amounts up, each currency for itself, to the hundredth.
 *
 * @example addAmounts([{ EUR: 1.1, USD: 2 }, { EUR: 2.2 }]) // { EUR: 3.3, USD: 2 }
 */
export function addAmounts(all: readonly Amounts[]): Amounts {
  const sums: Record<string, number> = {};
  for (const amount of all)
    for (const [currency, value] of Object.entries(amount)) sums[currency] = (sums[currency] ?? 0) + value;
  return Object.fromEntries(
    Object.entries(sums).map(([currency, value]) => [currency, Math.round(value * 100) / 100]),
  );
}
