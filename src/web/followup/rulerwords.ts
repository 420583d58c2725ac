import { whole } from '../../core/text/number.ts';
import { dateAt, hourWords, momentWords } from '../../core/time/zone.ts';
import type { RulerStretch, Uncounted } from '../../core/worktime/ruler.ts';

/** What a stretch of a ruler may be; `counted` where something of it counted. */
export type RulerKind = Uncounted | 'counted';

/** The kinds in the order of the legend, in words. */
export const RULER_KINDS: readonly (readonly [RulerKind, string])[] = [
  ['counted', 'Counted'],
  ['break', 'Break'],
  ['night', 'Night'],
  ['weekend', 'Weekend'],
  ['closed', 'Day without hours'],
  ['holiday', 'Holiday'],
  ['paused', 'Paused'],
];

const IN_LINE: Readonly<Record<Uncounted, string>> = {
  break: 'not counted, a break between hours',
  night: 'not counted, outside the hours of the day',
  weekend: 'not counted, weekend',
  closed: 'not counted, a day without hours',
  holiday: 'not counted, holiday',
  paused: 'not counted, paused',
};

/**
 * A stretch as a line of a list.
 *
 * @example stretchWords({ from: '1970-01-01T09:00:00Z', to: '1970-01-01T12:30:00Z', countedMs: 12_600_000, why: null, reason: null }, 'UTC') // 'Thu 1 Jan, 09:00 to 12:30: 3 h 30 min counted'
 */
export function stretchWords(stretch: RulerStretch, timezone: string): string {
  const { countedMs, why, reason } = stretch;
  const what = why === null ? `${workedWords(countedMs)} counted` : IN_LINE[why];
  return `${spanWords(stretch, timezone)}: ${what}${reason === null ? '' : ` (${reason})`}`;
}

/**
 * Working time in hours and minutes, never in days: a day of work is not one of 24 hours.
 *
 * @example workedWords(108_000_000) // '30 h'
 * @example workedWords(30_000) // 'less than a minute'
 */
export function workedWords(ms: number): string {
  if (ms <= 0) return 'nothing';
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return 'less than a minute';
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours === 0 ? [] : [`${whole(hours)} h`], rest === 0 ? [] : [`${rest} min`]].flat().join(' ');
}

/** From when to when, the date of the end only where it is another. */
function spanWords(stretch: RulerStretch, timezone: string): string {
  const [from, to] = [Date.parse(stretch.from), Date.parse(stretch.to)];
  const isSameDate = dateAt(timezone, from) === dateAt(timezone, to);
  const end = isSameDate ? hourWords(to, timezone) : momentWords(to, timezone);
  return `${momentWords(from, timezone)} to ${end}`;
}

/** A clock as its ruler shows it, instants in epoch ms. */
export interface RulerClock {
  readonly kind: 'firstTouch' | 'decision';
  readonly countedMs: number;
  readonly dueAt: number;
  readonly stoppedAt: number | null;
  readonly timezone: string;
}

/**
 * A clock in a sentence: what counted so far, and where it stands.
 *
 * @example clockSentence({ kind: 'decision', countedMs: 3_600_000, dueAt: 7_200_000, stoppedAt: null, timezone: 'UTC' }, 3_600_000) // 'Decision: 1 h counted so far, due Thu 1 Jan, 02:00.'
 */
export function clockSentence(clock: RulerClock, now: number): string {
  const { kind, countedMs, dueAt, stoppedAt, timezone } = clock;
  const name = kind === 'firstTouch' ? 'First touch' : 'Decision';
  const due = momentWords(dueAt, timezone);
  const head = `${name}: ${workedWords(countedMs)} counted`;
  if (stoppedAt !== null) {
    const isLate = stoppedAt > dueAt;
    return `${head}, done ${momentWords(stoppedAt, timezone)}, ${isLate ? 'after' : 'before'} it was due ${due}.`;
  }
  return now > dueAt ? `${head} so far, was due ${due}.` : `${head} so far, due ${due}.`;
}
