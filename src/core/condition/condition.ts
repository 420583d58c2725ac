import { nameOf, quote, type Report } from '../problem.ts';
import { normaliseText } from '../text/normalise.ts';
import { parseDuration } from '../time/duration.ts';
import { parseInstant } from '../time/instant.ts';
import { isObject, parseNumber } from './reading.ts';

export type Scalar = string | number | boolean;

/** Where a field's value comes from. `property` and `context` belong to an event, `score` and `total` to a path. */
export type Source = 'contact' | 'company' | 'property' | 'context' | 'score' | 'total';

export interface Field {
  readonly source: Source;
  readonly path: readonly string[];
}

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte';
export type TextMode = 'contains' | 'startsWith' | 'endsWith' | 'hasWord';

export type Check =
  | { readonly op: 'equals'; readonly operands: readonly Scalar[]; readonly negated: boolean }
  | {
      readonly op: 'compare';
      readonly by: Comparison;
      readonly as: 'number' | 'instant';
      readonly operand: number;
    }
  | { readonly op: 'exists'; readonly present: boolean }
  | { readonly op: 'text'; readonly mode: TextMode; readonly operands: readonly string[] }
  | { readonly op: 'within' | 'olderThan'; readonly durationMs: number };

/** Whether a check asks a number to be at least, or more than, its operand: what holds then holds for any higher one. */
export function isLowerBound(check: Check): check is Extract<Check, { op: 'compare' }> {
  return check.op === 'compare' && check.as === 'number' && (check.by === 'gt' || check.by === 'gte');
}

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'field'; readonly field: Field; readonly checks: readonly Check[] };

/** Which fields a condition may use: a contact's, a path's (scores too), or an event's. */
export type Scope = 'profile' | 'path' | 'event';

/** How deep `all`, `any` and `not` may nest: enough for any readable rule, and it bounds recursion. */
const MAX_DEPTH = 8;

/**
 * Parses a condition of the agreement format, reporting every problem; what is unreadable never holds.
 *
 * @example parseCondition({ 'contact.title': { hasWord: 'vp' } }, 'profile', report)
 */
export function parseCondition(raw: unknown, scope: Scope, report: Report, depth = 1): Condition {
  if (!isObject(raw)) {
    report.add(`expected a condition (a map of fields to tests, or all, any or not), got ${nameOf(raw)}`);
    return { kind: 'any', of: [] };
  }
  if (depth > MAX_DEPTH) {
    report.add(`nested more than ${MAX_DEPTH} deep; expected a flatter condition`);
    return { kind: 'any', of: [] };
  }
  const keys = Object.keys(raw);
  const combinators = keys.filter(key => key === 'all' || key === 'any' || key === 'not');
  const [first] = combinators;
  if (first === undefined) return parseFields(raw, scope, report);
  for (const key of keys.filter(other => other !== first)) {
    report.add(`"${key}" beside "${first}"; expected "${first}" to stand alone (wrap both in an all)`, key);
  }
  const below = report.at(first);
  if (first === 'not') return { kind: 'not', of: parseCondition(raw[first], scope, below, depth + 1) };
  const list = raw[first];
  if (!Array.isArray(list)) {
    below.add(`expected a list of conditions, got ${nameOf(list)}`);
    return { kind: 'any', of: [] };
  }
  const of = list.map((item, index) => parseCondition(item, scope, below.at(index), depth + 1));
  return { kind: first === 'any' ? 'any' : 'all', of };
}

function parseFields(raw: Readonly<Record<string, unknown>>, scope: Scope, report: Report): Condition {
  const of: Condition[] = [];
  for (const [key, test] of Object.entries(raw)) {
    const below = report.at(key);
    const field = parseField(key, scope, below);
    const checks = parseTest(test, below);
    if (field !== null) of.push({ kind: 'field', field, checks });
  }
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'all', of };
}

function parseField(key: string, scope: Scope, report: Report): Field | null {
  const [prefix = '', ...rest] = key.split('.');
  if (scope === 'path' && key === 'total') return { source: 'total', path: [] };
  const isEmpty = key.split('.').some(part => part.trim() === '');
  if (scope === 'event' && !isEmpty) {
    if (prefix === 'context' && rest.length > 0) return { source: 'context', path: rest };
    return { source: 'property', path: [prefix, ...rest] };
  }
  const isProfile = prefix === 'contact' || prefix === 'company';
  const isScore = prefix === 'score' && scope === 'path' && rest.length === 1;
  if (!isEmpty && rest.length > 0 && (isProfile || isScore)) {
    return {
      source: prefix === 'contact' ? 'contact' : prefix === 'company' ? 'company' : 'score',
      path: rest,
    };
  }
  report.add(`unknown field ${quote(key)}; expected ${FIELDS_OF[scope]}`);
  return null;
}

