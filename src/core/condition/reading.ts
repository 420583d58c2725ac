import { normaliseText } from '../text/normalise.ts';
import { parseInstant } from '../time/instant.ts';
import { isJsonNumber, readAmount } from './amount.ts';

/**
 * A profile or event value read once in every way a test may need it: as text, number, instant or boolean.
 * What it cannot be read as is null. A list keeps a reading per element, an object none of these.
 */
export interface Reading {
  readonly missing: boolean;
  readonly text: string | null;
  readonly number: number | null;
  /** The number, or the lower end of what a text such as `201-500` or `500+` names. */
  readonly least: number | null;
  readonly instant: number | null;
  readonly bool: boolean | null;
  readonly items: readonly Reading[] | null;
}

const NOTHING: Reading = {
  missing: false,
  text: null,
  number: null,
  least: null,
  instant: null,
  bool: null,
  items: null,
};

/** The reading of a value that is not there. */
export const MISSING: Reading = { ...NOTHING, missing: true };

/**
 * Reads an unknown value. Undefined, null, blank text and the empty list are missing.
 *
 * @example read(' 250 ').number // 250
 * @example read([]).missing // true
 */
export function read(value: unknown): Reading {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number') return readNumber(value);
  if (typeof value === 'boolean') return { ...NOTHING, bool: value };
  if (value === undefined || value === null) return MISSING;
  if (Array.isArray(value)) return readList(value);
  return NOTHING;
}

/** A value made ready for tests: a number stands for itself, as most tests of numbers ask nothing else of it. */
export type Prepared = Reading | number;

/** Prepares an unknown value. */
export function prepare(value: unknown): Prepared {
  return typeof value === 'number' ? value : read(value);
}

/**
 * Reads text in JSON's number syntax as an operand; null when it is not that. Digits in groups are read as those of a value
 * are, so that both sides agree.
 *
 * @example parseNumber('2.50') // 2.5
 * @example parseNumber('0x10') // null
 */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  return isJsonNumber(trimmed) ? (readAmount(trimmed)?.least ?? null) : null;
}

/** Walks own properties of nested objects; undefined where the path leads nowhere. Lists are never entered. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Makes the walk of `valueAt` along one path: for data, which has no prototype but that of all objects. */
export function walker(path: readonly string[]): (root: unknown) => unknown {
  const [key] = path;
  // Most paths are one name long, and few names are those of every object: those alone need the closer look.
  if (key === undefined || path.length > 1 || INHERITED.has(key)) return root => valueAt(root, path);
  return root => (isObject(root) ? root[key] : undefined);
}

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a value is an object with keys: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep JSON from outside may nest: far more than anything real does, far less than would exhaust a stack. */
export const MAX_NESTING = 40;

/**
 * Whether a value nests deeper than `limit`; walks without recursion, so that no input can exhaust the stack.
 *
 * @example isDeeper({ a: [1] }, 2) // false
 * @example isDeeper({ a: [1] }, 1) // true
 */
export function isDeeper(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** Readings of short texts: the values of profiles (industries, countries, titles) are few and come again and again. */
const known = new Map<string, Reading>();
/** The longest text that is kept, and how many: some hundred kilobytes at most. */
const KEPT_LENGTH = 32;
const KEPT = 4096;

function readText(value: string): Reading {
  const found = known.get(value);
  if (found !== undefined) return found;
  const reading = readAnew(value);
  if (value.length <= KEPT_LENGTH) {
    if (known.size >= KEPT) known.clear();
    known.set(value, reading);
  }
  return reading;
}

function readAnew(value: string): Reading {
  const text = normaliseText(value);
  if (text === '') return MISSING;
  const first = text.charCodeAt(0);
  const mayBeInstant = first >= DIGIT_0 && first <= DIGIT_9 && text.length >= 10;
  const instant = mayBeInstant ? parseInstant(value) : null;
  const amount = instant === null ? readAmount(text) : null;
  return {
    missing: false,
    text,
    number: amount?.isExact === true ? amount.least : null,
    least: amount?.least ?? null,
    instant,
    bool: SWITCHES.get(text) ?? null,
    items: null,
  };
}

/** What files and forms write for yes and no. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

function readNumber(number: number): Reading {
  return {
    missing: false,
    text: String(number),
    number,
    least: number,
    instant: null,
    bool: number === 1 ? true : number === 0 ? false : null,
    items: null,
  };
}

function readList(values: readonly unknown[]): Reading {
  if (values.length === 0) return MISSING;
  const items = values.map(readElement);
  return { ...NOTHING, items };
}

/** An element that is itself a list has no reading: lists are not entered twice. */
function readElement(value: unknown): Reading {
  return Array.isArray(value) ? NOTHING : read(value);
}
