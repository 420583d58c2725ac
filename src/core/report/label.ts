import { dayIn } from '../time/zone.ts';
import type { Period, PeriodSpan } from './period.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A month such as `2026-03` as people say it. @example monthWords('2026-03') // 'March 2026' */
export function monthWords(key: string): string {
  const [year = '', month = ''] = key.split('-');
  return `${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** A week by the day on which it begins. @example weekWords('2026-W09', Date.UTC(2026, 1, 23), 'UTC') // 'Week 9, from 23 Feb 2026' */
export function weekWords(key: string, from: number, zone: string): string {
  return `Week ${Number(key.split('-W')[1])}, from ${dayIn(zone, from)}`;
}

/**
 * What a month, a week or a quarter is called.
 *
 * @example periodWords('month', { key: '2026-10', from: 0 }, 'UTC') // 'October 2026'
 * @example periodWords('quarter', { key: '2026-Q3', from: 0 }, 'UTC') // 'Q3 2026'
 */
export function periodWords(
  span: PeriodSpan,
  { key, from }: Pick<Period, 'key' | 'from'>,
  zone: string,
): string {
  if (span === 'month') return monthWords(key);
  if (span === 'week') return weekWords(key, from, zone);
  return key.replace(/^(\d+)-(Q\d)$/, '$2 $1');
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** An hour of the week, whose days count from 1. @example hourOfWeekWords('1-09') // 'Monday 09:00' */
export function hourOfWeekWords(key: string): string {
  const [day = '', hour = ''] = key.split('-');
  return `${DAYS[Number(day) - 1] ?? day} ${hour}:00`;
}
