/** A measurement, for example the seconds that one run took. */
type Measure = () => Promise<number>;

/**
 * Measures two sides in turns, so that a machine that slows down slows both; every other round begins with the other
 * side. Gives the median of each.
 */
export async function inTurns(
  sides: { readonly ours: Measure; readonly theirs: Measure },
  rounds: number,
): Promise<{ readonly ours: number; readonly theirs: number }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 1) theirs.push(await sides.theirs());
    ours.push(await sides.ours());
    if (round % 2 === 0) theirs.push(await sides.theirs());
  }
  return { ours: median(ours), theirs: median(theirs) };
}

/** The seconds that some work takes. */
export async function seconds(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** The middle of some numbers; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
