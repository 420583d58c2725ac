import { z } from 'zod';
import { Z95 } from './rate.ts';

/** How many leads with one score were accepted, and how many rejected. */
export interface ScoreTally {
  readonly score: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** How well a score tells accepted leads from rejected ones: 0.5 as well as a coin, 1 without a mistake. */
export const auc = z.object({
  /** Null unless there are both accepted and rejected leads. */
  value: z.number().nullable(),
  /** The 95 % interval; null unless there are two of each. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** How many decided leads it rests on. */
  n: z.number(),
});
export type Auc = z.infer<typeof auc>;

/**
 * The share of pairs of an accepted and a rejected lead in which the accepted one has the higher score; ties count half.
 * Its interval is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).
 *
 * @example aucOf([{ score: 60, accepted: 0, rejected: 2 }, { score: 80, accepted: 2, rejected: 0 }]).value // 1
 */
export function aucOf(tallies: readonly ScoreTally[]): Auc {
  const sorted = [...tallies].sort((a, b) => a.score - b.score);
  const accepted = sum(sorted.map(tally => tally.accepted));
  const rejected = sum(sorted.map(tally => tally.rejected));
  const n = accepted + rejected;
  if (accepted === 0 || rejected === 0) return { value: null, low: null, high: null, n };
  // For each score: of an accepted lead with it, the share of rejected ones below; of a rejected one, the share of accepted ones above.
  const places: { readonly tally: ScoreTally; readonly below: number; readonly above: number }[] = [];
  let [seenAccepted, seenRejected] = [0, 0];
  for (const tally of sorted) {
    places.push({
      tally,
      below: (seenRejected + tally.rejected / 2) / rejected,
      above: (accepted - seenAccepted - tally.accepted / 2) / accepted,
    });
    seenAccepted += tally.accepted;
    seenRejected += tally.rejected;
  }
  const value = sum(places.map(({ tally, below }) => tally.accepted * below)) / accepted;
  if (accepted < 2 || rejected < 2) return { value, low: null, high: null, n };
  const spreadOf = (count: 'accepted' | 'rejected', share: 'below' | 'above', of: number) =>
    sum(places.map(place => place.tally[count] * (place[share] - value) ** 2)) / (of - 1) / of;
  const spread =
    Z95 * Math.sqrt(spreadOf('accepted', 'below', accepted) + spreadOf('rejected', 'above', rejected));
  return { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread), n };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
