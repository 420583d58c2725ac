/** A parsed JSON object whose properties are not yet known. */
export type Json = Readonly<Record<string, unknown>>;

/** Tells whether a parsed JSON value is an object and no list. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; anything else is an object without properties. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The value as a list; anything else is a list without elements. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; anything else is refused. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`text expected, got ${JSON.stringify(value)}`);
  return value;
}

/** The value as a number; anything else is refused. */
export function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`number expected, got ${JSON.stringify(value)}`);
  return value;
}

/** What stands at a dotted name: dots enter objects, never lists, and only own properties count. */
export function at(value: unknown, name: string): unknown {
  let here = value;
  for (const step of name.split('.')) {
    if (!isObject(here) || !Object.hasOwn(here, step)) return undefined;
    here = here[step];
  }
  return here;
}
