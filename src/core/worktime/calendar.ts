import type { DayHours, OpenDay, WeekHours } from '../agreement/hours.ts';
import type { WorkSpan } from '../agreement/practice.ts';
import { DAY_MS } from '../time/duration.ts';
import { parseInstant } from '../time/instant.ts';
import { offsetsOf, weekdayOf } from '../time/zone.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** A calendar without a working moment for ten years is a mistake; an SLA clock must run out all the same. */
const LONGEST_CLOSURE_DAYS = 3653;

/** The longest span an agreement may name (3650 days of 24 h) takes 42 years of a 40 h week; a clock needs no more than a century. */
const LONGEST_WALK_DAYS = 36_525;

/** The longest distance of which all working time is counted. */
export const LONGEST_WALK_MS = LONGEST_WALK_DAYS * DAY_MS;

/** Days kept in memory per calendar: one longest walk, 13 MB measured; reached only by clocks that run for decades. */
const MOST_DAYS_KEPT = LONGEST_WALK_DAYS + 1_000;

/** A calendar as an agreement or a team writes it; holidays are YYYY-MM-DD in the calendar's own time zone. */
export interface CalendarHours {
  readonly timezone: string;
  readonly hours: WeekHours;
  readonly holidays?: readonly string[] | undefined;
  /** Dates whose hours are others than those of their weekday, holiday or not. */
  readonly open?: readonly OpenDay[] | undefined;
}

/**
 * Working time without a break: from `open` up to, not including, `close`, in epoch milliseconds, inside one UTC day
 * and one local day, under one offset. Local milliseconds are epoch milliseconds plus `offsetMs`.
 */
interface Stretch {
  readonly open: number;
  readonly close: number;
  readonly offsetMs: number;
  /** The local date on which the hours began, as days since 1970-01-01; those past midnight belong to the day before. */
  readonly date: number;
}

interface UtcDay {
  readonly stretches: readonly Stretch[];
  readonly workMs: number;
}

/** A calendar ready for arithmetic; it keeps the days it has worked out. */
export interface WorkCalendar {
  readonly timezone: string;
  /** The working time within one UTC day, counted in days since 1970-01-01, in order. */
  readonly dayAt: (index: number) => UtcDay;
  /** Why no hours begin on a local date, in days since 1970-01-01: its weekday has none, or it is a holiday; else null. */
  readonly closureOn: (date: number) => 'weekday' | 'holiday' | null;
}

/**
 * Prepares a calendar for arithmetic. A moment is working time when the wall clock in the calendar's zone
 * reads inside the hours of its weekday and the date is not a holiday. So hours that a clock change skips do
 * not exist, and hours that it repeats count both times. Hours past midnight belong to the day on which they begin: its
 * holiday closes them, and the next one's does not. Compile once and keep the result: it caches the days
 * it is asked for. Throws a RangeError for a time zone `Intl` does not know; so do the functions below for
 * instants beyond those `Date` can hold.
 *
 * @example compileCalendar({ timezone: 'UTC', hours: [[[540, 1050]], [], [], [], [], [], []] }) // Mondays 09:00-17:30
 */
export function compileCalendar(calendar: CalendarHours): WorkCalendar {
  const week = calendar.hours.map(mergeSpans);
  const holidays = new Set(calendar.holidays?.map(dateOf));
  const offsetAt = offsetsOf(calendar.timezone);
  const open = new Map(calendar.open?.map(({ date, hours }) => [dateOf(date), mergeSpans(hours)]));
  const usualOn = (date: number) => week[weekdayOf(date)] ?? [];
  const spansOn = (date: number) => open.get(date) ?? (holidays.has(date) ? [] : usualOn(date));
  const days = new Map<number, UtcDay>();
  const dayAt = (index: number): UtcDay => {
    const known = days.get(index);
    if (known !== undefined) return known;
    if (days.size >= MOST_DAYS_KEPT) days.clear();
    const stretches = offsetRuns(offsetAt, index).flatMap(run => stretchesIn(run, spansOn));
    const day = { stretches, workMs: stretches.reduce((sum, { open, close }) => sum + close - open, 0) };
    days.set(index, day);
    return day;
  };
  const closureOn = (date: number) => {
    if (spansOn(date).length > 0) return null;
    return usualOn(date).length > 0 ? 'holiday' : 'weekday';
  };
  return { timezone: calendar.timezone, dayAt, closureOn };
}

