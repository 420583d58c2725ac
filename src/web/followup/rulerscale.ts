import type { RulerStretch } from '../../core/worktime/ruler.ts';

/** The share of the width that a stretch takes which did not count, and the most that all of them take, in percent. */
const UNCOUNTED_SHARE = 5;
const MOST_UNCOUNTED = 45;

/**
 * How wide each stretch is drawn, in percent: what counted by its milliseconds, the rest narrow and alike, since a night
 * is longer than the day that it parts.
 *
 * @example widthsOf([{ countedMs: 1 }, { countedMs: 0 }, { countedMs: 3 }]) // [23.75, 5, 71.25]
 */
export function widthsOf(stretches: readonly Pick<RulerStretch, 'countedMs'>[]): readonly number[] {
  const counted = stretches.reduce((sum, { countedMs }) => sum + countedMs, 0);
  const blanks = stretches.filter(({ countedMs }) => countedMs === 0).length;
  if (counted === 0) return stretches.map(() => 100 / stretches.length);
  const blank = blanks === 0 ? 0 : Math.min(UNCOUNTED_SHARE, MOST_UNCOUNTED / blanks);
  const left = 100 - blank * blanks;
  return stretches.map(({ countedMs }) => (countedMs === 0 ? blank : (left * countedMs) / counted));
}

/**
 * Where an instant (epoch ms) lies on the ruler, in percent from its left; null when it lies outside.
 *
 * @example placeOf([{ from: '1970-01-01T00:00:00Z', to: '1970-01-01T00:00:01Z', countedMs: 1000 }], 250) // 25
 */
export function placeOf(
  stretches: readonly Pick<RulerStretch, 'from' | 'to' | 'countedMs'>[],
  at: number,
): number | null {
  const widths = widthsOf(stretches);
  let left = 0;
  for (const [index, { from, to }] of stretches.entries()) {
    const [begins, ends, width] = [Date.parse(from), Date.parse(to), widths[index] ?? 0];
    if (begins <= at && at <= ends)
      return left + (ends === begins ? 0 : (width * (at - begins)) / (ends - begins));
    left += width;
  }
  return null;
}
