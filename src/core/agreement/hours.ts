import { z } from 'zod';
import { nameOf, type PathStep, quote, type Report } from '../problem.ts';
import { DAY_NAMES } from '../time/clock.ts';
import { parseInstant } from '../time/instant.ts';
import { parsed, record } from './pieces.ts';

/** Working hours that begin on one day: pairs of minutes after its midnight, ascending; past 24 × 60 is the next day. */
export type DayHours = readonly (readonly [number, number])[];

/** Working hours of a week. Index 0 is Monday. */
export type WeekHours = readonly DayHours[];

const DAY_MINUTES = 24 * 60;

/**
 * Reads working hours, `{ mon-fri: ["09:00-17:30"] }`; what several keys say of one day adds up. A range of days may go over
 * the end of the week (`sun-thu`), and hours over midnight (`22:00-06:00`).
 */
export function readWeek(raw: unknown, report: Report): WeekHours {
  const week = DAY_NAMES.map((): (readonly [number, number])[] => []);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report.add(`expected a map such as { mon-fri: ["09:00-17:30"] }, got ${nameOf(raw)}`);
    return week;
  }
  let isRead = true;
  const watched: Report = {
    ...report,
    at: (...below) => {
      const inner = report.at(...below);
      const add = (message: string, ...steps: readonly PathStep[]) => {
        isRead = false;
        inner.add(message, ...steps);
      };
      return { ...inner, add };
    },
  };
  for (const [key, spans] of Object.entries(raw)) {
    const place = watched.at(key);
    const days = weekdays(key);
    if (days === null) place.add('expected a weekday or a range: mon, sat, mon-fri, sun-thu');
    const hours = readDay(spans, place);
    for (const day of days ?? []) week[day]?.push(...hours);
  }
  for (const spans of week) spans.sort((a, b) => a[0] - b[0]);
  // Hours that cannot be read do not count as missing hours.
  if (isRead && week.every(spans => spans.length === 0))
    report.add('expected at least one working hour in the week');
  return week;
}

function readDay(raw: unknown, report: Report): readonly (readonly [number, number])[] {
  if (!Array.isArray(raw)) {
    report.add(`expected a list such as ["09:00-17:30"], got ${nameOf(raw)}`);
    return [];
  }
  return raw.flatMap((span: unknown, index) => {
    const minutes = minuteSpan(span);
    if (typeof minutes !== 'string') return [minutes];
    report.add(minutes, index);
    return [];
  });
}

const DAYS: readonly string[] = DAY_NAMES;

function weekdays(key: string): readonly number[] | null {
  const ends = key
    .toLowerCase()
    .split('-')
    .map(name => DAYS.indexOf(name.trim()));
  const [from = -1, to = from] = ends;
  if (ends.length > 2 || from === -1 || to === -1) return null;
  const length = ((to - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length }, (_, index) => (from + index) % DAYS.length);
}

/** The minutes of hours such as `22:00-06:00`, or what is wrong with them. */
function minuteSpan(raw: unknown): readonly [number, number] | string {
  const parts = typeof raw === 'string' ? /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(raw.trim()) : null;
  if (parts === null) return `expected hours such as 09:00-17:30, got ${nameOf(raw)}${meantHours(raw)}`;
  const [opens, opensMinute, closes, closesMinute] = parts.slice(1).map(Number);
  const start = minutesOf(opens, opensMinute);
  const end = minutesOf(closes, closesMinute);
  if (start === null || end === null || start === DAY_MINUTES)
    return `expected times from 00:00 to 24:00, got ${nameOf(raw)}`;
  if (start === end)
    return `expected an end that differs from the beginning, got ${nameOf(raw)}; write 00:00-24:00 for a whole day`;
  return start < end ? [start, end] : [start, end + DAY_MINUTES];
}

function minutesOf(hour = Number.NaN, minute = Number.NaN): number | null {
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= DAY_MINUTES ? minutes : null;
}

const LOOSE_HOURS =
  /^(\d{1,2})(?:[:.h](\d\d))?\s*([ap]m)?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.h](\d\d))?\s*([ap]m)?$/i;

/** What an author of hours in another form most likely meant, as the end of a message. */
function meantHours(raw: unknown): string {
  const parts = typeof raw === 'string' ? LOOSE_HOURS.exec(raw.trim()) : null;
  if (parts === null) return '';
  const [, opens, opensMinute, opensHalf, closes, closesMinute, closesHalf] = parts;
  const from = clockOf(opens, opensMinute, opensHalf ?? closesHalf);
  const to = clockOf(closes, closesMinute, closesHalf);
  return from === null || to === null ? '' : `; write ${from}-${to}`;
}

function clockOf(hour: string | undefined, minute = '00', half: string | undefined): string | null {
  const written = Number(hour);
  const isPm = half?.toLowerCase() === 'pm';
  const read = half === undefined ? written : (written % 12) + (isPm ? 12 : 0);
  if ((half !== undefined && (written < 1 || written > 12)) || read > 24 || Number(minute) > 59) return null;
  return `${String(read).padStart(2, '0')}:${minute}`;
}

const hours = parsed('hours', readWeek);

/** A date of a calendar; what is wrong with one is said with the date that was meant. */
export const day = z.string().superRefine((value, context) => {
  const fault = faultOfDay(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

function faultOfDay(value: string): string | null {
  if (/^\d{4}-\d\d-\d\d$/.test(value))
    return parseInstant(value) === null ? `expected a date that exists, got ${value}` : null;
  const expected = `expected a date such as 2026-12-25, got ${quote(value)}`;
  const meant = meantDay(value.trim());
  return meant === null ? expected : `${expected}; write ${meant}`;
}

function meantDay(value: string): string | null {
  const [, year, month, date] =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/i.exec(value) ??
    /^(\d{4})(\d\d)(\d\d)$/.exec(value) ??
    [];
  if (year !== undefined) return existing(year, month, date);
  const [, first, second, last] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(value) ?? [];
  if (first === undefined) return null;
  // 25/12 and 12/25 are both Christmas; which of 3/4 and 4/3 is meant nobody can say.
  if (Number(first) > 12) return existing(last, second, first);
  return Number(second) > 12 ? existing(last, first, second) : null;
}

function existing(year = '', month = '', date = ''): string | null {
  const written = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return parseInstant(written) === null ? null : written;
}

const timezone = z.string().refine(isTimezone, 'expected an IANA time zone such as Europe/London');

function isTimezone(zone: string): boolean {
  // Newer runtimes take offsets such as +05:00 for zones, older ones do not.
  if (/^[+-]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** One-off hours of a date. */
export interface OpenDay {
  readonly date: string;
  readonly hours: DayHours;
}

const openHours = parsed('openHours', (raw, report): DayHours => {
  const read = readDay(raw, report);
  if (Array.isArray(raw) && raw.length === 0)
    report.add('expected at least one working hour; list the date in holidays to close it');
  return [...read].sort((a, b) => a[0] - b[0]);
});

const open = z.array(record({ date: day, hours: openHours })).superRefine((days, context) => {
  const known = new Set<string>();
  for (const [index, { date }] of days.entries()) {
    const isKnown = known.has(date);
    known.add(date);
    if (isKnown)
      context.addIssue({
        code: 'custom',
        path: [index, 'date'],
        message: `${date} stands twice; expected each date once, with all its hours`,
      });
  }
});

/** A calendar of an agreement; the working time of a person is written the same way. */
export const calendar = record({
  timezone,
  hours,
  holidays: z.array(day).optional(),
  open: open.optional(),
});
