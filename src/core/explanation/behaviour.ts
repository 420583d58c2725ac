import type { Rule } from '../agreement/agreement.ts';
import { uncapital } from '../condition/words.ts';
import { type Deed, deedWords, plainDeed } from '../scoring/ground.ts';
import type { Line } from '../scoring/line.ts';
import { countWords, timesWords } from '../text/number.ts';
import { oneLine } from '../text/safe.ts';
import type { Wording } from '../time/recency.ts';
import { dayIn } from '../time/zone.ts';
import { withArticle } from './persona.ts';

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
 * A line of behaviour as something that was done, with how often and when: `two pricing page visits`, `asked for a demo`.
 * `times` are the ascending times of what the line counts, null when only the line is known; then nothing is said that the
 * line cannot vouch for.
 */
export function deedOf(
  line: Pick<Line, 'label' | 'count' | 'lastAt'>,
  rule: Rule | null,
  { at, times }: { readonly at: number; readonly times: readonly number[] | null },
): Deed {
  const label = uncapital(oneLine(line.label, MAX_LABEL));
  const { count, lastAt } = line;
  if (count === null || lastAt === null) return plainDeed(label);
  const isDeed = VERB.test(label) || PARTICIPLE.test(label);
  const words = isDeed ? (count === 1 ? label : `${label} ${timesWords(count)}`) : countedLabel(label, count);
  return {
    words,
    count,
    lastAt,
    oldestAt: oldest(line, rule, { at, times }),
    saysWhenAt: SAYS_WHEN.test(label) ? at : null,
  };
}

/** From when on everything that the line counts happened; null when that is not known. */
function oldest(
  { count }: Pick<Line, 'count'>,
  rule: Rule | null,
  { at, times }: { readonly at: number; readonly times: readonly number[] | null },
): number | null {
  if (times !== null) return times[times.length - (count ?? 0)] ?? null;
  const windowMs = rule?.evidence.kind === 'occurrences' ? rule.evidence.windowMs : null;
  return windowMs === null ? null : at - windowMs + 1;
}

/** How sentences said when something was before their grounds were kept. */
const SAID_WHEN =
  '(?:\\(the last [^)]*\\)|today|yesterday|this week|in the last 30 days|over a year ago|in [A-Z][a-z]+(?: \\d{4})?)';

/**
 * A sentence that was stored as prose at an instant (epoch ms), with the times of its lines in other words; where something
 * of it still counts from that day, the day is said.
 *
 * @example rewordStored('A visit today', { lines: [], at: 0 }, DATED) // 'A visit today (as of 1 Jan 1970)'
 */
export function rewordStored(
  sentence: string,
  stored: { readonly lines: readonly Pick<Line, 'label' | 'count' | 'lastAt'>[]; readonly at: number },
  wording: Wording,
): string {
  let words = sentence;
  for (const line of stored.lines) {
    const done = deedOf(line, null, { at: stored.at, times: null });
    if (done.lastAt === null || done.saysWhenAt !== null) continue;
    const said = new RegExp(`(${escapePattern(done.words)}) ${SAID_WHEN}`, 'i');
    words = words.replace(said, (_, what: string) => deedWords({ ...done, words: what }, wording));
  }
  const isRelative = /\b(?:today|yesterday|this week|in the last 30 days|over a year ago)\b/i.test(words);
  return isRelative ? `${words} (as of ${dayIn('UTC', stored.at)})` : words;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
