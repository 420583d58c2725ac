import type { Drawing, Ink, Shape } from './drawing.ts';
import { type ChartMark, footOf, gridOf, legendOf, marksOf, plotOf } from './frame.ts';
import { scaleOf } from './scale.ts';

/** One part of a column. */
export interface StackPart {
  readonly value: number;
  readonly hint: string;
  readonly leads?: string | undefined;
}

/** Columns of counts, each of parts that lie upon each other in the order of `series`. */
export interface Stack {
  readonly title: string;
  readonly periods: readonly string[];
  readonly series: readonly {
    readonly label: string;
    readonly ink: Ink;
    readonly parts: readonly StackPart[];
  }[];
  readonly marks?: readonly ChartMark[];
}

/** The widest a column gets, in pixels. */
const COLUMN_PX = 44;

/** Draws columns of counts from the bottom up, with what their colours stand for. */
export function stackOf({ title, periods, series, marks = [] }: Stack, width = 720, height = 240): Drawing {
  const sums = periods.map((_, index) =>
    series.reduce((sum, { parts }) => sum + (parts[index]?.value ?? 0), 0),
  );
  const scale = scaleOf('count', Math.max(0, ...sums));
  const plot = plotOf({ width, height }, scale, { withMarks: marks.length > 0, foot: 22 });
  const slot = (plot.right - plot.left) / Math.max(1, periods.length);
  const column = Math.min(COLUMN_PX, slot * 0.7);
  const bars = periods.flatMap((_, index) => {
    let below = 0;
    return series.flatMap(({ ink, parts }): readonly Shape[] => {
      const part = parts[index];
      if (part === undefined || part.value === 0) return [];
      const [from, to] = [plot.y(below), plot.y(below + part.value)];
      below += part.value;
      const { hint, leads } = part;
      const x = plot.left + slot * (index + 0.5) - column / 2;
      return [{ kind: 'rect', x, y: to, width: column, height: from - to, ink, hint, leads }];
    });
  });
  return {
    title,
    width,
    height,
    shapes: [
      ...gridOf(plot, scale),
      ...footOf(plot, periods),
      ...marksOf(plot, periods.length, marks),
      ...bars,
      ...legendOf(series, plot.left, height - 5),
    ],
  };
}
