import { quote } from '../problem.ts';
import { DAY_MS } from '../time/duration.ts';
import { isKept, parseInstant } from '../time/instant.ts';
import { readMoment } from '../time/moment.ts';
import { instantAt, isZone } from '../time/zone.ts';

/** In which order a date names day, month and year. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** How the times of a column are written. Null: the order is not known, or times without a zone are refused. */
export interface DateForm {
  readonly order: DateOrder | null;
  /** The zone of times that name none: a name of the IANA database, or an offset such as `+01:00`. */
  readonly zone: string | null;
}

/** The form of times of which nothing was said. */
export const NO_FORM: DateForm = { order: null, zone: null };

/** An instant in epoch ms, or what is wrong with the text. */
export type DateReading =
  | { readonly at: number; readonly fault: null }
  | { readonly at: null; readonly fault: string };

/**
 * Reads a time as people and spreadsheets write it: RFC 3339, with or without seconds and zone, day and month in either
 * order, months by their English name, and Unix time in seconds or milliseconds. A date alone is its midnight in the form's
 * zone, else in UTC.
 *
 * @example readDate('31.12.2025', NO_FORM).at // 1767139200000
 * @example readDate('2026-01-15 10:22', { order: null, zone: 'Europe/Oslo' }).at // 1768468920000
 * @example readDate('03/11/2026', NO_FORM).at // null
 */
export function readDate(value: string, form: DateForm): DateReading {
  const text = value.trim();
  // A date alone is a midnight, and of which zone the form may say.
  const plain = form.zone !== null && YEAR_FIRST.test(text) ? null : readMoment(text).at;
  if (plain !== null) return kept(plain, text);
  const [, day = '', clock] = PARTS.exec(text) ?? [];
  const date = readDay(day, form.order);
  if (typeof date === 'string') return fault(`${quote(text)} ${date}`);
  const time = readClock(clock);
  if (time === null) return fault(`${quote(text)} is not a time; expected ${expected(form.order)}`);
  const zone = time.zone ?? form.zone;
  if (zone === null && clock !== undefined) {
    return fault(
      `${quote(text)} has no time zone; expected one at its end, as in 2026-03-01T10:00:00Z, or one for the file (--zone Europe/Berlin, or \`dates: { zone: Europe/Berlin }\` in the mapping)`,
    );
  }
  const at = localInstant(zone ?? 'UTC', date, time.ms);
  return at === null
    ? fault(`${quote(text)} names the zone ${quote(zone ?? '')}, which is not known`)
    : kept(at, text);
}

/** A day, and after it perhaps a time of day. */
const PARTS = /^(.+?)(?:(?:[Tt]|,?\s+at|,|\s)\s*(\d{1,2}:\d{2}.*))?$/;

function fault(text: string): DateReading {
  return { at: null, fault: text };
}

function kept(at: number, text: string): DateReading {
  return isKept(at) ? { at, fault: null } : fault(`${quote(text)} lies before the year 1 or after 9999`);
}

function expected(order: DateOrder | null): string {
  const general = 'a date-time such as 2026-03-01T10:00:00Z, or a date such as 2026-03-01';
  if (order === null || order === 'ymd') return general;
  return `${order === 'dmy' ? 'a date such as 31/12/2025' : 'a date such as 12/31/2025'} (as this column is read), or ${general}`;
}

const YEAR_FIRST = /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})\.?$/;
const YEAR_LAST = /^(?:[a-z]{2,9}\.?,?\s+)?(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/i;
const DAY_NAME_YEAR =
  /^(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})$/i;
