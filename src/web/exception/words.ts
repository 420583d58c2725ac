import type { Exception } from '../../contract/api/exception.ts';
import { isObject } from '../../core/condition/reading.ts';

/** What an exception is called, by its kind. */
export const EXCEPTION_WORDS: Readonly<Record<Exception['kind'], string>> = {
  unassigned: 'Unassigned',
  missing_data: 'Missing data',
  duplicate: 'Possible duplicate',
  delivery: 'Failed delivery',
  breach: 'A lead may be lost',
};

/** What a form asks for a field: a number, yes or no, or a text, with the texts that the agreement speaks of. */
export type FieldInput =
  | { readonly kind: 'number' }
  | { readonly kind: 'choice' }
  | { readonly kind: 'text'; readonly known: readonly string[] };

/**
 * How an agreement uses a field, and so what a form should ask for: a number where it compares numbers, yes or no where
 * it does, else a text. `body` is the agreement as its author wrote it.
 *
 * @example inputOf('company.employees', { when: { 'company.employees': { gte: 50 } } }) // { kind: 'number' }
 */
export function inputOf(field: string, body: unknown): FieldInput {
  const operands = operandsOf(field, body);
  const texts = operands.filter(operand => typeof operand === 'string');
  if (texts.length > 0) return { kind: 'text', known: [...new Set(texts)] };
  if (operands.some(operand => typeof operand === 'number')) return { kind: 'number' };
  if (operands.length > 0) return { kind: 'choice' };
  return NUMBERS.test(field) ? { kind: 'number' } : { kind: 'text', known: [] };
}

/** Names of properties that are numbers wherever they occur. */
const NUMBERS = /(?:employees|headcount|revenue|seats)$/i;

/** Everything that an agreement compares a field with; whether it merely exists says nothing of its kind. */
function operandsOf(field: string, body: unknown): readonly (string | number | boolean)[] {
  if (Array.isArray(body)) return body.flatMap(part => operandsOf(field, part));
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === field ? scalarsOf(value) : operandsOf(field, value),
  );
}

function scalarsOf(test: unknown): readonly (string | number | boolean)[] {
  if (typeof test === 'string' || typeof test === 'number' || typeof test === 'boolean') return [test];
  if (Array.isArray(test)) return test.flatMap(scalarsOf);
  if (!isObject(test)) return [];
  return Object.entries(test).flatMap(([op, operand]) =>
    WHOLE_VALUE.includes(op) ? scalarsOf(operand) : [],
  );
}

/** Operators whose operand is a whole value of the field. */
const WHOLE_VALUE = ['is', 'in', 'isNot', 'notIn', 'gt', 'gte', 'lt', 'lte'];
