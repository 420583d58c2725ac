const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Reads an RFC 3339 date-time, or a date as its midnight UTC, into epoch milliseconds; null when it is none,
 * or names a day or second that does not exist. Digits beyond the millisecond are dropped.
 *
 * @example parseInstant('2026-03-01T10:00:00+02:00') // 1772352000000
 * @example parseInstant('2026-02-30') // null
 */
export function parseInstant(text: string): number | null {
  const part = RFC3339.exec(text) ?? RFC3339.exec(text.trim());
  if (part === null) return null;
  const [year, month, day] = [Number(part[1]), Number(part[2]), Number(part[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (part[4] === undefined) return utc(year, month, day);
  const [hour, minute, second] = [Number(part[4]), Number(part[5]), Number(part[6])];
  const [offsetHour, offsetMinute] = [Number(part[9] ?? 0), Number(part[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const ms = part[7] === undefined ? 0 : Number(part[7].padEnd(3, '0').slice(0, 3));
  const offsetMin = (part[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  return utc(year, month, day) + (((hour * 60 + minute - offsetMin) * 60 + second) * 1000 + ms);
}

/** Midnight of a day, in epoch ms. */
function utc(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; setUTCFullYear does not.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/**
 * Writes epoch milliseconds as RFC 3339 in UTC, to the millisecond.
 *
 * @example formatInstant(0) // '1970-01-01T00:00:00.000Z'
 */
export function formatInstant(at: number): string {
  return new Date(at).toISOString();
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/**
 * The earlier of two instants; null is none, and yields to the other.
 *
 * @example earlier(null, 5) // 5
 */
export function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/**
 * The later of two instants; null is none, and yields to the other.
 *
 * @example later(3, 5) // 5
 */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
