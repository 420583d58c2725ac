import { z } from 'zod';

/** A share of what was counted, from 0 to 1, with how sure one can be of it. */
export const rate = z.object({
  /** n / of; null where there is nothing to divide by. */
  value: z.number().nullable(),
  n: z.number(),
  of: z.number(),
  /** The 95 % interval after Wilson; null where there is nothing to divide by. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Whether `of` reaches the sample that the agreement asks for. */
  enough: z.boolean(),
});
export type Rate = z.infer<typeof rate>;

/** The sample below which a rate says little, where the agreement names none. */
export const USUAL_SAMPLE = 30;

/**
 * The share of `n` in `of`, of which `minSample` are enough.
 *
 * @example rateOf({ n: 30, of: 40 }, 30).value // 0.75
 * @example rateOf({ n: 0, of: 0 }, 30) // { value: null, n: 0, of: 0, low: null, high: null, enough: false }
 */
export function rateOf({ n, of }: { readonly n: number; readonly of: number }, minSample: number): Rate {
  if (of === 0) return { value: null, n, of, low: null, high: null, enough: false };
  const [low, high] = wilson(n, of);
  return { value: n / of, n, of, low, high, enough: of >= minSample };
}

/** The quantile of the normal distribution that leaves 2.5 % above it. */
export const Z95 = 1.959963984540054;

/**
 * The 95 % interval of a share: the score interval of Wilson (1927), as in Newcombe, Statistics in Medicine 17 (1998), method 3.
 *
 * @example wilson(0, 20)[0] // 0
 */
export function wilson(n: number, of: number): readonly [low: number, high: number] {
  const share = n / of;
  const spread = Z95 * Math.sqrt((share * (1 - share) + (Z95 * Z95) / (4 * of)) / of);
  const middle = share + (Z95 * Z95) / (2 * of);
  const scale = 1 + (Z95 * Z95) / of;
  return [
    n === 0 ? 0 : Math.max(0, (middle - spread) / scale),
    n === of ? 1 : Math.min(1, (middle + spread) / scale),
  ];
}

/**
 * Whether two rates differ by more than chance may explain: their intervals do not overlap. Null where one of them is empty.
 *
 * @example isClear(rateOf({ n: 10, of: 100 }, 30), rateOf({ n: 60, of: 100 }, 30)) // true
 */
export function isClear(a: Rate, b: Rate): boolean | null {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return null;
  return a.high < b.low || b.high < a.low;
}
