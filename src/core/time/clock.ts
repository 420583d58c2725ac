/** The days of the week as they are written, Monday first. */
export const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type DayName = (typeof DAY_NAMES)[number];

/**
 * Reads a time of day in minutes after midnight; null when it is not a time of day.
 *
 * @example clockMinutes('08:30') // 510
 * @example clockMinutes('24:00') // null
 */
export function clockMinutes(text: string): number | null {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return Number(hour) * 60 + Number(minute);
}

/** Writes minutes after midnight as a time of day. @example clockWords(510) // '08:30' */
export function clockWords(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
