import type { CalendarHours } from '../../../src/core/worktime/calendar.ts';

type Hours = CalendarHours['hours'][number];
const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** What the wall clocks of a zone show, minute by minute of UTC, as local minutes since 1970-01-01T00:00. */
type Wall = (minute: number) => number;

const walls = new Map<string, Wall>();

/** Reads a zone's wall clock off the words of a formatter, and keeps the days that it has read. */
function wallOf(timezone: string): Wall {
  const kept = walls.get(timezone);
  if (kept !== undefined) return kept;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const days = new Map<number, Int32Array>();
  const read = (minute: number): number => {
    const [, day, month, year, hour, past] =
      /^(\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/.exec(format.format(minute * MINUTE)) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(past)) / MINUTE;
  };
  const tableOf = (day: number): Int32Array => {
    const table =
      days.get(day) ??
      Int32Array.from({ length: DAY_MINUTES }, (_, index) => read(day * DAY_MINUTES + index));
    days.set(day, table);
    return table;
  };
  let last: { readonly day: number; readonly table: Int32Array } = {
    day: Number.NaN,
    table: new Int32Array(),
  };
  const wall: Wall = minute => {
    const day = Math.floor(minute / DAY_MINUTES);
    if (day !== last.day) last = { day, table: tableOf(day) };
    return last.table[minute - day * DAY_MINUTES] ?? Number.NaN;
  };
  walls.set(timezone, wall);
  return wall;
}

/** A calendar as a definition reads: nothing is prepared but the hours of a date. */
export interface SlowCalendar {
  readonly wall: Wall;
  /** The date on which the hours began that a minute of UTC lies in, in days since 1970-01-01; null outside of hours. */
  readonly begun: (minute: number) => number | null;
}

/** Whether a minute lies inside hours; by index, as it is asked billions of times. */
function isInside(hours: Hours, minute: number): boolean {
  for (let index = 0; index < hours.length; index++) {
    const span = hours[index];
    if (span !== undefined && span[0] <= minute && minute < span[1]) return true;
  }
  return false;
}

/** Reads a calendar minute by minute. */
export function slowCalendar({ timezone, hours, holidays = [], open = [] }: CalendarHours): SlowCalendar {
  const wall = wallOf(timezone);
  const dates = new Map<number, Hours>();
  const hoursOn = (date: number) => {
    const kept = dates.get(date);
    if (kept !== undefined) return kept;
    const midnight = new Date(date * DAY_MINUTES * MINUTE);
    const name = midnight.toISOString().slice(0, 10);
    const weekday = (midnight.getUTCDay() + 6) % 7;
    const usual = holidays.includes(name) ? [] : (hours[weekday] ?? []);
    const found = open.find(other => other.date === name)?.hours ?? usual;
    dates.set(date, found);
    return found;
  };
  let last = { date: Number.NaN, before: hoursOn(0), own: hoursOn(0) };
  const begun = (minute: number) => {
    const shown = wall(minute);
    const date = Math.floor(shown / DAY_MINUTES);
    const past = shown - date * DAY_MINUTES;
    if (date !== last.date) last = { date, before: hoursOn(date - 1), own: hoursOn(date) };
    if (isInside(last.before, past + DAY_MINUTES)) return date - 1;
    if (isInside(last.own, past)) return date;
    return null;
  };
  return { wall, begun };
}

/** The working time between two instants, counted by the minute. */
export function slowElapsed({ begun }: SlowCalendar, from: number, to: number): number {
  let sum = 0;
  for (let minute = Math.floor(from / MINUTE); minute * MINUTE < to; minute++)
    if (begun(minute) !== null) sum += Math.min(to, (minute + 1) * MINUTE) - Math.max(from, minute * MINUTE);
  return sum;
}

/** The first instant by which so much working time has passed; null when it has not after `mostDays`. */
export function slowAdd({ begun }: SlowCalendar, from: number, ms: number, mostDays: number): number | null {
  const first = Math.floor(from / MINUTE);
  let left = ms;
  for (let minute = first; minute < first + mostDays * DAY_MINUTES; minute++) {
    if (begun(minute) === null) continue;
    const start = Math.max(from, minute * MINUTE);
    const lasts = (minute + 1) * MINUTE - start;
    if (left <= lasts) return start + left;
    left -= lasts;
  }
  return null;
}

/**
 * The same wall time so many working days later, or the last working moment of that day before it, or else its opening;
 * null when it lies more than `mostDays` ahead.
 */
export function slowAddDays(
  calendar: SlowCalendar,
  from: number,
  { days, mostDays }: { readonly days: number; readonly mostDays: number },
): number | null {
  const start = slowAdd(calendar, from, 0, mostDays);
  if (start === null || days === 0) return start;
  const began = Math.floor(start / MINUTE);
  // Where a clock change repeats working hours, the latest time that the clock has shown counts.
  let shown = calendar.wall(began) * MINUTE + (start - began * MINUTE);
  let date = calendar.begun(began) ?? Number.NaN;
  for (let minute = began - 2 * DAY_MINUTES; minute < began; minute++) {
    const ends = (calendar.wall(minute) + 1) * MINUTE;
    const begun = calendar.begun(minute);
    if (begun !== null && ends > shown) [shown, date] = [ends, begun];
  }
  let [day, left] = [date, days];
  for (let minute = began; minute < began + mostDays * DAY_MINUTES; minute++) {
    const begun = calendar.begun(minute);
    if (begun === null || begun <= day) continue;
    day = begun;
    left -= 1;
    if (left === 0) return reach(calendar, minute, shown + (day - date) * DAY_MINUTES * MINUTE);
  }
  return null;
}

/** The last working moment of the day that opens with a minute at which the clock shows `wall` or less; else its opening. */
function reach({ wall, begun }: SlowCalendar, opening: number, target: number): number {
  const day = begun(opening);
  let due = opening * MINUTE;
  let latest = wall(opening) * MINUTE;
  for (let minute = opening; minute < opening + 2 * DAY_MINUTES + 60; minute++) {
    const shows = wall(minute) * MINUTE;
    const until = Math.min(shows + MINUTE, target);
    if (begun(minute) !== day || shows > target || until <= latest) continue;
    latest = until;
    due = minute * MINUTE + (until - shows);
  }
  return due;
}
