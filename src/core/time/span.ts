import { counted } from '../text/number.ts';

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

/**
 * A duration of an agreement in its largest whole unit.
 *
 * @example spanWords(7_776_000_000) // '90 days'
 * @example spanWords(5_400_000) // '90 minutes'
 */
export function spanWords(ms: number): string {
  const [unitMs, unit] = UNITS.find(([size]) => ms % size === 0) ?? [1, 'millisecond'];
  return counted(ms / unitMs, unit);
}

/**
 * How often something is that comes again after a duration.
 *
 * @example everyWords(86_400_000) // 'every day'
 * @example everyWords(14_400_000) // 'every 4 hours'
 */
export function everyWords(ms: number): string {
  return `every ${spanWords(ms).replace(/^1 /, '')}`;
}

// Made when it is first used, as it takes long.
let dateFormat: Intl.DateTimeFormat | null = null;

/** A calendar day, the same for every viewer: an agreement's dates are midnights in UTC. @example dateWords(0) // '1 Jan 1970' */
export function dateWords(at: number): string {
  dateFormat ??= new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return dateFormat.format(at);
}
