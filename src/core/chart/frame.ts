import { type Drawing, type Ink, label, line, type Shape, widthOf } from './drawing.ts';
import type { Scale } from './scale.ts';

/** Something to read a trend with: where it stands in slots of the lower axis, and what it is. */
export interface ChartMark {
  readonly place: number;
  readonly text: string;
}

/** The rectangle in which values are drawn, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where a value of the upright axis is. */
  readonly y: (value: number) => number;
}

/** Room that the words of marks need above a plot, in pixels. */
const MARK_PX = 16;
const TOP_PX = 10;
const FOOT_PX = 24;
const GAP_PX = 8;

/** Where a plot lies in a drawing: beside it the words of the upright axis, below those of the lower one. */
export function plotOf(
  { width, height }: Pick<Drawing, 'width' | 'height'>,
  scale: Scale,
  { withMarks = false, foot = 0 }: { readonly withMarks?: boolean; readonly foot?: number } = {},
): Plot {
  const left = Math.max(...scale.ticks.map(tick => widthOf(scale.words(tick)))) + GAP_PX;
  const top = TOP_PX + (withMarks ? MARK_PX : 0);
  const bottom = height - FOOT_PX - foot;
  return {
    left,
    right: width - GAP_PX,
    top,
    bottom,
    y: value => bottom - (value / scale.end) * (bottom - top),
  };
}

/** The lines of the upright axis with their words. */
export function gridOf({ left, right, y }: Plot, scale: Scale): readonly Shape[] {
  return scale.ticks.flatMap(tick => [
    line(
      [
        [left, y(tick)],
        [right, y(tick)],
      ],
      'grid',
    ),
    label(scale.words(tick), [left - GAP_PX, y(tick) + 4], { anchor: 'end' }),
  ]);
}

/** The words of the lower axis, as many as fit beside each other; the last one always. */
export function footOf({ left, right, bottom }: Plot, words: readonly string[]): readonly Shape[] {
  const slot = (right - left) / Math.max(1, words.length);
  const widest = Math.max(0, ...words.map(widthOf)) + GAP_PX;
  const every = Math.max(1, Math.ceil(widest / slot));
  return words.flatMap((text, index) =>
    (words.length - 1 - index) % every === 0
      ? [label(text, [left + slot * (index + 0.5), bottom + 17], { anchor: 'middle' })]
      : [],
  );
}

/** Upright lines at what a trend should be read with; the words of those that stand close are left to their hint. */
export function marksOf(
  { left, right, top, bottom }: Plot,
  slots: number,
  marks: readonly ChartMark[],
): readonly Shape[] {
  const slot = (right - left) / Math.max(1, slots);
  const sorted = [...marks].sort((a, b) => a.place - b.place);
  let taken = Number.NEGATIVE_INFINITY;
  return sorted.flatMap(({ place, text }): readonly Shape[] => {
    const x = left + slot * place;
    const width = widthOf(text);
    const start = x + width > right ? right - width : x;
    const fits = start > taken;
    if (fits) taken = start + width + GAP_PX;
    return [
      line(
        [
          [x, top - 4],
          [x, bottom],
        ],
        'mark',
        { dash: true },
      ),
      ...(fits ? [label(text, [start, top - 8], { ink: 'mark' })] : []),
      { kind: 'rect', x: x - 4, y: top, width: 8, height: bottom - top, ink: 'mark', hint: text },
    ];
  });
}

/** What the colours of a drawing stand for, in one line from the left. */
export function legendOf(
  entries: readonly { readonly label: string; readonly ink: Ink }[],
  x: number,
  y: number,
): readonly Shape[] {
  let at = x;
  return entries.flatMap(entry => {
    const shapes: readonly Shape[] = [
      { kind: 'rect', x: at, y: y - 9, width: 10, height: 10, ink: entry.ink },
      label(entry.label, [at + 15, y], { ink: 'text' }),
    ];
    at += 15 + widthOf(entry.label) + 18;
    return shapes;
  });
}
