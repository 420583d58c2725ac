const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time in at most two units, rounded down to the smaller one.
 *
 * @example lengthWords(130 * 60_000) // '2 h 10 min'
 * @example lengthWords(20_000) // 'less than a minute'
 */
export function lengthWords(ms: number): string {
  if (ms < MINUTE) return 'less than a minute';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return twoUnits(ms, [HOUR, 'h'], [MINUTE, 'min']);
  if (ms < 14 * DAY) return twoUnits(ms, [DAY, 'd'], [HOUR, 'h']);
  return `${Math.floor(ms / DAY)} d`;
}

type Unit = readonly [number, string];

function twoUnits(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const count = Math.floor(ms / large);
  const rest = Math.floor((ms - count * large) / small);
  return rest === 0 ? `${count} ${largeName}` : `${count} ${largeName} ${rest} ${smallName}`;
}

/**
 * How long ago or ahead an instant lies; beyond 30 days the day itself. Times in epoch milliseconds.
 *
 * @example relativeWords(0, 5 * 60_000) // '5 min ago'
 */
export function relativeWords(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance >= 30 * DAY) return dayWords(at);
  if (distance < MINUTE) return at <= now ? 'just now' : 'in a moment';
  const words =
    distance < HOUR
      ? `${Math.floor(distance / MINUTE)} min`
      : distance < DAY
        ? `${Math.floor(distance / HOUR)} h`
        : distance < 2 * DAY
          ? '1 day'
          : `${Math.floor(distance / DAY)} days`;
  return at <= now ? `${words} ago` : `in ${words}`;
}

/** How urgent a deadline is: late, soon (under an hour, or under a quarter of its span left), or neither. */
export type Urgency = 'late' | 'soon' | 'calm';

/**
 * What is left until a deadline, in words and as urgency; `from` is when its clock began. Epoch milliseconds.
 *
 * @example dueWords({ at: 7_800_000, from: 0 }, 0).words // 'due in 2 h 10 min'
 */
export function dueWords(
  due: { readonly at: number; readonly from: number },
  now: number,
): { readonly words: string; readonly urgency: Urgency } {
  const left = due.at - now;
  if (left < 0) return { words: `overdue by ${lengthWords(-left)}`, urgency: 'late' };
  const isSoon = left < HOUR || left < (due.at - due.from) / 4;
  return { words: `due in ${lengthWords(left)}`, urgency: isSoon ? 'soon' : 'calm' };
}

const DAY_FORMAT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const SHORT_DAY_FORMAT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const MOMENT_FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});
const TIME_FORMAT = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const WEEKDAY_FORMAT = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const MONTH_FORMAT = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A day in the viewer's zone. @example dayWords(0) // '1 Jan 1970' */
export function dayWords(at: number): string {
  return DAY_FORMAT.format(at);
}

/** The same without its year. @example shortDayWords(0) // '1 Jan' */
export function shortDayWords(at: number): string {
  return SHORT_DAY_FORMAT.format(at);
}

/** A day and the time of it in the viewer's zone: `Tue 1 Dec, 14:00`. */
export function dayTimeWords(at: number): string {
  return `${WEEKDAY_FORMAT.format(at)} ${shortDayWords(at)}, ${TIME_FORMAT.format(at)}`;
}

/** A day, with its year where that is not the one of `now`, and the time of it: `19 Nov, 14:32`. */
export function shortMomentWords(at: number, now: number): string {
  const isSameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return `${isSameYear ? shortDayWords(at) : dayWords(at)}, ${TIME_FORMAT.format(at)}`;
}

/** An exact time in the viewer's zone, with the zone's name. */
export function momentWords(at: number): string {
  return MOMENT_FORMAT.format(at);
}

/** A report's month `2026-03` as `Mar 2026`; other text stays as it is. */
export function monthWords(key: string): string {
  const start = monthStart(key);
  return start === null ? key : MONTH_FORMAT.format(start);
}

/**
 * The first instant of a month `YYYY-MM` in UTC, moved by whole months; null when the key is not a month. Epoch ms.
 *
 * @example monthStart('2026-12', 1) // 1798761600000, 1 January 2027
 */
export function monthStart(key: string, move = 0): number | null {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(key) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1 + move, 1);
}

/** The month of an instant in UTC. @example monthKey(0) // '1970-01' */
export function monthKey(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/**
 * A time as the date pickers write it, in the viewer's zone: `2026-03-01 14:30:00`.
 *
 * @example localText(Date.UTC(2026, 2, 1, 14, 30)).slice(0, 10) // '2026-03-01'
 */
export function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * MINUTE);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}
