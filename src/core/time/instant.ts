import { z } from 'zod';
import { DAY_MS } from './duration.ts';

/** An instant on the wire: RFC 3339 in UTC. */
export const instant = z.string().meta({ format: 'date-time' });

/**
 * Between which instants Baton works, epoch ms. Text may name others, such as `9999-12-31T23:59:59-23:59`: conditions compare
 * it as what it says. What is stored, asked for or printed lies from `FIRST_KEPT` to `LAST_INSTANT`, the first and the last
 * instant that both PostgreSQL and RFC 3339 in UTC can write. Scores are told from `FIRST_INSTANT` on. A change of a score
 * after `LAST_INSTANT` counts as never.
 */
export const FIRST_KEPT = -62_135_596_800_000;
export const FIRST_INSTANT = 0;
export const LAST_INSTANT = 253_402_300_799_999;

/** Whether an instant can be stored, asked for and printed. @example isKept(LAST_INSTANT + 1) // false */
export function isKept(at: number): boolean {
  return at >= FIRST_KEPT && at <= LAST_INSTANT;
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Reads an RFC 3339 date-time, or a date as its midnight UTC, into epoch milliseconds; null when it is
 * neither, or names a day or second that does not exist. Digits beyond the millisecond are dropped.
 *
 * @example parseInstant('2026-03-01T10:00:00+02:00') // 1772352000000
 * @example parseInstant('2026-02-30') // null
 */
export function parseInstant(text: string): number | null {
  return isPlain(text) ? parsePlain(text) : parseAny(text);
}

/**
 * Reads an instant that can be stored, asked for and printed; null for any other text, and before the year 1 or after 9999.
 *
 * @example parseKept('1970-01-01') // 0
 * @example parseKept('0000-01-01') // null
 * @example parseKept('9999-12-31T23:59:59-00:01') // null
 */
export function parseKept(text: string): number | null {
  const at = parseInstant(text);
  return at !== null && isKept(at) ? at : null;
}

/** Whether a text has the form in which most programs write: 2026-03-01T10:00:00.000Z. It is read apart, as it is so common. */
function isPlain(text: string): boolean {
  return (
    text.length === 24 &&
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === CAPITAL_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === DOT &&
    text.charCodeAt(23) === CAPITAL_Z
  );
}

const [DASH, DOT, DIGIT_0, COLON, CAPITAL_T, CAPITAL_Z] = [0x2d, 0x2e, 0x30, 0x3a, 0x54, 0x5a] as const;

function parsePlain(text: string): number | null {
  const midnight = midnightOf(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const ms = digits(text, 20, 23);
  // A character that is not a digit makes the number NaN, which is not within any bound.
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && ms <= 999;
  return midnight === null || !isTime ? null : midnight + (((hour * 60 + minute) * 60 + second) * 1000 + ms);
}

function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = text.charCodeAt(index) - DIGIT_0;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

function parseAny(text: string): number | null {
  const part = RFC3339.exec(text) ?? RFC3339.exec(text.trim());
  if (part === null) return null;
  const midnight = midnightOf(Number(part[1]), Number(part[2]), Number(part[3]));
  if (midnight === null || part[4] === undefined) return midnight;
  const [hour, minute, second] = [Number(part[4]), Number(part[5]), Number(part[6])];
  const [offsetHour, offsetMinute] = [Number(part[9] ?? 0), Number(part[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const ms = part[7] === undefined ? 0 : Number(part[7].padEnd(3, '0').slice(0, 3));
  const offsetMin = (part[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  return midnight + (((hour * 60 + minute - offsetMin) * 60 + second) * 1000 + ms);
}

/** Midnight of a day, in epoch ms; null when there is no such day. Counts days as Hinnant's `days_from_civil` does. */
function midnightOf(year: number, month: number, day: number): number | null {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return null;
  // The year is taken to begin in March, so that a leap day is its last.
  const [years, months] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const days = 365 * years + leapDays + Math.floor((153 * months + 2) / 5) + day - 1;
  return (days - DAYS_BEFORE_1970) * DAY_MS;
}

/** From 1 March of the year 0 to 1 January 1970. */
const DAYS_BEFORE_1970 = 719_468;

/**
 * Writes epoch milliseconds as RFC 3339 in UTC, to the millisecond. An instant that cannot be kept, such as the end of an
 * absence that lasts until the end of 9999, is written as the nearest that can.
 *
 * @example formatInstant(0) // '1970-01-01T00:00:00.000Z'
 * @example formatInstant(LAST_INSTANT + 1) // '9999-12-31T23:59:59.999Z'
 */
export function formatInstant(at: number): string {
  return new Date(Math.max(FIRST_KEPT, Math.min(at, LAST_INSTANT))).toISOString();
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/**
 * The earlier of two instants; null means that there is none, and yields to the other.
 *
 * @example earlier(null, 5) // 5
 */
export function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/**
 * The later of two instants; null means that there is none, and yields to the other.
 *
 * @example later(3, 5) // 5
 */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** Whether an instant can be told of: from 1970 to 9999. @example isOnWire(-1) // false */
export function isOnWire(at: number): boolean {
  return at >= FIRST_INSTANT && at <= LAST_INSTANT;
}

/** Writes an instant for a payload; null stays null. */
export function instantOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
