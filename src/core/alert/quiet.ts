import { dateAt, instantAt, weekdayOf } from '../time/zone.ts';

/** Hours in which somebody is not to be disturbed: minutes after local midnight, over midnight when `to` is the earlier. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  /** The days on which they begin, 0 is Monday; null: every day. */
  readonly days: readonly number[] | null;
}

/**
 * When the quiet hours that an instant lies in are over (epoch ms); null outside of them. They follow the clocks on the
 * wall of the zone, through clock changes.
 *
 * @example quietUntil({ from: 1320, to: 420, days: null }, { zone: 'UTC', at: 0 }) // 25200000
 * @example quietUntil({ from: 1320, to: 420, days: null }, { zone: 'UTC', at: 43200000 }) // null
 */
export function quietUntil(
  quiet: QuietHours,
  { zone, at }: { readonly zone: string; readonly at: number },
): number | null {
  const today = dateAt(zone, at);
  for (const date of [today - 1, today]) {
    if (quiet.days !== null && !quiet.days.includes(weekdayOf(date))) continue;
    const start = instantAt(zone, { date, minute: quiet.from });
    const end = instantAt(zone, { date: quiet.to > quiet.from ? date : date + 1, minute: quiet.to });
    if (start <= at && at < end) return end;
  }
  return null;
}

/**
 * When a message may leave (epoch ms): now, or at the end of the reader's quiet hours when it can wait for that. It cannot
 * when it is urgent, or when what it tells of is due by then.
 *
 * @example deliverAt({ zone: 'UTC', quiet: { from: 1320, to: 420, days: null } }, { now: 0, isUrgent: false, dueAt: null }) // 25200000
 * @example deliverAt({ zone: 'UTC', quiet: { from: 1320, to: 420, days: null } }, { now: 0, isUrgent: false, dueAt: 3600000 }) // 0
 */
export function deliverAt(
  reader: { readonly zone: string; readonly quiet: QuietHours | null },
  message: { readonly now: number; readonly isUrgent: boolean; readonly dueAt: number | null },
): number {
  const { now, isUrgent, dueAt } = message;
  if (isUrgent || reader.quiet === null) return now;
  const end = quietUntil(reader.quiet, { zone: reader.zone, at: now });
  return end === null || (dueAt !== null && dueAt <= end) ? now : end;
}

const HOUR_MS = 3_600_000;

/** How often what can wait is told: never gathered, every hour, or every day at a time (minutes after midnight). */
export interface Digest {
  readonly every: 'off' | 'hourly' | 'daily';
  readonly at: number;
}

/**
 * When the next digest after `now` is due (epoch ms), never within quiet hours; null for somebody who has none.
 *
 * @example digestAt({ every: 'daily', at: 540 }, { zone: 'UTC', quiet: null, now: 0 }) // 32400000
 * @example digestAt({ every: 'hourly', at: 0 }, { zone: 'UTC', quiet: null, now: 1 }) // 3600000
 */
export function digestAt(
  digest: Digest,
  reader: { readonly zone: string; readonly quiet: QuietHours | null; readonly now: number },
): number | null {
  const { zone, quiet, now } = reader;
  if (digest.every === 'off') return null;
  const at =
    digest.every === 'hourly'
      ? (Math.floor(now / HOUR_MS) + 1) * HOUR_MS
      : dailyAt(zone, { now, minute: digest.at });
  return quiet === null ? at : (quietUntil(quiet, { zone, at }) ?? at);
}

/**
 * The first instant after `now` at which the clocks of a zone show `minute` after midnight.
 *
 * @example dailyAt('UTC', { now: 3600000, minute: 60 }) // 90000000
 */
export function dailyAt(
  zone: string,
  { now, minute }: { readonly now: number; readonly minute: number },
): number {
  const today = dateAt(zone, now);
  const [first] = [today, today + 1, today + 2]
    .map(date => instantAt(zone, { date, minute }))
    .filter(at => at > now);
  return first ?? now + 24 * HOUR_MS;
}
