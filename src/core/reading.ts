import { parseInstant } from './instant.ts';
import { normaliseText } from './text.ts';

/**
 * A profile or event value read once in every way a test may need it: as text, number, instant or boolean.
 * What it cannot be read as is null. A list keeps a reading per element, an object none of these.
 */
export interface Reading {
  readonly missing: boolean;
  readonly text: string | null;
  readonly number: number | null;
  readonly instant: number | null;
  readonly bool: boolean | null;
  readonly items: readonly Reading[] | null;
}

const NOTHING: Reading = { missing: false, text: null, number: null, instant: null, bool: null, items: null };

/** The reading of a value that is not there. */
export const MISSING: Reading = { ...NOTHING, missing: true };

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads an unknown value. Undefined, null, blank text and the empty list are missing.
 *
 * @example read(' 250 ').number // 250
 * @example read([]).missing // true
 */
export function read(value: unknown): Reading {
  if (typeof value === 'string') return readText(value);
  if (typeof value === 'number') return { ...NOTHING, text: String(value), number: value };
  if (typeof value === 'boolean') return { ...NOTHING, bool: value };
  if (value === undefined || value === null) return MISSING;
  if (Array.isArray(value)) return readList(value);
  return NOTHING;
}

/**
 * Reads text in JSON's number syntax as a number; null when it is not that.
 *
 * @example parseNumber('2.50') // 2.5
 * @example parseNumber('0x10') // null
 */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  return JSON_NUMBER.test(trimmed) ? Number(trimmed) : null;
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

/** Whether a value is an object with keys: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(value: string): Reading {
  const text = normaliseText(value);
  if (text === '') return MISSING;
  return { ...NOTHING, text, number: parseNumber(value), instant: parseInstant(value) };
}

function readList(values: readonly unknown[]): Reading {
  return values.length === 0 ? MISSING : { ...NOTHING, items: values.map(readElement) };
}

/** An element that is itself a list has no reading: lists are not entered twice. */
function readElement(value: unknown): Reading {
  return Array.isArray(value) ? NOTHING : read(value);
}
