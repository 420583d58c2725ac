import { isCountry, sameCountry } from './country.ts';
import { isObject, list, object } from './json.ts';
import { durationMs, instant } from './time.ts';
import { difference, elements, equals, hasWord, isMissing, readText } from './value.ts';

/** What a condition's fields mean: the value of each field, and the instant that `within` and `olderThan` count from. */
export type Subject = { readonly field: (name: string) => unknown; readonly t: number };

/** Tells whether a condition holds. */
export function holds(condition: unknown, subject: Subject): boolean {
  for (const [key, operand] of Object.entries(object(condition))) {
    if (key === 'all') {
      if (!list(operand).every(one => holds(one, subject))) return false;
    } else if (key === 'any') {
      if (!list(operand).some(one => holds(one, subject))) return false;
    } else if (key === 'not') {
      if (holds(operand, subject)) return false;
    } else {
      const value = subject.field(key);
      const same = isCountry(key) ? sameCountry : equals;
      if (!operations(operand).every(([op, wanted]) => passes({ value, op, wanted, t: subject.t, same })))
        return false;
    }
  }
  return true;
}

/** The instants at which the passing of time alone may turn a condition, in no order. */
export function turns(condition: unknown, field: (name: string) => unknown): readonly number[] {
  const found: number[] = [];
  for (const [key, operand] of Object.entries(object(condition))) {
    if (key === 'all' || key === 'any') {
      for (const one of list(operand)) found.push(...turns(one, field));
    } else if (key === 'not') {
      found.push(...turns(operand, field));
    } else {
      for (const [op, wanted] of operations(operand)) {
        if (op !== 'within' && op !== 'olderThan') continue;
        for (const element of elements(field(key))) {
          const then = instant(element);
          if (then !== undefined) found.push(then, then + durationMs(wanted));
        }
      }
    }
  }
  return found;
}

function operations(test: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(test)) return [['in', test]];
  if (isObject(test)) return Object.entries(test);
  return [['is', test]];
}

type Operation = {
  readonly value: unknown;
  readonly op: string;
  readonly wanted: unknown;
  readonly t: number;
  /** Whether one value equals a scalar. */
  readonly same: (value: unknown, scalar: unknown) => boolean;
};

function passes({ value, op, wanted, t, same }: Operation): boolean {
  if (op === 'exists') return isMissing(value) !== wanted;
  if (op === 'isNot') return !elements(value).some(element => same(element, wanted));
  if (op === 'notIn')
    return !elements(value).some(element => list(wanted).some(scalar => same(element, scalar)));
  if (isMissing(value)) return false;
  return elements(value).some(element => elementPasses({ value: element, op, wanted, t, same }));
}

function elementPasses({ value, op, wanted, t, same }: Operation): boolean {
  if (op === 'is') return same(value, wanted);
  if (op === 'in') return list(wanted).some(scalar => same(value, scalar));
  if (op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte') {
    const sign = difference(value, wanted);
    if (sign === undefined) return false;
    if (op === 'gt') return sign > 0;
    if (op === 'gte') return sign >= 0;
    return op === 'lt' ? sign < 0 : sign <= 0;
  }
  if (op === 'within' || op === 'olderThan') {
    const then = instant(value);
    if (then === undefined) return false;
    const edge = t - durationMs(wanted);
    return op === 'within' ? edge < then && then <= t : then <= edge;
  }
  const words = Array.isArray(wanted) ? list(wanted) : [wanted];
  const haystack = readText(value);
  if (haystack === undefined) return false;
  return words.some(operand => {
    const word = readText(operand);
    if (word === undefined) return false;
    if (op === 'contains') return haystack.includes(word);
    if (op === 'startsWith') return haystack.startsWith(word);
    if (op === 'endsWith') return haystack.endsWith(word);
    if (op === 'hasWord') return hasWord(haystack, word);
    throw new RangeError(`unknown test ${op}`);
  });
}