/**
 * The instant at which `span` of working time has elapsed since `from`; epoch milliseconds, `null` for a calendar that
 * is always open.
 *
 * - A span of time ends at the first instant by which so much working time has passed: an hour from 16:30 ends at
 *   17:30 where work ends then, not at the next opening. An empty span ends at the next working moment.
 * - A span of n working days is due at the same local time n working days later: from Tuesday 10:00, `1bd` is
 *   Wednesday 10:00. Outside working hours it counts from the next opening: from Saturday, `1bd` is Tuesday 09:00. A
 *   day with any working time is a working day, the day of `from` is not counted, and where the day it falls on is
 *   closed at that time, the span is due at its last working moment before, or else at its opening.
 *   On a calendar that is always open a working day is 24 h.
 *
 * Never searches for ever: after ten years without a working moment, or a hundred years in all, what is left of the
 * span counts as plain time (24 h a day) from the last working moment seen, or from `from` if there was none.
 *
 * @example addWorkSpan(null, 0, { kind: 'workdays', days: 2 }) // 172800000
 */
export function addWorkSpan(calendar: WorkCalendar | null, from: number, span: WorkSpan): number {
  if (calendar === null) return from + (span.kind === 'time' ? span.ms : span.days * DAY_MS);
  return span.kind === 'time' ? addWorkMs(calendar, from, span.ms) : addWorkdays(calendar, from, span.days);
}

/**
 * The working milliseconds from one instant to another, negative when `to` is the earlier. Of a distance over a
 * hundred years only the first hundred, from the earlier instant, are counted.
 *
 * @example workingMsBetween(null, 1000, 4000) // 3000
 */
export function workingMsBetween(calendar: WorkCalendar | null, from: number, to: number): number {
  if (calendar === null) return to - from;
  if (to < from) return 0 - workingMsBetween(calendar, to, from);
  const first = Math.floor(from / DAY_MS);
  const last = Math.min(Math.floor(to / DAY_MS), first + LONGEST_WALK_DAYS);
  let sum = 0;
  for (let index = first; index <= last; index++) {
    const day = calendar.dayAt(index);
    sum += index === first || index === last ? workMsWithin(day, from, to) : day.workMs;
  }
  return sum;
}

/**
 * Whether work is done at an instant: the opening of a working interval is in it, its end is not.
 *
 * @example isWorking(null, 0) // true
 */
export function isWorking(calendar: WorkCalendar | null, at: number): boolean {
  if (calendar === null) return true;
  return calendar
    .dayAt(Math.floor(at / DAY_MS))
    .stretches.some(({ open, close }) => open <= at && at < close);
}

/**
 * The first working moment at or after an instant: the instant itself when work is being done then, and also, so that
 * a clock still starts, when there is none within ten years.
 *
 * @example nextOpening(null, 5) // 5
 */
export function nextOpening(calendar: WorkCalendar | null, at: number): number {
  return calendar === null ? at : addWorkMs(calendar, at, 0);
}

function addWorkMs(calendar: WorkCalendar, from: number, ms: number): number {
  const first = Math.floor(from / DAY_MS);
  let left = ms;
  let lastWorked = from;
  let closedFor = 0;
  for (let step = 0; step <= LONGEST_WALK_DAYS && closedFor <= LONGEST_CLOSURE_DAYS; step++) {
    const { stretches, workMs } = calendar.dayAt(first + step);
    closedFor = workMs === 0 ? closedFor + 1 : 0;
    if (step > 0 && workMs > 0 && workMs < left) {
      left -= workMs;
      lastWorked = stretches.at(-1)?.close ?? lastWorked;
      continue;
    }
    for (const { open, close } of stretches) {
      if (close <= from) continue;
      const start = Math.max(open, from);
      if (left <= close - start) return start + left;
      left -= close - start;
      lastWorked = close;
    }
  }
  return lastWorked + left;
}

function addWorkdays(calendar: WorkCalendar, from: number, days: number): number {
  const start = nextOpening(calendar, from);
  if (days <= 0) return start;
  const first = Math.floor(start / DAY_MS);
  const wall = wallAt(calendar, start);
  let left = days;
  let date = wall.date;
  let lastWorked = start;
  let closedFor = 0;
  for (let step = 0; step <= LONGEST_WALK_DAYS && closedFor <= LONGEST_CLOSURE_DAYS; step++) {
    const { stretches } = calendar.dayAt(first + step);
    closedFor = stretches.length === 0 ? closedFor + 1 : 0;
    for (const stretch of stretches) {
      if (stretch.date > date) {
        date = stretch.date;
        left -= 1;
        if (left === 0) return atWall(calendar, stretch, wall.ms + (date - wall.date) * DAY_MS);
      }
      lastWorked = Math.max(lastWorked, stretch.close);
    }
  }
  return lastWorked + left * DAY_MS;
}

/**
 * The local time of a working moment and its date. Where a clock change repeats working hours, it is the latest local
 * time shown so far: a clock started later must never be due earlier. Where one day's hours end as the next one's begin, the
 * moment is the next one's.
 */
