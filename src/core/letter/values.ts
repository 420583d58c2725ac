import { isObject } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { oneLine, unlinked } from '../text/safe.ts';

/** The longest value that a letter shows, in characters. */
const MAX_VALUE = 300;
/** How much of a profile a template sees: names, and objects in objects. */
const MAX_NAMES = 200;
const MAX_DEPTH = 3;
/** How many elements of a list are shown. */
const MAX_ITEMS = 20;

/** A value that is fit to be shown in a letter. */
type Shown = string | number | boolean | { readonly [name: string]: Shown };

/**
 * What is known of somebody, as a letter may show it. Anybody may type it into a form in somebody else's name, so it is short,
 * on one line, and what looks like a web address leads nowhere; a list is one text.
 *
 * @example shownValues({ firstName: 'Ann\r\nBcc: x' }) // { firstName: 'Ann Bcc: x' }
 */
export function shownValues(bag: Bag): Readonly<Record<string, Shown>> {
  return shownObject(bag, 1);
}

function shownObject(bag: Bag, depth: number): Readonly<Record<string, Shown>> {
  const shown: [string, Shown][] = [];
  for (const [name, value] of Object.entries(bag).slice(0, MAX_NAMES)) {
    const one = shownValue(value, depth);
    if (one !== null && name !== '__proto__') shown.push([name, one]);
  }
  return Object.fromEntries(shown);
}

function shownValue(value: unknown, depth: number): Shown | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return shownText(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).flatMap(item => {
      const one = typeof item === 'string' || typeof item === 'number' ? shownText(String(item)) : null;
      return one === null ? [] : [one];
    });
    return items.length === 0 ? null : shownText(items.join(', '));
  }
  return isObject(value) && depth < MAX_DEPTH ? shownObject(value, depth + 1) : null;
}

function shownText(text: string): string | null {
  const line = unlinked(oneLine(text, MAX_VALUE));
  return line === '' ? null : line;
}

/** Who writes: a person who owns the lead, or the company. */
export interface Writer {
  readonly name: string;
  readonly email: string;
  /** Where their calendar can be booked. */
  readonly bookingUrl: string | null;
}

/** A writer as templates name them. @example writerValues({ name: 'Ann Reed', email: 'a@b.c', bookingUrl: null }).firstName // 'Ann' */
export function writerValues({ name, email, bookingUrl }: Writer): Readonly<Record<string, string>> {
  const shown = oneLine(name, MAX_VALUE);
  const first = shown.split(' ')[0] ?? shown;
  return { name: shown, firstName: first, email, ...(bookingUrl === null ? {} : { bookingUrl }) };
}
