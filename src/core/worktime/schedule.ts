import { DAY_MS } from '../time/duration.ts';
import { formatInstant } from '../time/instant.ts';
import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';
import { type CalendarHours, compileCalendar, nextOpening, type WorkCalendar } from './calendar.ts';

/** When a person works, ready for arithmetic. Compile once and keep the result. */
export interface Schedule {
  readonly timezone: string;
  /** Null for somebody who is always at work. */
  readonly calendar: WorkCalendar | null;
  /** Whether a local date, in days since 1970-01-01, is a working day. */
  readonly isWorkday: (day: number) => boolean;
}

const ALL_WEEK: CalendarHours['hours'] = Array.from({ length: 7 }, () => [[0, 24 * 60] as const]);

/**
 * Prepares a person's working time; `hours` null is always, but for the holidays. What `open` says of a date replaces its hours,
 * holiday or not. Throws a RangeError for an unknown zone.
 */
export function compileSchedule(of: {
  readonly timezone: string;
  readonly hours: CalendarHours['hours'] | null;
  readonly holidays: readonly string[];
  readonly open?: CalendarHours['open'];
}): Schedule {
  const { timezone, hours, holidays, open = [] } = of;
  const closed = new Set(holidays);
  const opened = new Set(open.map(({ date }) => date));
  const week = hours ?? ALL_WEEK;
  const isAlways = hours === null && holidays.length + open.length === 0;
  const isOpen = (day: number) => (week[weekdayOf(day)] ?? []).length > 0;
  return {
    timezone,
    calendar: isAlways ? null : compileCalendar({ timezone, hours: week, holidays, open }),
    isWorkday: day => {
      const date = formatInstant(day * DAY_MS).slice(0, 10);
      return opened.has(date) || (isOpen(day) && !closed.has(date));
    },
  };
}

/** The schedule of a person about whose work nothing was said: always at work, by UTC's days. */
export const ALWAYS: Schedule = { timezone: 'UTC', calendar: null, isWorkday: () => true };

/** The local date at an instant, as days since 1970-01-01. @example dayOf(ALWAYS, 86_400_000) // 1 */
export function dayOf({ timezone }: Schedule, at: number): number {
  return timezone === 'UTC' ? Math.floor(at / DAY_MS) : dateAt(timezone, at);
}

/** The instant at which a local date begins, in epoch ms. @example startOfDay(ALWAYS, 1) // 86_400_000 */
export function startOfDay({ timezone }: Schedule, day: number): number {
  return instantAt(timezone, { date: day, minute: 0 });
}

/** The first working moment at or after an instant, in epoch ms; the instant itself for somebody always at work. */
export function opensAt({ calendar }: Schedule, at: number): number {
  return nextOpening(calendar, at);
}
