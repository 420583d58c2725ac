import type { EpisodeState } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';
import { DAY_MS } from '../time/duration.ts';
import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';

/** The longest that a lead can be out of sight, in ms: what nobody wants to see for longer is rejected instead. */
export const MOST_SNOOZE_MS = 180 * DAY_MS;

/**
 * Checks that a lead may leave the queue of its owner until a time (epoch ms): it waits for a decision, somebody owns it, and
 * the time is ahead, at most 180 days.
 *
 * @example checkSnooze({ state: 'open', ownerId: 'ann' }, { until: 2, now: 1 }) // null
 */
export function checkSnooze(
  lead: { readonly state: EpisodeState; readonly ownerId: string | null },
  { until, now }: { readonly until: number; readonly now: number },
): Refused | null {
  if (lead.state !== 'open')
    return refuse('conflict', `the lead is ${lead.state}; only one that waits for a decision can be snoozed`);
  if (lead.ownerId === null)
    return refuse(
      'conflict',
      'nobody owns the lead; take it over, or give it to somebody, before it is snoozed',
    );
  if (until <= now) return refuse('invalid', 'expected a time that lies ahead', 'until');
  return until - now > MOST_SNOOZE_MS ? refuse('invalid', 'expected a time within 180 days', 'until') : null;
}

/** A time until which leads are often snoozed. */
export type SnoozePreset = 'hour' | 'afternoon' | 'tomorrow' | 'monday';

const HOUR_MS = 3_600_000;
/** When a day begins, and its afternoon, in minutes after midnight. */
const [MORNING, AFTERNOON] = [9 * 60, 14 * 60];

/**
 * The times (epoch ms) that are offered for a snooze, in a zone: in an hour; this afternoon at 14:00, while that is more than
 * half an hour ahead; tomorrow at 9:00; next Monday at 9:00, unless that is tomorrow.
 *
 * @example snoozePresets(0, 'UTC').map(({ id }) => id) // ['hour', 'afternoon', 'tomorrow', 'monday']
 */
export function snoozePresets(
  now: number,
  zone: string,
): readonly { readonly id: SnoozePreset; readonly until: number }[] {
  const today = dateAt(zone, now);
  const afternoon = instantAt(zone, { date: today, minute: AFTERNOON });
  const daysToMonday = 7 - weekdayOf(today);
  const morning = (days: number) => instantAt(zone, { date: today + days, minute: MORNING });
  return [
    { id: 'hour', until: now + HOUR_MS },
    ...(afternoon - now > HOUR_MS / 2 ? [{ id: 'afternoon' as const, until: afternoon }] : []),
    { id: 'tomorrow', until: morning(1) },
    ...(daysToMonday === 1 ? [] : [{ id: 'monday' as const, until: morning(daysToMonday) }]),
  ];
}
