import { counted } from '../text/number.ts';
import { DAY_MS } from './duration.ts';
import { dayIn } from './zone.ts';

const HOUR_MS = 3_600_000;
/** Up to here days are counted, beyond it months. */
const DAYS_UNTIL = 60 * DAY_MS;
const MONTH = 30 * DAY_MS;
const YEAR = 365 * DAY_MS;

/**
 * How long ago something was, in words that are the same in every time zone. Epoch ms.
 *
 * @example recencyWords(0, 3 * 86_400_000) // '3 days ago'
 * @example recencyWords(0, 5_400_000) // 'an hour ago'
 */
export function recencyWords(then: number, at: number): string {
  const ms = at - then;
  if (ms < HOUR_MS) return 'less than an hour ago';
  if (ms < DAY_MS) return agoWords(Math.floor(ms / HOUR_MS), 'hour');
  if (ms < DAYS_UNTIL) return agoWords(Math.floor(ms / DAY_MS), 'day');
  return ms < YEAR ? agoWords(Math.floor(ms / MONTH), 'month') : 'over a year ago';
}

function agoWords(count: number, unit: string): string {
  return `${count === 1 ? `a${unit === 'hour' ? 'n' : ''} ${unit}` : counted(count, unit)} ago`;
}

/** A day as texts name it, with its year where that is not the one of `at`; days are those of UTC. @example dayWords(0, 0) // '1 January' */
export function dayWords(day: number, at: number): string {
  const month = MONTHS[new Date(day).getUTCMonth()] ?? '';
  const year = new Date(day).getUTCFullYear();
  const isSameYear = year === new Date(at).getUTCFullYear();
  return `${new Date(day).getUTCDate()} ${month}${isSameYear ? '' : ` ${year}`}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * How texts say when something was: how long before `at`, for those who read at that instant (epoch ms); or by its date in
 * a zone, for what is kept or sent.
 */
export type Wording =
  | { readonly kind: 'ago'; readonly at: number }
  | { readonly kind: 'dated'; readonly zone: string };

/** What is kept, and what other software gets: dates of UTC. */
export const DATED: Wording = { kind: 'dated', zone: 'UTC' };

/**
 * When something was (epoch ms), in words.
 *
 * @example momentIn({ kind: 'ago', at: 86_400_000 }, 0) // 'a day ago'
 * @example momentIn(DATED, 0) // 'on 1 Jan 1970'
 */
export function momentIn(wording: Wording, then: number): string {
  return wording.kind === 'ago' ? recencyWords(then, wording.at) : `on ${dayIn(wording.zone, then)}`;
}
