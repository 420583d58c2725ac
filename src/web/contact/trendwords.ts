import { figure, signed } from '../../core/text/number.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import type { CallOutput } from '../client/client.ts';
import { momentWords } from '../words/time.ts';

export type Course = CallOutput<'getContactCourse'>;
export type Step = Course['steps'][number];

/** A point of the chart; a score holds from its point until the next one. */
interface Row {
  readonly at: number;
  readonly total: number | null;
  readonly scores: Readonly<Record<string, number>>;
}

/** The points of the chart, to its right edge; a score that stops applying holds until that very instant. */
export function chartRows({ steps, to }: Pick<Course, 'steps' | 'to'>): readonly Row[] {
  const rows = steps.flatMap((step, index): readonly Row[] => {
    const before = steps[index - 1];
    const row = { at: Date.parse(step.at), total: step.total, scores: step.scores };
    const isEnd = before !== undefined && before.total !== null && step.total === null;
    return isEnd ? [{ at: row.at, total: before.total, scores: before.scores }, row] : [row];
  });
  const last = rows.at(-1);
  return last === undefined ? [] : [...rows, { ...last, at: Math.max(last.at, Date.parse(to)) }];
}

/** The spans of time in which the contact qualified, by whichever path. Epoch milliseconds. */
export function qualifiedSpans({
  steps,
  to,
}: Pick<Course, 'steps' | 'to'>): readonly { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = [];
  steps.forEach((step, index) => {
    if (step.qualifies === null) return;
    const [from, end] = [Date.parse(step.at), Date.parse(steps[index + 1]?.at ?? to)];
    const last = spans.at(-1);
    if (last?.to === from) last.to = end;
    else spans.push({ from, to: end });
  });
  return spans;
}

/** The place of the step that holds at an instant; the first one before all. `at` in epoch ms. */
export function stepIndexAt(steps: readonly Step[], at: number): number {
  let [low, high] = [0, steps.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(steps[middle]?.at ?? '') <= at) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The place of the step that a pointer means: of those within `reach` of it the one that moved the total most, else the
 * one that holds there. Both in epoch ms.
 */
export function stepIndexNear(
  steps: readonly Step[],
  { at, reach }: { readonly at: number; readonly reach: number },
): number {
  const last = stepIndexAt(steps, at + reach);
  let found = stepIndexAt(steps, at);
  let most = -1;
  for (let index = stepIndexAt(steps, at - reach) + 1; index <= last; index += 1) {
    const moved = Math.abs((steps[index]?.total ?? 0) - (steps[index - 1]?.total ?? 0));
    if (moved > most) [found, most] = [index, moved];
  }
  return found;
}

/** A vertical axis: its ends and its ticks, at round figures. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** About how many parts the vertical axis has. */
const PARTS = 4;

/**
 * An axis that shows every value and zero, with ticks at 1, 2 or 5 times a power of ten.
 *
 * @example axisOf([-3, 67]).ticks // [-20, 0, 20, 40, 60, 80]
 */
export function axisOf(values: readonly number[]): Axis {
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1, 0, ...values);
  const rough = Math.max(1, (high - low) / PARTS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10);
  const from = Math.floor(low / size);
  const to = Math.ceil(high / size);
  // Zero is written without a sign, also where the axis begins below it.
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * size + 0);
  return { low: from * size + 0, high: to * size, ticks };
}

/** The days between two ticks of the time axis. */
const TICK_DAYS = [1, 2, 7, 14, 30, 61, 91, 182, 365];
const MOST_TICKS = 8;

/** Midnights in the viewer's zone to be marked on the time axis: at most eight, evenly apart. Epoch ms. */
export function timeTicks(from: number, to: number): readonly number[] {
  const days =
    TICK_DAYS.find(size => (to - from) / DAY_MS / size <= MOST_TICKS) ??
    Math.ceil((to - from) / DAY_MS / MOST_TICKS);
  const midnight = new Date(from);
  midnight.setHours(24, 0, 0, 0);
  const ticks: number[] = [];
  while (midnight.getTime() < to) {
    ticks.push(midnight.getTime());
    midnight.setDate(midnight.getDate() + days);
  }
  return ticks;
}

/** A step in words, for those who hear the chart: when, how much, by how much more or less, and why. */
export function stepWords(step: Step, before: Step | undefined): string {
  const when = momentWords(Date.parse(step.at));
  if (step.total === null) return `${when}: not scored`;
  const moved = before?.total == null || before.total === step.total ? null : step.total - before.total;
  const parts = [
    `total ${figure(step.total)}${moved === null ? '' : `, ${signed(moved)}`}`,
    step.qualifies === null ? null : 'qualifies',
    step.why === '' ? null : step.why,
  ];
  return `${when}: ${parts.filter(part => part !== null).join('; ')}`;
}
