import { figure, percentWords, whole } from '../text/number.ts';

/** What the values of an axis are: shares from 0 to 1, counts, points of a score, or milliseconds. */
export type Unit = 'share' | 'count' | 'points' | 'ms';

/** An axis from 0 to its end, with the values at which it is marked. */
export interface Scale {
  readonly end: number;
  readonly ticks: readonly number[];
  readonly words: (value: number) => string;
}

const STEPS = [1, 2, 5] as const;
const SPANS_MS = [
  60_000, 300_000, 900_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000,
  604_800_000, 1_209_600_000, 2_592_000_000, 7_776_000_000, 15_552_000_000, 31_104_000_000,
] as const;
/** About how many marks an axis has beside the one at 0. */
const MARKS = 5;

/**
 * The axis that holds all values up to a greatest one.
 *
 * @example scaleOf('count', 37).ticks // [0, 10, 20, 30, 40]
 * @example scaleOf('share', 0.4).ticks // [0, 0.25, 0.5, 0.75, 1]
 */
export function scaleOf(unit: Unit, greatest: number): Scale {
  const step = unit === 'share' ? 0.25 : unit === 'ms' ? spanStep(greatest) : wholeStep(greatest);
  const count = unit === 'share' ? 4 : Math.max(1, Math.ceil(greatest / step));
  return {
    end: step * count,
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    words: value => valueWords(unit, value, step),
  };
}

function wholeStep(greatest: number): number {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, greatest / MARKS))));
  return size * (STEPS.find(times => greatest / (times * size) <= MARKS) ?? 10);
}

function spanStep(greatest: number): number {
  return (
    SPANS_MS.find(step => greatest / step <= MARKS) ??
    Math.ceil(greatest / MARKS / 31_104_000_000) * 31_104_000_000
  );
}

function valueWords(unit: Unit, value: number, step: number): string {
  if (unit === 'share') return percentWords(value);
  if (unit !== 'ms') return unit === 'points' ? figure(value) : whole(value);
  const [sizeMs, name] =
    step >= 86_400_000 ? [86_400_000, 'd'] : step >= 3_600_000 ? [3_600_000, 'h'] : [60_000, 'min'];
  return value === 0 ? '0' : `${whole(value / sizeMs)} ${name}`;
}
