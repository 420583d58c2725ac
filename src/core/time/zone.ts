import { DAY_MS } from './duration.ts';
/**
 * Whether `Intl` knows a time zone.
 *
 * @example isZone('Europe/London') // true
 * @example isZone('Mars/Base') // false
 */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * How far the clocks of a zone are from UTC at an instant (epoch ms), in minutes, east positive; null for an unknown zone.
 *
 * @example offsetMinutes('Etc/GMT+5', 0) // -300
 */
export function offsetMinutes(zone: string, at: number): number | null {
  if (!isZone(zone)) return null;
  const [, sign, hour = '0', minute = '0'] =
    /GMT([+-])(\d\d):(\d\d)/.exec(formatOf(zone, { timeZoneName: 'longOffset' }).format(at)) ?? [];
  const size = Number(hour) * 60 + Number(minute);
  return sign === '-' ? -size : size;
}

/** Formatters by their zone and form: making one takes a hundred times longer than asking it. */
const formats = new Map<string, Intl.DateTimeFormat>();
/** How many are kept: there are some 400 zones, and few are in use. */
const KEPT = 256;

function formatOf(zone: string, form: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone}\u0000${JSON.stringify(form)}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  if (formats.size >= KEPT) formats.clear();
  // A zone that this machine does not know must not keep a message from leaving.
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: isZone(zone) ? zone : 'UTC', ...form });
  formats.set(name, made);
  return made;
}

/**
 * An instant (epoch ms) in words, in a zone and with its name; UTC without one.
 *
 * @example timeWords(0) // 'Thu 1 Jan 1970, 00:00 UTC'
 * @example timeWords(1772461800000, 'Europe/Paris') // 'Mon 2 Mar 2026, 15:30 CET'
 */
export function timeWords(at: number, zone = 'UTC'): string {
  const part = (form: Intl.DateTimeFormatOptions) => formatOf(zone, form).format(at);
  const day = `${part({ weekday: 'short' })} ${part({ day: 'numeric', month: 'short', year: 'numeric' })}`;
  return `${day}, ${hourWords(at, zone)} ${zoneWords(at, zone)}`;
}

/**
 * The same without year and zone, for lists that say the zone elsewhere.
 *
 * @example momentWords(0, 'UTC') // 'Thu 1 Jan, 00:00'
 */
export function momentWords(at: number, zone: string): string {
  const part = (form: Intl.DateTimeFormatOptions) => formatOf(zone, form).format(at);
  return `${part({ weekday: 'short' })} ${part({ day: 'numeric', month: 'short' })}, ${hourWords(at, zone)}`;
}

/** The day of an instant in a zone. @example dayIn('UTC', 0) // '1 Jan 1970' */
export function dayIn(zone: string, at: number): string {
  return formatOf(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** The time of day of an instant in a zone. @example hourWords(0, 'Asia/Tokyo') // '09:00' */
export function hourWords(at: number, zone: string): string {
  return formatOf(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

function zoneWords(at: number, zone: string): string {
  const parts = formatOf(zone, { timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

const MINUTE_MS = 60_000;

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. @example offsetAt('Asia/Kolkata', 0) // 19800000 */
export function offsetAt(zone: string, at: number): number {
  return readOffset(formatOf(zone, OFFSET_FORM), at);
}

const OFFSET_FORM = { timeZoneName: 'longOffset' } as const;

function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const [, sign, hour, minute, second] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(at)) ?? [];
  const size = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  return (sign === '-' ? -size : size) * 1000;
}

/**
 * The offsets of one zone as `offsetAt` reads them, for many questions. Throws a RangeError for an unknown zone.
 *
 * @example offsetsOf('Asia/Kolkata')(0) // 19800000
 */
export function offsetsOf(zone: string): (at: number) => number {
  const known = readers.get(zone);
  if (known !== undefined) return known;
  if (!isZone(zone)) throw new RangeError(`expected a time zone, got ${zone}`);
  if (readers.size >= KEPT) readers.clear();
  const format = formatOf(zone, OFFSET_FORM);
  const reader = (at: number) => readOffset(format, at);
  readers.set(zone, reader);
  return reader;
}

const readers = new Map<string, (at: number) => number>();

/** The local date of an instant, in days since 1970-01-01. @example dateAt('Asia/Tokyo', 0) // 0 */
export function dateAt(zone: string, at: number): number {
  return Math.floor((at + offsetAt(zone, at)) / DAY_MS);
}

/** The day of the week of a local date: 0 is Monday. @example weekdayOf(0) // 3 */
export function weekdayOf(date: number): number {
  return (((date + 3) % 7) + 7) % 7;
}

/**
 * The instant at which the clocks of a zone show `minute` (after midnight) on a local date. Of a time that a clock change
 * repeats it is the first; one that it skips is moved on by what was skipped.
 *
 * @example instantAt('UTC', { date: 1, minute: 90 }) // 91800000
 */
export function instantAt(
  zone: string,
  { date, minute }: { readonly date: number; readonly minute: number },
): number {
  const local = date * DAY_MS + minute * MINUTE_MS;
  const [before, after] = [offsetAt(zone, local - DAY_MS), offsetAt(zone, local + DAY_MS)];
  const fits = [before, after].map(offset => local - offset).filter(at => offsetAt(zone, at) === local - at);
  return fits.length === 0 ? local - before : Math.min(...fits);
}
