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
  const part = RFC3339.exec(text.trim());
  if (part === null) return null;
  const at = (index: number) => Number(part[index] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || at(9) > 23 || at(10) > 59) return null;
  const ms = Number((part[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offsetMin = (part[8] === '-' ? -1 : 1) * (at(9) * 60 + at(10));
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; setUTCFullYear does not.
  const moment = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, ms));
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getTime() - offsetMin * 60_000;
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
