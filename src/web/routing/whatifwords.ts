import { counted, listed } from '../../core/text/number.ts';
import { daysOff, offWords } from './teamwords.ts';

/** What may be otherwise, and how it is asked. */
export const CHANGE_KINDS = [
  { value: 'off', label: 'is off' },
  { value: 'paused', label: 'is paused' },
  { value: 'weight', label: 'has the weight' },
  { value: 'open', label: 'takes at once' },
  { value: 'perDay', label: 'takes a day' },
] as const;
type ChangeKind = (typeof CHANGE_KINDS)[number]['value'];

/** One thing that is otherwise, as the form keeps it; what is not filled in is null or empty. */
export interface Change {
  readonly key: number;
  readonly kind: ChangeKind;
  readonly userId: string | null;
  /** The team that the figure is about; for weights and limits. */
  readonly team: string | null;
  readonly days: readonly [string | null, string | null];
  readonly figure: number | string;
}

/** A change with nothing filled in. */
export function newChange(key: number): Change {
  return { key, kind: 'off', userId: null, team: null, days: [null, null], figure: '' };
}

/**
 * The changes as the API takes them; days are those of `timezone`. Null while one of them is incomplete.
 *
 * @example changesBody([{ ...newChange(0), kind: 'paused', userId: 'ben' }], 'UTC')?.paused // ['ben']
 */
export function changesBody(changes: readonly Change[], timezone: string) {
  const off: { userId: string; from: string; to: string }[] = [];
  const paused: string[] = [];
  const weights: { team: string; userId: string; weight: number }[] = [];
  const capacities: { team: string; userId: string; open?: number; perDay?: number }[] = [];
  for (const { kind, userId, team, days, figure } of changes) {
    const [first, last] = days;
    const value = Number(figure);
    if (userId === null) return null;
    if (kind === 'paused') {
      paused.push(userId);
    } else if (kind === 'off') {
      if (first === null || last === null) return null;
      off.push({ userId, ...daysOff({ first, last, timezone }) });
    } else {
      if (team === null || figure === '' || !(value > 0)) return null;
      if (kind === 'weight') weights.push({ team, userId, weight: value });
      else capacities.push({ team, userId, [kind]: value });
    }
  }
  return { off, paused, weights, capacities };
}

/**
 * What the first incomplete change still lacks; null where all are complete.
 *
 * @example lackingWords([newChange(0)]) // 'Choose a person.'
 */
export function lackingWords(changes: readonly Change[]): string | null {
  for (const { kind, userId, team, days, figure } of changes) {
    const [first, last] = days;
    if (userId === null || (team === null && kind !== 'off' && kind !== 'paused')) return 'Choose a person.';
    if (kind === 'off' && first === null) return 'Choose the first day off.';
    if (kind === 'off' && last === null) return 'Choose the last day off; for one day choose it twice.';
    const isFigure = kind === 'weight' || kind === 'open' || kind === 'perDay';
    if (isFigure && !(Number(figure) > 0)) return 'Say how much.';
  }
  return null;
}

/** A time of somebody off, as the API takes it. */
export interface Off {
  readonly from: string;
  readonly to: string;
}

/**
 * That none of the leads given out again falls into any of the times off asked about, by when the first and the last
 * would come; null where one may. Times in the viewer's zone.
 *
 * @example missedWords({ leads: 50, from: null, to: null }, []) // null
 */
export function missedWords(
  of: { readonly leads: number; readonly from: string | null; readonly to: string | null },
  off: readonly Off[],
): string | null {
  if (of.from === null || of.to === null || off.length === 0) return null;
  const [first, last] = [Date.parse(of.from), Date.parse(of.to)];
  if (off.some(({ from, to }) => Date.parse(from) <= last && Date.parse(to) > first)) return null;
  const days = listed([...new Set(off.map(offWords))], 'or');
  return of.leads === 1
    ? `The lead does not fall on ${days}`
    : `0 of the ${counted(of.leads, 'lead')} fall on ${days}`;
}