function wallAt(calendar: WorkCalendar, at: number): { readonly ms: number; readonly date: number } {
  const index = Math.floor(at / DAY_MS);
  let wall = { ms: Number.NEGATIVE_INFINITY, date: index };
  for (const day of [calendar.dayAt(index - 1), calendar.dayAt(index)]) {
    for (const { open, close, offsetMs, date } of day.stretches) {
      const ms = Math.min(close, at) + offsetMs;
      if (open <= at && ms >= wall.ms) wall = { ms, date };
    }
  }
  // Nothing was open: the calendar's ten years are up and `at` stands for itself, in UTC.
  return wall.ms === Number.NEGATIVE_INFINITY ? { ms: at, date: index } : wall;
}

/** The last working moment of a local day whose wall clock reads `wallMs` or less, or else the day's opening. */
function atWall(calendar: WorkCalendar, opening: Stretch, wallMs: number): number {
  const index = Math.floor(opening.open / DAY_MS);
  let found = opening.open;
  let latest = opening.open + opening.offsetMs;
  // Hours that begin on a local day end with the next one, at most 49 h after its opening.
  for (const day of [calendar.dayAt(index), calendar.dayAt(index + 1), calendar.dayAt(index + 2)]) {
    for (const { open, close, offsetMs, date } of day.stretches) {
      const wall = Math.min(close + offsetMs, wallMs);
      if (date !== opening.date || open + offsetMs > wall || wall <= latest) continue;
      latest = wall;
      found = wall - offsetMs;
    }
  }
  return found;
}

function workMsWithin({ stretches }: UtcDay, from: number, to: number): number {
  let sum = 0;
  for (const { open, close } of stretches) sum += Math.max(0, Math.min(close, to) - Math.max(open, from));
  return sum;
}

/** A part of a UTC day in which the zone's offset does not change. */
interface OffsetRun {
  readonly start: number;
  readonly end: number;
  readonly offsetMs: number;
}

/** The runs of one UTC day. No zone has changed its offset twice within a day, so one bisection finds the change. */
function offsetRuns(offsetAt: (at: number) => number, index: number): readonly OffsetRun[] {
  const start = index * DAY_MS;
  const end = start + DAY_MS;
  const before = offsetAt(start);
  const after = offsetAt(end);
  if (before === after) return [{ start, end, offsetMs: before }];
  let low = start;
  let change = end;
  while (change - low > 1) {
    const middle = low + Math.floor((change - low) / 2);
    if (offsetAt(middle) === before) low = middle;
    else change = middle;
  }
  return [
    { start, end: change, offsetMs: before },
    { start: change, end, offsetMs: after },
  ].filter(run => run.start < run.end);
}

function stretchesIn(
  { start, end, offsetMs }: OffsetRun,
  spansOn: (date: number) => DayHours,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const lastDate = Math.floor((end - 1 + offsetMs) / DAY_MS);
  for (let date = Math.floor((start + offsetMs) / DAY_MS); date <= lastDate; date++) {
    const midnight = date * DAY_MS - offsetMs;
    for (const { from, to, began } of hoursWithin(date, spansOn)) {
      const open = Math.max(start, midnight + from * MINUTE_MS);
      const close = Math.min(end, midnight + to * MINUTE_MS);
      if (open < close) stretches.push({ open, close, offsetMs, date: began });
    }
  }
  return stretches;
}

/** The hours inside one local date, ascending and apart: first what is left of the day before, then its own up to midnight. */
function hoursWithin(
  date: number,
  spansOn: (date: number) => DayHours,
): readonly { readonly from: number; readonly to: number; readonly began: number }[] {
  const before = spansOn(date - 1).filter(([, to]) => to > DAY_MINUTES);
  const left = before.map(([from, to]) => ({
    from: Math.max(0, from - DAY_MINUTES),
    to: Math.min(to - DAY_MINUTES, DAY_MINUTES),
    began: date - 1,
  }));
  const until = left.at(-1)?.to ?? 0;
  const own = spansOn(date).flatMap(([from, to]) => {
    const [begins, ends] = [Math.max(from, until), Math.min(to, DAY_MINUTES)];
    return begins < ends ? [{ from: begins, to: ends, began: date }] : [];
  });
  return [...left, ...own];
}

function mergeSpans(spans: DayHours): DayHours {
  const merged: [number, number][] = [];
  for (const [open, close] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && open <= last[1]) last[1] = Math.max(last[1], close);
    else merged.push([open, close]);
  }
  return merged;
}

function dateOf(day: string): number {
  return Math.floor((parseInstant(day) ?? Number.NaN) / DAY_MS);
}
