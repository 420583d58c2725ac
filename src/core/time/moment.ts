import { parseInstant } from './instant.ts';

/** What a program said of a time: an instant in epoch ms, or what was expected of it instead. */
type Moment =
  | { readonly at: number; readonly expected: null }
  | { readonly at: null; readonly expected: string };

const EXPECTED =
  'expected a date and time with a zone, such as 2026-11-29T09:59:15Z, or seconds or milliseconds since 1970';
const ZONE_EXPECTED =
  'the time has no zone; expected one, such as 2026-11-29T09:59:15Z or 2026-11-29T10:59:15+01:00';

/**
 * Reads a time as programs of many languages send it, where it can mean one instant only: RFC 3339, with an offset without
 * colon or minutes, without seconds, or with a comma; RFC 2822 and what it was made from; and since 1970 seconds of 10
 * digits (perhaps with a fraction), milliseconds of 13, microseconds of 16 and nanoseconds of 19, as numbers or text. A date
 * alone is its midnight UTC. A time of day without a zone is refused: it may be half a day off.
 *
 * @example readMoment('2026-11-29 09:59:15 +0000').at // 1795946355000
 * @example readMoment(1795946355.25).at // 1795946355250
 * @example readMoment('2026-11-29 09:59').at // null
 */
export function readMoment(value: unknown): Moment {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const at = parseInstant(text) ?? sinceEpoch(text) ?? inWords(text);
  if (at !== null) return { at, expected: null };
  return { at: null, expected: isZoneless(text) ? ZONE_EXPECTED : EXPECTED };
}

const EPOCH = /^(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d{1,9}))?$/;

/** Digits say their unit by their number: seconds have 10 from 2001 to 2286, and so on by thousands. */
function sinceEpoch(text: string): number | null {
  const part = EPOCH.exec(text);
  const digits = part?.[1];
  if (digits === undefined) return null;
  const rest = digits.length === 10 ? (part?.[2] ?? '') : '';
  return Number(digits.slice(0, 10)) * 1000 + Number(`${digits.slice(10)}${rest}`.padEnd(3, '0').slice(0, 3));
}

const CLOCK = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?`;
/** An offset; or a name that means one, by RFC 2822. What follows in brackets only names the place. */
const ZONE = String.raw`([+\u2212-]\d{2}(?::?\d{2})?|z|utc?|gmt|[ecmp][sd]t)`;
const PLACE = String.raw`(?: ?utc)?(?: ?[([][\w /+:-]{1,60}[)\]])?`;
const WEEKDAY = '(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?';

/** Year, month and day as the groups of each form have them; then hour, minute, second, fraction and zone. */
const FORMS: readonly { readonly form: RegExp; readonly order: 'ymd' | 'dmy' | 'mdy' | 'last' }[] = [
  { form: new RegExp(`^()(\\d{4})-(\\d{2})-(\\d{2})(?:t| +)${CLOCK} ?${ZONE}${PLACE}$`), order: 'ymd' },
  {
    form: /^()(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})(?:[.,](\d+))?(z|[+-]\d{2}(?::?\d{2})?)$/,
    order: 'ymd',
  },
  {
    form: new RegExp(`^${WEEKDAY}(\\d{1,2})[ -]([a-z]{3})[ -](\\d{4}) ${CLOCK} ${ZONE}${PLACE}$`),
    order: 'dmy',
  },
  // As JavaScript and Java print a date.
  {
    form: new RegExp(`^${WEEKDAY}([a-z]{3}) (\\d{1,2}) (\\d{4}) ${CLOCK} gmt${ZONE}${PLACE}$`),
    order: 'mdy',
  },
  { form: new RegExp(`^${WEEKDAY}([a-z]{3}) (\\d{1,2}) ${CLOCK} ${ZONE} (\\d{4})$`), order: 'last' },
];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The longest text that is looked at: the longest form has some 70 characters. */
const MAX_LENGTH = 120;

function inWords(said: string): number | null {
  if (said.length > MAX_LENGTH) return null;
  const text = said.toLowerCase().replace(/\s+/g, ' ');
  for (const { form, order } of FORMS) {
    const part = form.exec(text);
    if (part === null) continue;
    const [, weekday, ...groups] = part;
    const fields = order === 'last' ? [...groups.slice(0, 2), groups[7], ...groups.slice(2, 7)] : groups;
    const [a = '', b = '', c = '', hour, minute, second, fraction = '0', zone = ''] = fields;
    const [year, month, day] =
      order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, monthOf(b), a] : [c, monthOf(a), b];
    const at = parseInstant(
      `${year}-${month}-${day.padStart(2, '0')}T${hour}:${minute}:${second ?? '00'}.${fraction}${offsetOf(zone)}`,
    );
    return at === null || !isWeekday(weekday, `${year}-${month}-${day.padStart(2, '0')}`) ? null : at;
  }
  return null;
}

function monthOf(name: string): string {
  return String(MONTHS.indexOf(name) + 1).padStart(2, '0');
}

/** The day of the week must be that of the date: a time that contradicts itself says nothing. */
function isWeekday(name: string | undefined, date: string): boolean {
  const midnight = parseInstant(date);
  if (name === undefined || name === '' || midnight === null) return true;
  return WEEKDAYS[new Date(midnight).getUTCDay()] === name;
}

/** Hours west of Greenwich of the zones that RFC 2822 gives names. */
const WEST: Readonly<Record<string, number>> = { e: 5, c: 6, m: 7, p: 8 };

function offsetOf(zone: string): string {
  const digits = zone.replace(/\D/g, '');
  if (digits !== '') {
    const sign = zone.startsWith('+') ? '+' : '-';
    return `${sign}${digits.slice(0, 2)}:${digits.slice(2).padEnd(2, '0')}`;
  }
  const west = /^[ecmp][sd]t$/.test(zone) ? WEST[zone.slice(0, 1)] : undefined;
  if (west === undefined) return 'Z';
  return `-0${zone.charAt(1) === 'd' ? west - 1 : west}:00`;
}

/** Whether only a zone is missing for a text to be a time. */
function isZoneless(text: string): boolean {
  return inWords(`${text} +0000`) !== null || inWords(`${text}Z`) !== null;
}
