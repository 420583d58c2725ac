import type { Check, Condition, Field, Scalar } from './condition.ts';
import { MISSING, type Reading, read, valueAt } from './reading.ts';
import { hasWord, normaliseText } from './text.ts';
import { unreachable } from './unreachable.ts';

/** A compiled condition: whether it holds over readings (by field number) at `t`, epoch milliseconds. */
export type Predicate = (readings: readonly Reading[], t: number) => boolean;

/** A test whose truth changes by the passing of time: on which field, and how long after the field's instant. */
export interface TimedTest {
  readonly field: number;
  readonly durationMs: number;
}

/** The distinct fields that a set of conditions reads, each with its number, and their timed tests. */
export interface FieldTable {
  readonly fields: Field[];
  readonly timed: TimedTest[];
}

/** An empty table, to be filled by `compileCondition`. */
export function makeFieldTable(): FieldTable {
  return { fields: [], timed: [] };
}

/** The number of a field in the table; it is added when new. */
export function fieldNumber(table: FieldTable, field: Field): number {
  return findField(table, field) ?? table.fields.push(field) - 1;
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
): Reading[] {
  return table.fields.map(field => read(valueAt(sources[field.source], field.path)));
}

/** Turns a condition into a predicate over the readings of the table's fields. */
export function compileCondition(condition: Condition, table: FieldTable): Predicate {
  switch (condition.kind) {
    case 'all':
      return every(condition.of.map(part => compileCondition(part, table)));
    case 'any': {
      const parts = condition.of.map(part => compileCondition(part, table));
      return (readings, t) => parts.some(part => part(readings, t));
    }
    case 'not': {
      const part = compileCondition(condition.of, table);
      return (readings, t) => !part(readings, t);
    }
    case 'field': {
      const number = fieldNumber(table, condition.field);
      return every(condition.checks.map(check => compileCheck(check, number, table)));
    }
    default:
      return unreachable(condition);
  }
}

function every(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (readings, t) => {
    for (const part of parts) if (!part(readings, t)) return false;
    return true;
  };
}

type Test = (reading: Reading, t: number) => boolean;

function compileCheck(check: Check, field: number, table: FieldTable): Predicate {
  if (check.op === 'exists') {
    return readings => (readings[field] ?? MISSING).missing !== check.present;
  }
  if (check.op === 'within' || check.op === 'olderThan') {
    table.timed.push({ field, durationMs: check.durationMs });
  }
  const test = compileTest(check);
  const negated = check.op === 'equals' && check.negated;
  return (readings, t) => {
    const reading = readings[field] ?? MISSING;
    const met = reading.items === null ? test(reading, t) : reading.items.some(item => test(item, t));
    return met !== negated;
  };
}

function compileTest(check: Exclude<Check, { op: 'exists' }>): Test {
  switch (check.op) {
    case 'equals':
      return compileEquals(check.operands);
    case 'compare':
      return compileComparison(check);
    case 'text': {
      const { mode, operands } = check;
      return ({ text }) => text !== null && operands.some(operand => textMeets(text, mode, operand));
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

function compileComparison(check: Extract<Check, { op: 'compare' }>): Test {
  const { by, as, operand } = check;
  const meets = (value: number): boolean => {
    switch (by) {
      case 'gt':
        return value > operand;
      case 'gte':
        return value >= operand;
      case 'lt':
        return value < operand;
      case 'lte':
        return value <= operand;
      default:
        return unreachable(by);
    }
  };
  return as === 'number'
    ? ({ number }) => number !== null && meets(number)
    : ({ instant }) => instant !== null && meets(instant);
}

function textMeets(text: string, mode: Extract<Check, { op: 'text' }>['mode'], operand: string): boolean {
  switch (mode) {
    case 'contains':
      return text.includes(operand);
    case 'startsWith':
      return text.startsWith(operand);
    case 'endsWith':
      return text.endsWith(operand);
    case 'hasWord':
      return hasWord(text, operand);
    default:
      return unreachable(mode);
  }
}

/**
 * The instants after `t` at which a timed test on these readings may change its truth, in no order:
 * where a future instant arrives, and where it grows older than the test's duration.
 */
export function timedChanges(table: FieldTable, readings: readonly Reading[], t: number): number[] {
  const changes: number[] = [];
  for (const { field, durationMs } of table.timed) {
    const reading = readings[field] ?? MISSING;
    for (const { instant } of reading.items ?? [reading]) {
      if (instant === null) continue;
      if (instant > t) changes.push(instant);
      if (instant + durationMs > t) changes.push(instant + durationMs);
    }
  }
  return changes;
}
