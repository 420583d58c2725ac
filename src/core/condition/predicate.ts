import { countryOf } from '../text/country.ts';
import { normaliseText, wordFinder } from '../text/normalise.ts';
import { unreachable } from '../unreachable.ts';
import type { Check, Condition, Field, Scalar } from './condition.ts';
import { MISSING, type Prepared, prepare, type Reading, read, walker } from './reading.ts';

/**
 * A compiled condition: whether it holds over readings (by field number) at `t`, epoch milliseconds. `sums` are the scores
 * in their order and then the total, for conditions that read them.
 */
export type Predicate = (readings: readonly Prepared[], t: number, sums?: readonly number[]) => boolean;

/** A test whose truth changes by the passing of time: on which field, and how long after the field's instant. */
interface TimedTest {
  readonly field: number;
  readonly durationMs: number;
}

/** The distinct fields that a set of conditions reads, each with its number, and their timed tests. */
export interface FieldTable {
  readonly fields: Field[];
  /** The way to each field's value from its source. */
  readonly walks: ((root: unknown) => unknown)[];
  /** The readings of a profile of which nothing is known. */
  readonly blank: Prepared[];
  readonly timed: TimedTest[];
  /** The numbers of the fields that some condition compares as a number. */
  readonly amounts: Set<number>;
  /** The ids of the scores whose sums conditions may read. */
  readonly scores: readonly string[];
}

/** An empty table, to be filled by `compileCondition`. */
export function makeFieldTable(scores: readonly string[] = []): FieldTable {
  return { fields: [], walks: [], blank: [], timed: [], amounts: new Set(), scores };
}

/** The number of a field in the table; it is added when new. */
export function fieldNumber(table: FieldTable, field: Field): number {
  const known = findField(table, field);
  if (known !== null) return known;
  table.walks.push(walker(field.path));
  table.blank.push(MISSING);
  return table.fields.push(field) - 1;
}

/** The number of a field in the table; null when no condition reads it. */
export function findField(table: FieldTable, field: Field): number | null {
  const name = fieldName(field);
  const number = table.fields.findIndex(other => fieldName(other) === name);
  return number === -1 ? null : number;
}

function fieldName(field: Field): string {
  return JSON.stringify([field.source, ...field.path]);
}

/** Reads every field of a table from its sources (`contact`, `company`, …). */
export function readFields(
  table: FieldTable,
  sources: Readonly<Partial<Record<Field['source'], unknown>>>,
): Prepared[] {
  const { fields, walks } = table;
  // A copy has just the room it needs; a list that grows has room for seventeen.
  const readings = table.blank.slice();
  for (let index = 0; index < fields.length; index++) {
    const source = fields[index]?.source;
    if (source !== undefined) readings[index] = prepare(walks[index]?.(sources[source]));
  }
  return readings;
}

/** Turns a condition into a predicate over the readings of the table's fields. */
export function compileCondition(condition: Condition, table: FieldTable): Predicate {
  switch (condition.kind) {
    case 'all':
      return every(condition.of.map(part => compileCondition(part, table)));
    case 'any': {
      const parts = condition.of.map(part => compileCondition(part, table));
      return (readings, t, sums) => parts.some(part => part(readings, t, sums));
    }
    case 'not': {
      const part = compileCondition(condition.of, table);
      return (readings, t, sums) => !part(readings, t, sums);
    }
    case 'field': {
      const { source, path } = condition.field;
      if (source === 'score' || source === 'total') {
        const place = source === 'total' ? table.scores.length : table.scores.indexOf(path[0] ?? '');
        return every(condition.checks.map(check => compileSumCheck(check, place)));
      }
      const number = fieldNumber(table, condition.field);
      const isCountry = isCountryField(condition.field);
      return every(condition.checks.map(check => compileCheck(check, { field: number, table, isCountry })));
    }
    default:
      return unreachable(condition);
  }
}

/** Names of fields that hold a country. */
const COUNTRIES = new Set(['country', 'countryCode', 'country_code']);

/** Whether a field of a profile holds a country: all spellings of one are one value there. */
function isCountryField({ source, path }: Field): boolean {
  return (source === 'contact' || source === 'company') && COUNTRIES.has(path.at(-1) ?? '');
}

function every(parts: readonly Predicate[]): Predicate {
  const [only, second] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  if (parts.length === 2 && only !== undefined && second !== undefined)
    return (readings, t, sums) => only(readings, t, sums) && second(readings, t, sums);
  return (readings, t, sums) => {
    for (const part of parts) if (!part(readings, t, sums)) return false;
    return true;
  };
}

function compileSumCheck(check: Check, place: number): Predicate {
  if (check.op === 'compare' && check.as === 'number') {
    const meets = compileMeets(check);
    return (_readings, _t, sums) => meets(sums?.[place] ?? 0);
  }
  // Anything else one may ask of a number, such as `in` or `contains`.
  const holds = compileCheck(check, { field: 0, table: makeFieldTable(), isCountry: false });
  return (_readings, t, sums) => holds([sums?.[place] ?? 0], t);
}

type Test = (reading: Reading, t: number) => boolean;

