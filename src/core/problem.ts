/** One thing wrong with an input: where it is (`rules[3].on.where.path`; empty for the whole) and what was expected. */
export interface Problem {
  readonly path: string;
  readonly steps: readonly PathStep[];
  readonly message: string;
}

/**
 * An expected no: `conflict` is what the state of things forbids, `invalid` something wrong with what was said, at `path`,
 * `forbidden` what is not for the one who asks.
 */
export interface Refused {
  readonly kind: 'refused';
  readonly as: 'conflict' | 'invalid' | 'forbidden';
  readonly path: string;
  readonly message: string;
}

/**
 * Refuses something, with the reason in words.
 *
 * @example refuse('invalid', 'expected a date', 'until').path // 'until'
 */
export function refuse(as: Refused['as'], message: string, path = ''): Refused {
  return { kind: 'refused', as, path, message };
}

/** A step into a value: a key or a list index. */
export type PathStep = string | number;

/**
 * Writes a path the way problems name it.
 *
 * @example formatPath(['rules', 3, 'on', 'where']) // 'rules[3].on.where'
 */
export function formatPath(steps: readonly PathStep[]): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Collects problems found below one place of an input. */
export interface Report {
  add(message: string, ...below: readonly PathStep[]): void;
  at(...below: readonly PathStep[]): Report;
}

/**
 * Makes a report that hands each problem, with its steps from the root, to `add`.
 *
 * @example makeReport((steps, message) => list.push({ path: formatPath(steps), message }))
 */
export function makeReport(
  add: (steps: readonly PathStep[], message: string) => void,
  root: readonly PathStep[] = [],
): Report {
  return {
    add: (message, ...below) => add([...root, ...below], message),
    at: (...below) => makeReport(add, [...root, ...below]),
  };
}

/**
 * Says what a value is, in the words of a YAML author.
 *
 * @example nameOf(null) // 'nothing'
 */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return value.trim() === '' ? 'blank text' : `the text ${quote(value)}`;
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

/** Quotes text for a message, cut to a readable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
