import { percentWords, whole } from '../text/number.ts';

/** What the values of an axis are: shares from 0 to 1, or counts. */
export type Unit = 'share' | 'count';

/** An axis from 0 to its end, with the values at which it is marked. */
export interface Scale {
  readonly end: number;
  readonly ticks: readonly number[];
  readonly words: (value: number) => string;
}

const STEPS = [1, 2, 5] as const;
/** About how many marks an axis has beside the one at 0. */
const MARKS = 5;

/**
 * The axis that holds all values up to a greatest one.
 *
 * @example scaleOf('count', 37).ticks // [0, 10, 20, 30, 40]
 * @example scaleOf('share', 0.4).ticks // [0, 0.25, 0.5, 0.75, 1]
 */
export function scaleOf(unit: Unit, greatest: number): Scale {
  const step = unit === 'share' ? 0.25 : wholeStep(greatest);
  const count = unit === 'share' ? 4 : Math.max(1, Math.ceil(greatest / step));
  return {
    end: step * count,
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    words: unit === 'share' ? percentWords : whole,
  };
}

function wholeStep(greatest: number): number {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, greatest / MARKS))));
  return size * (STEPS.find(times => greatest / (times * size) <= MARKS) ?? 10);
}