function compileCheck(
  check: Check,
  of: { readonly field: number; readonly table: FieldTable; readonly isCountry: boolean },
): Predicate {
  const { field, table, isCountry } = of;
  if (check.op === 'exists') return readings => isMissing(readings[field]) !== check.present;
  if (check.op === 'within' || check.op === 'olderThan') {
    table.timed.push({ field, durationMs: check.durationMs });
  }
  const test = check.op === 'equals' && isCountry ? compileCountry(check.operands) : compileTest(check);
  if (check.op === 'compare' && check.as === 'number') {
    const meets = compileMeets(check);
    table.amounts.add(field);
    return (readings, t) => {
      const prepared = readings[field] ?? MISSING;
      return typeof prepared === 'number' ? meets(prepared) : isMet(prepared, test, t);
    };
  }
  if (check.op === 'text') {
    const meets = compileText(check);
    return (readings, t) => {
      const prepared = readings[field] ?? MISSING;
      if (typeof prepared === 'number' || prepared.items !== null) return isMet(prepared, test, t);
      return prepared.text !== null && meets(prepared.text);
    };
  }
  if (check.op === 'equals' && check.negated)
    return (readings, t) => !isMet(readings[field] ?? MISSING, test, t);
  return (readings, t) => {
    const prepared = readings[field] ?? MISSING;
    if (typeof prepared === 'number' || prepared.items !== null) return isMet(prepared, test, t);
    return test(prepared, t);
  };
}

function isMissing(prepared: Prepared = MISSING): boolean {
  return typeof prepared !== 'number' && prepared.missing;
}

function isMet(prepared: Prepared, test: Test, t: number): boolean {
  if (typeof prepared === 'number') return test(read(prepared), t);
  if (prepared.items === null) return test(prepared, t);
  for (const item of prepared.items) if (test(item, t)) return true;
  return false;
}

function compileTest(check: Exclude<Check, { op: 'exists' }>): Test {
  switch (check.op) {
    case 'equals':
      return compileEquals(check.operands);
    case 'compare':
      return compileComparison(check);
    case 'text': {
      const meets = compileText(check);
      return ({ text }) => text !== null && meets(text);
    }
    case 'within':
      return ({ instant }, t) => instant !== null && instant <= t && instant > t - check.durationMs;
    case 'olderThan':
      return ({ instant }, t) => instant !== null && instant <= t - check.durationMs;
    default:
      return unreachable(check);
  }
}

function compileEquals(operands: readonly Scalar[]): Test {
  const texts = new Set(
    operands.flatMap(operand => (typeof operand === 'string' ? [normaliseText(operand)] : [])),
  );
  const numbers = new Set(operands.flatMap(operand => (typeof operand === 'number' ? [operand] : [])));
  const bools = new Set(operands.flatMap(operand => (typeof operand === 'boolean' ? [operand] : [])));
  const [text] = texts;
  if (texts.size === 1 && numbers.size === 0 && bools.size === 0) return reading => reading.text === text;
  return reading =>
    (reading.text !== null && texts.has(reading.text)) ||
    (reading.number !== null && numbers.has(reading.number)) ||
    (reading.bool !== null && bools.has(reading.bool));
}

function compileCountry(operands: readonly Scalar[]): Test {
  const equals = compileEquals(operands);
  const codes = new Set(operands.flatMap(operand => countryOf(normaliseText(String(operand))) ?? []));
  if (codes.size === 0) return equals;
  return (reading, t) => {
    if (equals(reading, t)) return true;
    const code = reading.text === null ? null : countryOf(reading.text);
    return code !== null && codes.has(code);
  };
}

function compileComparison(check: Extract<Check, { op: 'compare' }>): Test {
  const meets = compileMeets(check);
  return check.as === 'number'
    ? ({ least }) => least !== null && meets(least)
    : ({ instant }) => instant !== null && meets(instant);
}

function compileMeets({ by, operand }: Extract<Check, { op: 'compare' }>): (value: number) => boolean {
  switch (by) {
    case 'gt':
      return value => value > operand;
    case 'gte':
      return value => value >= operand;
    case 'lt':
      return value => value < operand;
    case 'lte':
      return value => value <= operand;
    default:
      return unreachable(by);
  }
}

function compileText({ mode, operands }: Extract<Check, { op: 'text' }>): (text: string) => boolean {
  switch (mode) {
    case 'contains':
      return text => operands.some(operand => text.includes(operand));
    case 'startsWith':
      return text => operands.some(operand => text.startsWith(operand));
    case 'endsWith':
      return text => operands.some(operand => text.endsWith(operand));
    case 'hasWord':
      return wordFinder(operands);
    default:
      return unreachable(mode);
  }
}

/**
 * The instants after `t` at which a timed test on these readings may change its truth, in no order:
 * where a future instant arrives, and where it grows older than the test's duration.
 */
export function timedChanges(table: FieldTable, readings: readonly Prepared[], t: number): number[] {
  const changes: number[] = [];
  for (const { field, durationMs } of table.timed) {
    const reading = readings[field] ?? MISSING;
    if (typeof reading === 'number') continue;
    for (const { instant } of reading.items ?? [reading]) {
      if (instant === null) continue;
      if (instant > t) changes.push(instant);
      if (instant + durationMs > t) changes.push(instant + durationMs);
    }
  }
  return changes;
}
