import { z } from 'zod';
import { capital } from '../condition/words.ts';
import { listed } from '../text/number.ts';
import { cut } from '../text/safe.ts';
import { DAY_MS } from '../time/duration.ts';
import { momentIn, type Wording } from '../time/recency.ts';

const WEEK = 7 * DAY_MS;
const MONTH = 30 * DAY_MS;

/** Something a lead did, as a line of its score counts it. Times in epoch ms. */
const deed = z.object({
  /** What was done and how often, without when: `two pricing page visits`. */
  words: z.string(),
  count: z.number(),
  /** Null where nobody knows when. */
  lastAt: z.number().nullable(),
  /** From when on all of it happened; null where that is not known. */
  oldestAt: z.number().nullable(),
  /** Until when the words alone say when it was: a label such as `Active this week`. */
  saysWhenAt: z.number().nullable(),
});
export type Deed = z.infer<typeof deed>;

/** What a sentence about a score rests on: kept as facts, and put into words when somebody reads it. */
export const grounds = z.object({
  /** What the sentence follows, and what follows it. */
  before: z.string().optional(),
  after: z.string().optional(),
  disqualified: z.string(),
  /** How well the lead fits, by score: with what it rests on, and in short. */
  fits: z.array(z.object({ full: z.string(), short: z.string(), isFor: z.boolean() })),
  /** What is said where it did nothing. */
  idle: z.string().nullable(),
  deeds: z.array(deed),
  /** What weighs against it. */
  against: deed.nullable(),
});
export type Grounds = z.infer<typeof grounds>;

/** The longest sentence: what is taken in at a glance, and what fits in the preview of a message. */
export const MAX_SENTENCE = 160;
/** How many things that somebody did a sentence names. */
export const MAX_DEEDS = 2;

/** Puts the grounds of a score into one sentence of at most 160 characters, beside what stands before and after it. */
export function groundsWords(of: Grounds, wording: Wording): string {
  const deeds = of.deeds.map(entry => deedWords(entry, wording));
  const against = of.against === null ? null : deedWords(of.against, wording);
  const draft = (use: { readonly persona: boolean; readonly deeds: number; readonly against: boolean }) => {
    const done = deeds.slice(0, use.deeds);
    const main = listed([...of.fits.map(fit => (use.persona ? fit.full : fit.short)), ...done], 'and');
    const last = use.against && against !== null ? against : done.length > 0 ? null : of.idle;
    const turn = deeds.length > 0 || of.fits.some(fit => fit.isFor) ? ', but ' : ' and ';
    const words = [main, last ?? ''].filter(part => part !== '').join(turn);
    const parts = [of.disqualified, words === '' ? 'nothing counts yet' : words];
    return capital(parts.filter(part => part !== '').join('; '));
  };
  const drafts = [
    { persona: true, deeds: MAX_DEEDS, against: true },
    { persona: true, deeds: 1, against: true },
    { persona: true, deeds: 1, against: false },
    { persona: false, deeds: 1, against: false },
  ].map(draft);
  const sentence = cut(
    drafts.find(words => words.length <= MAX_SENTENCE) ?? drafts.at(-1) ?? '',
    MAX_SENTENCE,
  );
  return `${of.before ?? ''}${sentence}${of.after ?? ''}`;
}

/**
 * Something that was done, with when.
 *
 * @example deedWords({ words: 'a visit', count: 1, lastAt: 0, oldestAt: 0, saysWhenAt: null }, DATED) // 'a visit on 1 Jan 1970'
 */
export function deedWords(done: Deed, wording: Wording): string {
  const when = whenWords(done, wording);
  return when === '' ? done.words : `${done.words} ${when}`;
}

function whenWords({ count, lastAt, oldestAt, saysWhenAt }: Deed, wording: Wording): string {
  if (lastAt === null) return '';
  const last = momentIn(wording, lastAt);
  if (saysWhenAt !== null) {
    const isStill = wording.kind === 'ago' && wording.at - saysWhenAt < DAY_MS;
    return isStill ? '' : `(the last ${last})`;
  }
  if (count === 1 || (oldestAt !== null && momentIn(wording, oldestAt) === last)) return last;
  if (wording.kind === 'ago' && oldestAt !== null) {
    if (oldestAt > wording.at - WEEK) return 'in the last 7 days';
    if (oldestAt > wording.at - MONTH && lastAt <= wording.at - WEEK) return 'in the last 30 days';
  }
  return `(the last ${last})`;
}

/** A deed that says no more than its words. @example plainDeed('free mailbox').words // 'free mailbox' */
export function plainDeed(words: string): Deed {
  return { words, count: 1, lastAt: null, oldestAt: null, saysWhenAt: null };
}

/** Reads stored grounds; null where there are none, as in what was stored before they were kept. */
export function readGrounds(stored: unknown): Grounds | null {
  return grounds.safeParse(stored).data ?? null;
}
