import { cut } from '../text/safe.ts';
import { type Drawing, LETTER_PX, label, line, type Shape, widthOf } from './drawing.ts';
import { scaleOf, type Unit } from './scale.ts';

/** A group with its figure and how sure one can be of it. */
export interface SpreadRow {
  readonly label: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly isSmall: boolean;
  /** The figure in words, at the end of its line. */
  readonly words: string;
  readonly hint: string;
  readonly leads?: string | undefined;
}

/** Groups beside each other, each a dot in its interval. */
export interface Spread {
  readonly title: string;
  readonly unit: Unit;
  readonly rows: readonly SpreadRow[];
  readonly band?: readonly [number, number] | undefined;
  /** The figure of all together. */
  readonly middle?: { readonly value: number; readonly text: string } | undefined;
}

const ROW_PX = 26;
const TOP_PX = 22;
const FOOT_PX = 24;

/** Draws groups as dots with their intervals, one a line, over the agreed band and the figure of all of them. */
export function spreadOf({ title, unit, rows, band, middle }: Spread, width = 720): Drawing {
  const left = Math.min(width * 0.34, Math.max(0, ...rows.map(row => widthOf(row.label))) + 12);
  const right = width - Math.max(0, ...rows.map(({ words }) => widthOf(words))) - 12;
  const height = TOP_PX + rows.length * ROW_PX + FOOT_PX;
  const bottom = height - FOOT_PX;
  const scale = scaleOf(unit, Math.max(0, ...rows.flatMap(({ value, high }) => [value ?? 0, high ?? 0])));
  const x = (value: number) => left + (value / scale.end) * (right - left);
  const letters = Math.floor(left / (LETTER_PX * 0.56)) - 1;
  const grid = scale.ticks.flatMap(tick => [
    line(
      [
        [x(tick), TOP_PX],
        [x(tick), bottom],
      ],
      'grid',
    ),
    label(scale.words(tick), [x(tick), bottom + 17], { anchor: 'middle' }),
  ]);
  const area: readonly Shape[] =
    band === undefined
      ? []
      : [
          {
            kind: 'rect',
            x: x(band[0]),
            y: TOP_PX,
            width: x(band[1]) - x(band[0]),
            height: bottom - TOP_PX,
            ink: 'band',
          },
        ];
  const all =
    middle === undefined
      ? []
      : [
          line(
            [
              [x(middle.value), TOP_PX - 4],
              [x(middle.value), bottom],
            ],
            'mark',
            { dash: true },
          ),
          label(middle.text, [x(middle.value), TOP_PX - 8], { anchor: 'middle', ink: 'mark' }),
        ];
  const dots = rows.flatMap((row, index): readonly Shape[] => {
    const y = TOP_PX + (index + 0.5) * ROW_PX;
    const { value, low, high, isSmall, hint, leads } = row;
    return [
      label(cut(row.label, letters), [left - 10, y + 4], { anchor: 'end', ink: 'text' }),
      ...(low === null || high === null
        ? []
        : [
            line(
              [
                [x(low), y],
                [x(high), y],
              ],
              'first',
              { width: 2 },
            ),
          ]),
      ...(value === null
        ? []
        : [{ kind: 'dot', x: x(value), y, ink: 'first', hollow: isSmall, hint, leads } as const]),
      label(row.words, [width, y + 4], { anchor: 'end' }),
    ];
  });
  return { title, width, height, shapes: [...grid, ...area, ...all, ...dots] };
}
