import { monthWords } from '../report/label.ts';
import { type Period, periodsOf, type Range, readEdge } from '../report/period.ts';
import { DAY_MS } from '../time/duration.ts';
import { formatInstant } from '../time/instant.ts';
import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';
import { REVIEW_SPANS, type ReviewKind } from './kind.ts';

/** How many periods the trends of a review show, its own the last one. */
const TRAIL: Readonly<Record<ReviewKind, number>> = { weekly: 12, monthly: 12, quarterly: 8 };

/** More days than a period of a kind has. */
const DAYS: Readonly<Record<ReviewKind, number>> = { weekly: 8, monthly: 32, quarterly: 93 };

/**
 * The periods up to that of a key, the last one its own; null for text that does not name one. A period at the edge of time
 * has fewer before it.
 *
 * @example trailOf({ kind: 'monthly', key: '2026-03', zone: 'UTC' }).length // 12
 * @example trailOf({ kind: 'weekly', key: '2026-W54', zone: 'UTC' }) // null
 */
export function trailOf(of: {
  readonly kind: ReviewKind;
  readonly key: string;
  readonly zone: string;
}): readonly Period[] | null {
  const { kind, key, zone } = of;
  const near = nearDate(kind, key);
  const edge = near === null ? null : readEdge(near, zone);
  if (edge === null) return null;
  const reach = DAYS[kind] * DAY_MS;
  const around = { from: edge - (TRAIL[kind] + 2) * reach, to: edge + 60 * 7 * DAY_MS };
  const periods = periodsOf(REVIEW_SPANS[kind], around, zone);
  const index = periods.findIndex(period => period.key === key);
  // The first period that a range touches may be a part of one.
  return index < 1 ? null : periods.slice(Math.max(1, index + 1 - TRAIL[kind]), index + 1);
}

/** A date in or shortly before the period of a key. */
function nearDate(kind: ReviewKind, key: string): string | null {
  const [, year = '', place = ''] = /^([1-9]\d{3})-([WQ]?\d{1,2})$/.exec(key) ?? [];
  if (year === '') return null;
  if (kind === 'weekly') return /^W\d\d$/.test(place) ? `${year}-01-01` : null;
  if (kind === 'quarterly') return /^Q[1-4]$/.test(place) ? `${year}-01-01` : null;
  return /^(?:0[1-9]|1[0-2])$/.test(place) ? `${year}-${place}-01` : null;
}

/**
 * The last periods of a kind that have begun by an instant, the latest first.
 *
 * @example latestOf({ kind: 'quarterly', at: Date.UTC(2026, 4, 5), zone: 'UTC', count: 2 }).map(({ key }) => key) // ['2026-Q2', '2026-Q1']
 */
export function latestOf(of: {
  readonly kind: ReviewKind;
  readonly at: number;
  readonly zone: string;
  readonly count: number;
}): readonly Period[] {
  const { kind, at, zone, count } = of;
  // Far enough beyond the instant that its own period is whole.
  const range = { from: at - (count + 1) * DAYS[kind] * DAY_MS, to: at + DAYS[kind] * DAY_MS };
  const begun = periodsOf(REVIEW_SPANS[kind], range, zone).filter(({ from }) => from <= at);
  return begun.slice(1).reverse().slice(0, count);
}

/** A few letters for a period on an axis. @example periodMark('monthly', '2026-10') // 'Oct' */
export function periodMark(kind: ReviewKind, key: string): string {
  if (kind === 'monthly') return monthWords(key).slice(0, 3);
  const [year = '', place = ''] = key.split('-');
  return kind === 'weekly' ? place : `${place} ${year.slice(2)}`;
}

/** The time of day at which a review is due, in minutes: when people begin to work. */
const DUE_MINUTE = 8 * 60;
/** After how many days without work a review is due all the same. */
const LONGEST_BREAK = 14;

/**
 * When the review of a period is due: at eight on the first working day after it, Monday to Friday but for days that
 * `isClosed` names (by their number since 1970-01-01).
 *
 * @example formatInstant(reviewDueAt({ from: 0, to: Date.UTC(2026, 7, 1) }, 'UTC')) // '2026-08-03T08:00:00.000Z'
 */
export function reviewDueAt(
  { to }: Range,
  zone: string,
  isClosed: (date: number) => boolean = date => weekdayOf(date) > 4,
): number {
  const first = dateAt(zone, to);
  const dates = Array.from({ length: LONGEST_BREAK }, (_, index) => first + index);
  const date = dates.find(day => !isClosed(day)) ?? first;
  return instantAt(zone, { date, minute: DUE_MINUTE });
}

/** The days of a period as people write them, both in it. */
export function daysOf({ from, to }: Range, zone: string): readonly [first: string, last: string] {
  const day = (at: number) => formatInstant(dateAt(zone, at) * DAY_MS).slice(0, 10);
  return [day(from), day(to - 1)];
}
