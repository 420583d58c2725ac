/** A list that `pick` can always answer from. */
export type Filled<T> = readonly [T, ...T[]];

/** A seeded source of chance: the same seed gives the same draws, in the same order, on every machine. */
export interface Chance {
  /** A real number from 0 up to, not including, 1. */
  unit(): number;
  /** Whether something with probability `p` happens. */
  happens(p: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /** A real number from `from` up to `to`. */
  between(from: number, to: number): number;
  pick<T>(list: Filled<T>): T;
  /** So many items of a list, the same one perhaps more than once; at least one. */
  some<T>(list: Filled<T>, count: number): Filled<T>;
  /** An item, each as likely as its weight says; weights need not add up to anything. */
  weighted<T>(list: Filled<readonly [item: T, weight: number]>): T;
  /** A draw of the standard normal distribution (Box and Muller, 1958). */
  normal(): number;
  /** A draw whose logarithm is normal: `median` is its middle, `spread` the deviation of the logarithm. */
  skewed(shape: { readonly median: number; readonly spread: number }): number;
}

/**
 * Makes a source of chance from a seed and a stream number, so that each company of the demo has its own and a change
 * in one story leaves the others alone. The generator is sfc32 of Chris Doty-Humphrey's PractRand (public domain):
 * 128 bits of state, three additions, a shift-xor and a rotation; its first 15 outputs are passed over to mix the seed.
 *
 * @example makeChance(7, 0).whole(1, 6) // the same die each time
 */
export function makeChance(seed: number, stream: number): Chance {
  const unit = sfc32(seed, stream);
  const whole = (from: number, to: number) => from + Math.floor(unit() * (to - from + 1));
  const pick = <T>(list: Filled<T>) => list[Math.floor(unit() * list.length)] ?? list[0];
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return {
    unit,
    whole,
    normal,
    happens: p => unit() < p,
    between: (from, to) => from + unit() * (to - from),
    pick,
    some: (list, count) => [pick(list), ...Array.from({ length: count - 1 }, () => pick(list))],
    weighted: list => weighted(list, unit()),
    skewed: ({ median, spread }) => median * Math.exp(spread * normal()),
  };
}

function sfc32(seed: number, stream: number): () => number {
  let [a, b, c, counter] = [seed | 0, (seed / 2 ** 32) | 0, stream | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

function weighted<T>(list: Filled<readonly [item: T, weight: number]>, unit: number): T {
  let left = unit * list.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of list) {
    left -= weight;
    if (left < 0) return item;
  }
  return list[0][0];
}
