import { DAY_MS } from '../time/duration.ts';
import { FIRST_KEPT, isKept, parseKept } from '../time/instant.ts';
import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';

/** From `from` up to, not including, `to`; epoch milliseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The spans of time by which figures may be grouped. */
export const SPANS = ['month', 'week', 'quarter'] as const;
export type PeriodSpan = (typeof SPANS)[number];

/** One month, week or quarter of a report, as far as the report's range covers it. */
export interface Period extends Range {
  /** `2026-03`, `2026-W09` (ISO 8601) or `2026-Q1`. */
  readonly key: string;
}

/**
 * The months, weeks or quarters of a zone that a range touches, in order; the first and the last as far as they lie in the
 * range. An empty range touches none.
 *
 * @example periodsOf('month', { from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 0, 2) }, 'UTC').map(({ key }) => key) // ['2025-12', '2026-01']
 * @example periodsOf('week', { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) }, 'UTC')[0].key // '2026-W01'
 */
export function periodsOf(span: PeriodSpan, { from, to }: Range, zone: string): readonly Period[] {
  const periods: Period[] = [];
  let start = startDate(span, dateAt(zone, from));
  while (to > from) {
    const next = nextDate(span, start);
    const begin = Math.max(from, midnight(zone, start));
    const end = Math.min(to, midnight(zone, next));
    if (end > begin) periods.push({ key: keyOf(span, start), from: begin, to: end });
    if (end >= to) break;
    start = next;
  }
  return periods;
}

/** How many whole months a report reaches back when nobody says how far. */
const USUAL_MONTHS = 12;

/**
 * The twelve whole months before that of an instant, and its own, whole.
 *
 * @example formatInstant(usualRange(Date.UTC(2026, 2, 15), 'UTC').from) // '2025-03-01T00:00:00.000Z'
 */
export function usualRange(now: number, zone: string): Range {
  const month = startDate('month', dateAt(zone, now));
  return { from: midnight(zone, moveMonths(month, -USUAL_MONTHS)), to: midnight(zone, moveMonths(month, 1)) };
}

/**
 * So many months before the one in which a range begins, in order, and what that month has before the range, if anything.
 *
 * @example monthsBefore(Date.UTC(2026, 2, 10), 1, 'UTC').map(({ key }) => key) // ['2026-02', '2026-03']
 */
export function monthsBefore(from: number, months: number, zone: string): readonly Period[] {
  const month = startDate('month', dateAt(zone, from));
  const begin = Math.max(FIRST_KEPT, midnight(zone, moveMonths(month, -months)));
  return periodsOf('month', { from: begin, to: from }, zone);
}

/** Whether a range is a whole month of a zone. @example isMonth({ from: 0, to: Date.UTC(1970, 0, 31) }, 'UTC') // false */
export function isMonth({ from, to }: Range, zone: string): boolean {
  const month = startDate('month', dateAt(zone, from));
  return midnight(zone, month) === from && midnight(zone, moveMonths(month, 1)) === to;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads an edge of a report into epoch ms: an instant, or a date as its midnight in the zone; null for any other text.
 *
 * @example readEdge('2026-03-01', 'Asia/Tokyo') // Date.UTC(2026, 1, 28, 15)
 */
export function readEdge(text: string, zone: string): number | null {
  const at = parseKept(text);
  if (at === null || !DATE.test(text)) return at;
  const edge = midnight(zone, at / DAY_MS);
  return isKept(edge) ? edge : null;
}

function midnight(zone: string, date: number): number {
  return instantAt(zone, { date, minute: 0 });
}

function startDate(span: PeriodSpan, date: number): number {
  if (span === 'week') return date - weekdayOf(date);
  const day = new Date(date * DAY_MS);
  const month = span === 'month' ? day.getUTCMonth() : day.getUTCMonth() - (day.getUTCMonth() % 3);
  return dayNumber(day.getUTCFullYear(), month);
}

function nextDate(span: PeriodSpan, date: number): number {
  return span === 'week' ? date + 7 : moveMonths(date, span === 'month' ? 1 : 3);
}

/** The first day of the month that lies so many months after that of a date. */
function moveMonths(date: number, months: number): number {
  const day = new Date(date * DAY_MS);
  return dayNumber(day.getUTCFullYear(), day.getUTCMonth() + months);
}

/** The first day of a month in days since 1970-01-01; years below 100 are what they say. */
function dayNumber(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month, 1) / DAY_MS;
}

function keyOf(span: PeriodSpan, date: number): string {
  const day = new Date(date * DAY_MS);
  const year = String(day.getUTCFullYear()).padStart(4, '0');
  if (span === 'month') return `${year}-${String(day.getUTCMonth() + 1).padStart(2, '0')}`;
  if (span === 'quarter') return `${year}-Q${Math.floor(day.getUTCMonth() / 3) + 1}`;
  // ISO 8601: a week belongs to the year of its Thursday.
  const thursday = new Date((date + 3) * DAY_MS);
  const weekYear = thursday.getUTCFullYear();
  const week = 1 + Math.floor((date + 3 - dayNumber(weekYear, 0)) / 7);
  return `${String(weekYear).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}
