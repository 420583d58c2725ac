import { type Drawing, type Ink, label, line, type Place, type Shape } from './drawing.ts';
import { gridOf, legendOf, plotOf } from './frame.ts';
import { scaleOf } from './scale.ts';

/** How something happens to more and more leads as time passes. */
export interface Curve {
  readonly title: string;
  readonly lines: readonly {
    readonly label: string;
    readonly ink: Ink;
    /** The share to which it has not happened by then, in steps that go down. */
    readonly steps: readonly { readonly ms: number; readonly share: number }[];
  }[];
  /** Where the lower axis ends, ms. */
  readonly until: number;
}

/** Shares at which people ask how long it took. */
const ASKED = [0.5, 0.9] as const;

/** Draws the share of leads to which something has happened by a time, in steps; half and nine of ten are marked. */
export function curveOf({ title, lines, until }: Curve, width = 720, height = 240): Drawing {
  const upright = scaleOf('share', 1);
  const plot = plotOf({ width, height }, upright, { foot: 22 });
  const across = scaleOf('ms', Math.max(1, until));
  const x = (ms: number) => plot.left + (Math.min(ms, across.end) / across.end) * (plot.right - plot.left);
  const foot = across.ticks.map(tick =>
    label(across.words(tick), [Math.min(x(tick), plot.right - 6), plot.bottom + 17], { anchor: 'middle' }),
  );
  const asked = ASKED.map(share =>
    line(
      [
        [plot.left, plot.y(share)],
        [plot.right, plot.y(share)],
      ],
      'limit',
      { dash: true },
    ),
  );
  const drawn = lines.map(({ ink, steps }) => {
    const points: Place[] = [[x(0), plot.y(0)]];
    let share = 0;
    for (const step of steps.filter(({ ms }) => ms <= across.end)) {
      points.push([x(step.ms), plot.y(share)]);
      share = 1 - step.share;
      points.push([x(step.ms), plot.y(share)]);
    }
    points.push([plot.right, plot.y(share)]);
    return line(points, ink, { width: 2 });
  });
  const shapes: readonly Shape[] = [
    ...gridOf(plot, upright),
    ...foot,
    ...asked,
    ...drawn,
    ...legendOf(lines, plot.left, height - 5),
  ];
  return { title, width, height, shapes };
}
