/** What a shape stands for; the page, a mail and paper choose the colours. */
export type Ink = 'first' | 'second' | 'band' | 'limit' | 'mark' | 'grid' | 'text' | 'faint';

/** What a shape may say. */
interface Told {
  /** Its figure in words. */
  readonly hint?: string | undefined;
}

/** A place in pixels, from the upper left corner. */
export type Place = readonly [x: number, y: number];

export interface RectShape extends Told {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
}

export interface LineShape {
  readonly kind: 'line';
  readonly points: readonly Place[];
  readonly ink: Ink;
  readonly dash: boolean;
  readonly width: number;
}

export interface DotShape extends Told {
  readonly kind: 'dot';
  readonly x: number;
  readonly y: number;
  readonly ink: Ink;
  /** Drawn as a ring: too few cases to say much. */
  readonly hollow: boolean;
}

export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly ink: Ink;
}

export type Shape = RectShape | LineShape | DotShape | TextShape;

/** A chart as shapes in the order in which they are painted, in pixels. */
export interface Drawing {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** How high letters of a chart are, in pixels. */
export const LETTER_PX = 12;

/** About how wide a text of a chart is, in pixels. @example widthOf('12%') < 30 // true */
export function widthOf(text: string): number {
  return text.length * LETTER_PX * 0.56;
}

/** A straight line. */
export function line(
  points: readonly Place[],
  ink: Ink,
  { dash = false, width = 1 }: { readonly dash?: boolean; readonly width?: number } = {},
): LineShape {
  return { kind: 'line', points, ink, dash, width };
}

/** A text at a place; `y` is the line it stands on. */
export function label(
  text: string,
  [x, y]: Place,
  { ink = 'faint', anchor = 'start' }: { readonly ink?: Ink; readonly anchor?: TextShape['anchor'] } = {},
): TextShape {
  return { kind: 'text', x, y, text, anchor, ink };
}
