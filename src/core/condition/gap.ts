import type { Check, Condition } from './condition.ts';
import { type FieldTable, fieldNumber } from './predicate.ts';

/** A field of a profile that a condition needs to know, by its dotted name and its number. */
export interface Gap {
  readonly field: string;
  readonly number: number;
}

/** The fields whose absence keeps a part of a condition from holding. What stands below `not` is left out. */
export function gapsIn(condition: Condition, table: FieldTable): readonly Gap[] {
  if (condition.kind === 'not') return [];
  if (condition.kind !== 'field') return condition.of.flatMap(part => gapsIn(part, table));
  const { field, checks } = condition;
  const isOfProfile = field.source === 'contact' || field.source === 'company';
  if (!isOfProfile || checks.every(holdsForNothing)) return [];
  return [{ field: [field.source, ...field.path].join('.'), number: fieldNumber(table, field) }];
}

function holdsForNothing(check: Check): boolean {
  return check.op === 'exists' ? !check.present : check.op === 'equals' && check.negated;
}
