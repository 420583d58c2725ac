import { isObject } from '../condition/reading.ts';

/** Free-form properties by name, as somebody sent them. */
export type Bag = Readonly<Record<string, unknown>>;

/** A stored value as properties; a value that is not an object has none. @example bagOf(null) // {} */
export function bagOf(value: unknown): Bag {
  return isObject(value) ? value : {};
}
