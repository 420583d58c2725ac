import { type Drawing, type Ink, label, line, type Place, type Shape } from './drawing.ts';
import { type ChartMark, footOf, gridOf, legendOf, marksOf, type Plot, plotOf } from './frame.ts';
import { scaleOf, type Unit } from './scale.ts';

/** One period of a trend. */
export interface TrendPoint {
  /** Null where nothing was counted: the line has a gap. */
  readonly value: number | null;
  /** The interval in which it lies with 95 % certainty, where it has one. */
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** Whether too few cases stand behind it. */
  readonly isSmall?: boolean;
  readonly hint: string;
}

export interface TrendLine {
  readonly label: string;
  readonly ink: Ink;
  readonly points: readonly TrendPoint[];
}

/** Lines over periods, with what was agreed on and what happened meanwhile. */
export interface Trend {
  readonly title: string;
  readonly unit: Unit;
  /** The words of the periods on the lower axis. */
  readonly periods: readonly string[];
  readonly lines: readonly TrendLine[];
  /** The range to be in. */
  readonly band?: readonly [number, number] | undefined;
  readonly limits?: readonly { readonly value: number; readonly text: string }[];
  readonly marks?: readonly ChartMark[];
}

/** Draws a trend: the agreed band, limits, a line for each series with the interval of each point, and marks of versions and notes. */
export function trendOf(trend: Trend, width = 720, height = 260): Drawing {
  const { title, unit, periods, lines, band, limits = [], marks = [] } = trend;
  const values = lines.flatMap(({ points }) => points.flatMap(({ value, high }) => [value ?? 0, high ?? 0]));
  const scale = scaleOf(unit, Math.max(...values, ...limits.map(({ value }) => value), ...(band ?? []), 0));
  const hasLegend = lines.length > 1;
  const plot = plotOf({ width, height }, scale, { withMarks: marks.length > 0, foot: hasLegend ? 22 : 0 });
  return {
    title,
    width,
    height,
    shapes: [
      ...gridOf(plot, scale),
      ...(band === undefined ? [] : bandOf(plot, band)),
      ...limits.flatMap(({ value, text }) => [
        line(
          [
            [plot.left, plot.y(value)],
            [plot.right, plot.y(value)],
          ],
          'limit',
          { dash: true },
        ),
        label(text, [plot.right, plot.y(value) - 4], { anchor: 'end', ink: 'limit' }),
      ]),
      ...footOf(plot, periods),
      ...marksOf(plot, periods.length, marks),
      ...lines.flatMap(one => lineOf(plot, one)),
      ...(hasLegend ? legendOf(lines, plot.left, height - 5) : []),
    ],
  };
}

function bandOf({ left, right, y }: Plot, [low, high]: readonly [number, number]): readonly Shape[] {
  return [{ kind: 'rect', x: left, y: y(high), width: right - left, height: y(low) - y(high), ink: 'band' }];
}

function lineOf(plot: Plot, { points, ink }: TrendLine): readonly Shape[] {
  const slot = (plot.right - plot.left) / Math.max(1, points.length);
  const x = (index: number) => plot.left + slot * (index + 0.5);
  const whiskers = points.flatMap(({ low, high }, index) =>
    low === null || low === undefined || high === null || high === undefined
      ? []
      : [
          line(
            [
              [x(index), plot.y(low)],
              [x(index), plot.y(high)],
            ],
            ink,
          ),
        ],
  );
  const runs = runsOf(points.map(({ value }, index) => (value === null ? null : [x(index), plot.y(value)])));
  const dots = points.flatMap(({ value, hint, isSmall = false }, index): readonly Shape[] =>
    value === null ? [] : [{ kind: 'dot', x: x(index), y: plot.y(value), ink, hollow: isSmall, hint }],
  );
  return [...whiskers, ...runs.map(run => line(run, ink, { width: 2 })), ...dots];
}

/** The stretches without a gap. */
function runsOf(places: readonly (Place | null)[]): readonly (readonly Place[])[] {
  const runs: Place[][] = [[]];
  for (const place of places) {
    if (place === null) runs.push([]);
    else runs.at(-1)?.push(place);
  }
  return runs.filter(run => run.length > 1);
}
