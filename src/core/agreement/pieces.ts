import { z } from 'zod';
import { parseCondition, type Scope } from '../condition/condition.ts';
import { parseEventMatch } from '../condition/event.ts';
import { isObject } from '../condition/reading.ts';
import { makeReport, nameOf, type PathStep, type Report } from '../problem.ts';
import type { Decay } from '../time/decay.ts';
import { parseDuration } from '../time/duration.ts';

/** The most occurrences a `limit` or `times` may name: what one row of evidence can hold. */
export const MAX_TIMES = 200;

/** A map with these keys only; an unknown key is refused with the list of known ones. */
export function record<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `unknown key; expected one of ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** A value parsed by our own reader, which reports its problems below the value's place. */
export function parsed<T>(id: string, parse: (raw: unknown, report: Report) => T) {
  return z
    .unknown()
    .meta({ $def: id })
    .transform((raw, context) => {
      const report = makeReport((steps, message) => {
        context.addIssue({ code: 'custom', path: [...steps], message });
      });
      return parse(raw, report);
    });
}

const condition = (scope: Scope) =>
  parsed(`${scope}Condition`, (raw, report) => parseCondition(raw, scope, report));

export const profileCondition = condition('profile');
export const pathCondition = condition('path');
export const eventMatch = parsed('eventMatch', parseEventMatch);

export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'expected an id: small letters, digits and _, starting with a letter');
export const text = z.string().refine(value => value.trim() !== '', 'expected text, got blank text');
export const integer = z.int();
export const points = z.int().min(-1000).max(1000);
export const nonZeroPoints = points.refine(value => value !== 0, 'expected a non-zero integer, got 0');
export const times = z.int().min(1).max(MAX_TIMES);

/** A duration in the agreement's notation, read into milliseconds. */
export const duration = parsed('duration', (raw, report) => {
  const ms = typeof raw === 'string' ? parseDuration(raw) : null;
  if (ms === null)
    report.add(`expected a duration such as 15m, 30d or 2w (at most 3650d), got ${nameOf(raw)}`);
  return ms ?? 0;
});

/** A share written `25%` or `25`: a whole percentage from 1 to 100. */
export const percentage = parsed('percent', (raw, report) => {
  const value = typeof raw === 'string' ? Number(/^(\d{1,3})%?$/.exec(raw.trim())?.[1] ?? Number.NaN) : raw;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100) return value;
  report.add(`expected a whole percentage from 1 to 100 such as 25%, got ${nameOf(raw)}`);
  return 1;
});

/** A probability: a share from 0 to 1, or a percentage such as `25%`. */
export const share = parsed('share', (raw, report) => {
  const percent = typeof raw === 'string' ? /^(\d{1,3})%$/.exec(raw.trim())?.[1] : undefined;
  const value = percent === undefined ? raw : Number(percent) / 100;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  report.add(`expected a share from 0 to 1, or a percentage such as 25%, got ${nameOf(raw)}`);
  return 0;
});

/** A value of one of several shapes: `pick` looks at it and names the shape the author began, or says what was expected. */
export function branch<T>(id: string, pick: (raw: unknown) => z.ZodType<T> | string) {
  return z
    .unknown()
    .meta({ $def: id })
    .transform((raw, context): T => {
      const shape = pick(raw);
      if (typeof shape === 'string') {
        context.addIssue(`expected ${shape}, got ${nameOf(raw)}`);
        return z.NEVER;
      }
      const result = shape.safeParse(raw, { reportInput: true });
      if (result.success) return result.data;
      for (const issue of result.error.issues) {
        for (const problem of flatten(issue)) context.addIssue({ code: 'custom', ...problem });
      }
      return z.NEVER;
    });
}

/** Whether a value is a map that has the key. */
export function has(raw: unknown, key: string): boolean {
  return isObject(raw) && Object.hasOwn(raw, key);
}

const halfLife = record({ halfLife: duration }).transform(
  (raw): Decay => ({ kind: 'halfLife', durationMs: raw.halfLife }),
);
const linear = record({ linear: duration }).transform(
  (raw): Decay => ({ kind: 'linear', durationMs: raw.linear }),
);
const lose = record({ lose: percentage, every: duration }).transform(
  (raw): Decay => ({ kind: 'lose', percent: raw.lose, everyMs: raw.every }),
);

export const decay = branch<Decay>('decay', raw => {
  if (has(raw, 'halfLife')) return halfLife;
  if (has(raw, 'linear')) return linear;
  if (has(raw, 'lose') || has(raw, 'every')) return lose;
  return '{ halfLife: 14d }, { linear: 30d } or { lose: 25%, every: 30d }';
});

/** Turns an issue found by zod into problems with steps: an unknown key is named at its own place. */
export function flatten(issue: z.core.$ZodIssue): { path: PathStep[]; message: string }[] {
  const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...path, key], message: issue.message }));
  }
  return [{ path, message: describeIssue(issue) }];
}

/** Says in an author's words what an issue found by zod is about. */
function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${WORDS[issue.expected] ?? issue.expected}, got ${nameOf(issue.input)}`;
    case 'too_small':
      return `expected ${issue.origin === 'array' ? `at least ${issue.minimum} entries` : `at least ${issue.minimum}`}`;
    case 'too_big':
      return `expected ${issue.origin === 'array' ? `at most ${issue.maximum} entries` : `at most ${issue.maximum}`}`;
    case 'invalid_value':
      return `expected ${issue.values
        .map(String)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}, got ${nameOf(issue.input)}`;
    default:
      return issue.message;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};