const FIELDS_OF = {
  profile:
    'contact.<name> or company.<name> (total and score.<name> belong to mql paths, sla and routing only)',
  path: 'contact.<name>, company.<name>, score.<name> or total',
  event: 'a property name or context.<name>',
} as const;

const OPS =
  'is, in, isNot, notIn, gt, gte, lt, lte, exists, contains, startsWith, endsWith, hasWord, within or olderThan';

function parseTest(raw: unknown, report: Report): readonly Check[] {
  if (Array.isArray(raw)) return [equals(scalars(raw, report), false)];
  if (!isObject(raw)) return [equals(scalar(raw, report), false)];
  const ops = Object.entries(raw);
  if (ops.length === 0) report.add(`expected at least one test: ${OPS}`);
  return ops.flatMap(([op, operand]) => parseOp(op, operand, report.at(op)) ?? []);
}

function parseOp(op: string, operand: unknown, report: Report): Check | null {
  switch (op) {
    case 'is':
    case 'isNot':
      return equals(scalar(operand, report), op === 'isNot');
    case 'in':
    case 'notIn':
      return equals(listOf(operand, report), op === 'notIn');
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return parseComparison(op, operand, report);
    case 'exists':
      if (typeof operand !== 'boolean')
        report.add(`expected true or false, got ${nameOf(operand)}${yaml11(operand)}`);
      return { op, present: operand === true };
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'hasWord':
      return { op: 'text', mode: op, operands: texts(operand, report) };
    case 'within':
    case 'olderThan':
      return parseAge(op, operand, report);
    default:
      report.add(`unknown test; expected ${OPS}`);
      return null;
  }
}

function equals(operands: readonly Scalar[], negated: boolean): Check {
  return { op: 'equals', operands, negated };
}

function scalar(raw: unknown, report: Report): readonly Scalar[] {
  const isFilled =
    typeof raw === 'boolean' || typeof raw === 'number' || (typeof raw === 'string' && raw.trim() !== '');
  if (isFilled) return [raw];
  report.add(`expected text, a number, true or false, got ${nameOf(raw)}`);
  return [];
}

function listOf(raw: unknown, report: Report): readonly Scalar[] {
  if (Array.isArray(raw)) return scalars(raw, report);
  report.add(`expected a list of values, got ${nameOf(raw)}`);
  return [];
}

function scalars(raw: readonly unknown[], report: Report): readonly Scalar[] {
  if (raw.length === 0) report.add('expected at least one value in the list');
  return raw.flatMap((item, index) => scalar(item, report.at(index)));
}

function texts(raw: unknown, report: Report): readonly string[] {
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length === 0) report.add('expected at least one text in the list');
  return list.flatMap((item, index) => {
    const place = Array.isArray(raw) ? report.at(index) : report;
    const isText = (typeof item === 'string' && item.trim() !== '') || typeof item === 'number';
    if (isText) return [normaliseText(String(item))];
    place.add(`expected text, got ${nameOf(item)}`);
    return [];
  });
}

function parseComparison(by: Comparison, raw: unknown, report: Report): Check | null {
  const number = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw) : null;
  if (number !== null) return { op: 'compare', by, as: 'number', operand: number };
  const instant = typeof raw === 'string' ? parseInstant(raw) : null;
  if (instant !== null) return { op: 'compare', by, as: 'instant', operand: instant };
  report.add(`expected a number or an RFC 3339 date or time, got ${nameOf(raw)}`);
  return null;
}

function parseAge(op: 'within' | 'olderThan', raw: unknown, report: Report): Check | null {
  const durationMs = typeof raw === 'string' ? parseDuration(raw) : null;
  if (durationMs !== null) return { op, durationMs };
  report.add(`expected a duration such as 15m, 30d or 2w (at most 3650d), got ${nameOf(raw)}`);
  return null;
}

function yaml11(raw: unknown): string {
  const isSwitch = typeof raw === 'string' && /^(yes|no|on|off|y|n)$/i.test(raw);
  return isSwitch ? ' (in YAML 1.2 that is text; write true or false)' : '';
}