const NAME_DAY_YEAR = /^(?:[a-z]{3,9},\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/i;

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

function monthOf(name: string): number {
  const wanted = name.toLowerCase();
  return MONTHS.findIndex(month => month.startsWith(wanted)) + 1;
}

/** A day as days since 1970; or what is wrong with it. */
function readDay(text: string, order: DateOrder | null): number | string {
  const first = YEAR_FIRST.exec(text);
  if (first !== null) return dayOf(Number(first[1]), Number(first[3]), Number(first[4]));
  const named = DAY_NAME_YEAR.exec(text);
  if (named !== null && monthOf(named[2] ?? '') > 0)
    return dayOf(Number(named[3]), monthOf(named[2] ?? ''), Number(named[1]));
  const leading = NAME_DAY_YEAR.exec(text);
  if (leading !== null && monthOf(leading[1] ?? '') > 0)
    return dayOf(Number(leading[3]), monthOf(leading[1] ?? ''), Number(leading[2]));
  const last = YEAR_LAST.exec(text);
  if (last === null) return `is not a time; expected ${expected(order)}`;
  const [a, b, year] = [Number(last[1]), Number(last[3]), yearOf(last[4] ?? '')];
  const shown = order === 'dmy' || order === 'mdy' ? order : orderOf(a, b, last[2] ?? '');
  if (shown === null) {
    return (
      `is ${wordsOf(a, b)} or ${wordsOf(b, a)}, and no row of the file says which comes first; ` +
      'expected the format of the file (--dates DD/MM/YYYY or MM/DD/YYYY, or `dates: { format: … }` in the mapping)'
    );
  }
  const day = shown === 'dmy' ? dayOf(year, b, a) : dayOf(year, a, b);
  return typeof day === 'string' && order !== null
    ? `names a day that does not exist when it is read as ${order === 'dmy' ? 'DD/MM/YYYY' : 'MM/DD/YYYY'}`
    : day;
}

/** The order that the numbers of a date say by themselves; null when they could be read either way. */
function orderOf(a: number, b: number, separator: string): DateOrder | null {
  if (a > 12) return 'dmy';
  if (b > 12) return 'mdy';
  // People who write dots name the day first, all over the world.
  return separator === '.' || a === b ? 'dmy' : null;
}

function wordsOf(day: number, month: number): string {
  const name = MONTHS[month - 1] ?? '';
  return `${day} ${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Two digits are a year from 1970 to 2069. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function dayOf(year: number, month: number, day: number): number | string {
  const padded = [String(year).padStart(4, '0'), ...[month, day].map(part => String(part).padStart(2, '0'))];
  const midnight = parseInstant(padded.join('-'));
  return midnight === null ? 'names a day that does not exist' : midnight / DAY_MS;
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?m\.?)?\s*(\S.*)?$/i;

/** A time of day in ms after midnight, and the zone that it names; midnight where there is none, null when it is not one. */
function readClock(text: string | undefined): { readonly ms: number; readonly zone: string | null } | null {
  if (text === undefined) return { ms: 0, zone: null };
  const part = CLOCK.exec(text);
  if (part === null) return null;
  const [, hours, minutes, seconds = '0', fraction = '', half, zone] = part;
  const [hour, minute, second] = [hourOf(Number(hours), half), Number(minutes), Number(seconds)];
  if (hour === null || minute > 59 || second > 59) return null;
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { ms, zone: zone?.trim() ?? null };
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

function localInstant(zone: string, date: number, ms: number): number | null {
  const offset = offsetMinutes(zone);
  if (offset !== null) return date * DAY_MS + ms - offset * 60_000;
  if (!isZone(zone)) return null;
  const minute = Math.floor(ms / 60_000);
  return instantAt(zone, { date, minute }) + (ms - minute * 60_000);
}

const OFFSET = /^(?:(?:UTC|GMT|Z)|(?:UTC|GMT)?\s?([+\-\u2212])(\d{1,2})(?::?(\d{2}))?)$/i;

/** Minutes east of Greenwich that an offset says; null for the name of a place. */
function offsetMinutes(zone: string): number | null {
  const part = OFFSET.exec(zone.trim());
  if (part === null) return null;
  const [, sign, hours = '0', minutes = '0'] = part;
  const size = Number(hours) * 60 + Number(minutes);
  return size > 18 * 60 || Number(minutes) > 59 ? null : sign === undefined || sign === '+' ? size : -size;
}

/**
 * Whether a text names a zone: a place, or an offset.
 *
 * @example isZoneName('Europe/Oslo') && isZoneName('+01:00') // true
 */
export function isZoneName(text: string): boolean {
  return offsetMinutes(text) !== null || isZone(text);
}

/**
 * The order that a date format says, by where its D, M and Y stand; null when it is not one.
 *
 * @example readFormat('DD.MM.YYYY HH:mm') // 'dmy'
 */
export function readFormat(format: string): DateOrder | null {
  const [date = ''] = format.split(/h/i);
  const letters = date
    .toLowerCase()
    .replace(/[^dmy]/g, '')
    .replace(/(.)\1+/g, '$1');
  return letters === 'ymd' || letters === 'dmy' || letters === 'mdy' ? letters : null;
}

/**
 * The zone that a header names in brackets at its end, and the header without it.
 *
 * @example splitZone('Last Activity Date (GMT+1)') // { name: 'Last Activity Date', zone: 'GMT+1' }
 */
export function splitZone(header: string): { readonly name: string; readonly zone: string | null } {
  const [, name, zone] = /^(.*\S)\s*\(([^()]+)\)$/.exec(header) ?? [];
  return name === undefined || zone === undefined || !isZoneName(zone)
    ? { name: header, zone: null }
    : { name, zone };
}

/** How the dates of a column say which comes first, the day or the month, while they are looked at. */
export interface OrderEvidence {
  readonly see: (value: string) => void;
  /** The order that the column shows; null when it shows none, or both. */
  readonly order: () => DateOrder | null;
  /** Whether some date could be read either way. */
  readonly isAsked: () => boolean;
}

/** Begins to look at the dates of a column. */
export function watchOrder(): OrderEvidence {
  const seen = new Set<DateOrder>();
  let asked = false;
  return {
    see: value => {
      const [, day = ''] = PARTS.exec(value.trim()) ?? [];
      const [, a, separator, b] = YEAR_LAST.exec(day) ?? [];
      if (a === undefined || b === undefined || separator === undefined || separator === '.') return;
      const order = orderOf(Number(a), Number(b), separator);
      if (order === null) asked = true;
      else if (a !== b) seen.add(order);
    },
    order: () => {
      const [only] = seen;
      return seen.size === 1 && only !== undefined ? only : null;
    },
    isAsked: () => asked,
  };
}
