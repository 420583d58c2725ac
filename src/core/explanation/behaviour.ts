import type { Rule } from '../agreement/agreement.ts';
import { uncapital } from '../condition/words.ts';
import type { Line } from '../scoring/line.ts';
import { countWords, timesWords } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';
import { DAY_MS } from '../time/duration.ts';
import { withArticle } from './persona.ts';

const WEEK = 7 * DAY_MS;
const MONTH = 30 * DAY_MS;
const YEAR = 365 * DAY_MS;

/** The longest label that a sentence shows. */
const MAX_LABEL = 60;

/** A label that begins with what somebody did. */
const VERB =
  /^(?:\p{L}+ed|began|bought|built|came|chose|did|drew|found|gave|got|grew|had|kept|left|made|met|paid|put|ran|read|said|sat|saw|sent|spent|spoke|spun|took|used|watched|went|won|wrote)\b/iu;
/** One that ends with it, such as `Trial started`. */
const PARTICIPLE = /\s\S*(?:\p{L}ed|sent|read|seen|made|paid|won|met)$/iu;
const PREPOSITION = /\s(?:about|at|by|for|from|in|of|on|over|to|via|with)\s/i;
const SAYS_WHEN = /\b(?:days?|weeks?|months?|years?|today|lately|recently)\b/i;

/**
 * A line of behaviour in words, with how often and how recently: `two pricing page visits this week`,
 * `asked for a demo today`. `times` are the ascending times of what the line counts, null when only the line is known;
 * then nothing is said that the line cannot vouch for.
 */
export function activityWords(
  line: Line,
  rule: Rule,
  { at, times }: { readonly at: number; readonly times: readonly number[] | null },
): string {
  const label = uncapital(oneLine(line.label, MAX_LABEL));
  const { count, lastAt } = line;
  if (count === null || lastAt === null) return label;
  const when = SAYS_WHEN.test(label)
    ? ''
    : whenWords({ count, lastAt, oldestAt: oldest(line, rule, { at, times }) }, at);
  const isDeed = VERB.test(label) || PARTICIPLE.test(label);
  const what = isDeed ? (count === 1 ? label : `${label} ${timesWords(count)}`) : countedLabel(label, count);
  return when === '' ? what : `${what} ${when}`;
}

/** From when on everything that the line counts happened; null when that is not known. */
function oldest(
  { count }: Line,
  { evidence }: Rule,
  { at, times }: { readonly at: number; readonly times: readonly number[] | null },
): number | null {
  if (times !== null) return times[times.length - (count ?? 0)] ?? null;
  const windowMs = evidence.kind === 'occurrences' ? evidence.windowMs : null;
  return windowMs === null ? null : at - windowMs + 1;
}

function countedLabel(label: string, count: number): string {
  const end = label.search(PREPOSITION);
  const head = end === -1 ? label : label.slice(0, end);
  const rest = end === -1 ? '' : label.slice(end);
  const isPlural = /[^s]s$/i.test(head);
  if (!/\p{L}$/u.test(head)) return count === 1 ? label : `${label}, ${timesWords(count)}`;
  if (count === 1) return isPlural ? label : `${withArticle(head)}${rest}`;
  return `${countWords(count)} ${isPlural ? head : plural(head)}${rest}`;
}

function plural(noun: string): string {
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(noun) ? `${noun}es` : `${noun}s`;
}

function whenWords(
  {
    count,
    lastAt,
    oldestAt,
  }: { readonly count: number; readonly lastAt: number; readonly oldestAt: number | null },
  at: number,
): string {
  const last = recencyWords(lastAt, at);
  if (count === 1) return last;
  const since = oldestAt ?? Number.NEGATIVE_INFINITY;
  if (Number.isFinite(since) && recencyWords(since, at) === last) return last;
  if (since > at - WEEK) return 'this week';
  if (since > at - MONTH && lastAt <= at - WEEK) return 'in the last 30 days';
  return `(the last ${last === 'in the last 30 days' ? `on ${dayWords(lastAt, at)}` : last})`;
}

/**
 * How long ago something was, in words; days are those of UTC. Epoch ms.
 *
 * @example recencyWords(0, 3 * 86_400_000) // 'this week'
 */
export function recencyWords(then: number, at: number): string {
  const days = Math.floor(at / DAY_MS) - Math.floor(then / DAY_MS);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  if (then > at - WEEK) return 'this week';
  if (then > at - MONTH) return 'in the last 30 days';
  if (then <= at - YEAR) return 'over a year ago';
  const isSameYear = new Date(then).getUTCFullYear() === new Date(at).getUTCFullYear();
  return `in ${monthName(then)}${isSameYear ? '' : ` ${new Date(then).getUTCFullYear()}`}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

function monthName(at: number): string {
  return MONTHS[new Date(at).getUTCMonth()] ?? '';
}

/** A day as texts name it, with its year where that is not the one of `at`. @example dayWords(0, 0) // '1 January' */
export function dayWords(day: number, at: number): string {
  const year = new Date(day).getUTCFullYear();
  const isSameYear = year === new Date(at).getUTCFullYear();
  return `${new Date(day).getUTCDate()} ${monthName(day)}${isSameYear ? '' : ` ${year}`}`;
}
