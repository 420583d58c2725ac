import { DAY_MS } from '../time/duration.ts';
import type { WorkCalendar } from './calendar.ts';

/** The working time of a calendar laid out once, for many spans within the same stretch of time. */
export interface Tape {
  /** The working milliseconds from one instant to a later one; 0 where the second is not later. Both within the tape. */
  readonly between: (from: number, to: number) => number;
}

/** Measures every moment: the calendar that is always open. */
const ALWAYS: Tape = { between: (from, to) => Math.max(0, to - from) };

/**
 * Lays a calendar out from one instant to another (epoch ms), after which a span costs two searches instead of a walk over
 * its days. A calendar of null is always open.
 *
 * @example layTape(null, { from: 0, to: 9 }).between(2, 5) // 3
 */
export function layTape(
  calendar: WorkCalendar | null,
  { from, to }: { readonly from: number; readonly to: number },
): Tape {
  if (calendar === null) return ALWAYS;
  const opens: number[] = [];
  const worked: number[] = [];
  const lengths: number[] = [];
  let sum = 0;
  for (let day = Math.floor(from / DAY_MS); day <= Math.floor(to / DAY_MS); day++) {
    for (const { open, close } of calendar.dayAt(day).stretches) {
      opens.push(open);
      worked.push(sum);
      lengths.push(close - open);
      sum += close - open;
    }
  }
  const starts = Float64Array.from(opens);
  const workedAt = (at: number) => {
    const index = lastBefore(starts, at);
    return index < 0 ? 0 : (worked[index] ?? 0) + Math.min(at - (starts[index] ?? 0), lengths[index] ?? 0);
  };
  return { between: (start, end) => (end <= start ? 0 : workedAt(end) - workedAt(start)) };
}

/** The place of the last opening at or before an instant; -1 where all are later. */
function lastBefore(starts: Float64Array, at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
