import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';

/** How soon something is due that is due within the hour, in ms. */
export const SOON_MS = 3_600_000;

/**
 * The first moment (epoch ms) of the week of an instant: midnight of its Monday in a zone.
 *
 * @example weekStart(0, 'UTC') // -259200000
 */
export function weekStart(at: number, zone: string): number {
  const today = dateAt(zone, at);
  return instantAt(zone, { date: today - weekdayOf(today), minute: 0 });
}

/**
 * The most leads that somebody takes at once, over all teams: the most that one of their teams would still give them; null
 * where one of them has no limit, and without any.
 *
 * @example capacityOf([10, 15]) // 15
 * @example capacityOf([10, null]) // null
 */
export function capacityOf(bounds: readonly (number | null)[]): number | null {
  if (bounds.length === 0) return null;
  return bounds.reduce((most, bound) => (most === null || bound === null ? null : Math.max(most, bound)));
}
