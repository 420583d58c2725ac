import { percentWords, whole } from '../text/number.ts';
import { isClear, type Rate, rateOf } from './rate.ts';

/** How a rate stands to another one; `unclear` where chance may explain the difference, null where one has no cases. */
export type RateChange = 'higher' | 'lower' | 'unclear';

/**
 * Compares a rate with an earlier or another one by their intervals.
 *
 * @example compare(rateOf({ n: 90, of: 100 }, 30), rateOf({ n: 40, of: 100 }, 30)) // 'higher'
 * @example compare(rateOf({ n: 3, of: 4 }, 30), rateOf({ n: 2, of: 4 }, 30)) // 'unclear'
 */
export function compare(rate: Rate, other: Rate): RateChange | null {
  const clear = isClear(rate, other);
  if (clear === null) return null;
  if (!clear) return 'unclear';
  return (rate.value ?? 0) > (other.value ?? 0) ? 'higher' : 'lower';
}

/**
 * The rate of several groups together, counted from their cases.
 *
 * @example together([rateOf({ n: 1, of: 2 }, 30), rateOf({ n: 5, of: 6 }, 30)], 30).value // 0.75
 */
export function together(rates: readonly Rate[], minSample: number): Rate {
  const n = rates.reduce((sum, rate) => sum + rate.n, 0);
  return rateOf({ n, of: rates.reduce((sum, rate) => sum + rate.of, 0) }, minSample);
}

/**
 * A rate in percent: whole below 1,000 cases, with one decimal from there on; a dash without cases.
 *
 * @example rateWords(rateOf({ n: 30, of: 40 }, 30)) // '75%'
 * @example rateWords(rateOf({ n: 675, of: 1000 }, 30)) // '67.5%'
 */
export function rateWords({ value, of }: Pick<Rate, 'value' | 'of'>): string {
  return value === null || of < 1000 ? percentWords(value) : `${(value * 100).toFixed(1)}%`;
}

/**
 * The interval of a rate in percent; nothing without cases.
 *
 * @example intervalWords(rateOf({ n: 30, of: 40 }, 30)) // '60–86%'
 */
export function intervalWords({ low, high }: Rate): string {
  return low === null || high === null ? '' : `${Math.round(low * 100)}–${percentWords(high)}`;
}

/** A rate with what it was counted from. @example casesWords(rateOf({ n: 30, of: 40 }, 30)) // '75% (30 of 40)' */
export function casesWords(rate: Rate): string {
  return rate.of === 0 ? 'no cases' : `${rateWords(rate)} (${whole(rate.n)} of ${whole(rate.of)})`;
}
