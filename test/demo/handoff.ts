import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { eventName } from '../../src/core/condition/event.ts';
import { isObject } from '../../src/core/condition/reading.ts';
import type { KindOfDomain } from '../../src/core/contact/email.ts';
import { compile, type Program } from '../../src/core/scoring/program.ts';
import { normaliseText } from '../../src/core/text/normalise.ts';
import { DAY, HOUR } from '../../src/demo/story/rhythm.ts';
import type { SalesBehaviour } from '../../src/demo/story/sales.ts';
import type { Story } from '../../src/demo/story/story.ts';
import { scoresFrom } from '../core/known.ts';

/** The template as plain data. */
export function loadTemplate(): unknown {
  return parse(readFileSync(new URL('../../templates/b2b-saas.yaml', import.meta.url), 'utf8'));
}

/** The template, ready to score. */
export function compileTemplate(): Program {
  const { agreement, problems } = readAgreement(loadTemplate());
  if (agreement === null) throw new Error(JSON.stringify(problems));
  return compile(agreement);
}

/** One handoff of a story, as the template and its sales behaviour make it. Times are epoch milliseconds. */
export interface Handoff {
  readonly story: Story;
  readonly path: string;
  readonly at: number;
  readonly isAgain: boolean;
  readonly touchedAt: number | null;
  readonly decidedAt: number | null;
  readonly sales: SalesBehaviour;
}

/**
 * Replays stories under a program: every handoff up to `now`, with what sales has done by then. While a rejection asks to
 * wait, only a path that overrides the wait hands over, and only by something done since the decision.
 */
export function replayHandoffs(stories: readonly Story[], program: Program, now: number): readonly Handoff[] {
  const waits = recycleWaits(program);
  const hasty = hastyPaths(program);
  return stories.flatMap(story => {
    const handoffs: Handoff[] = [];
    let closed = { since: 0, until: 0 };
    const atOnce = qualifications(story, hasty);
    for (const [index, { at, qualifies }] of qualifications(story, program).entries()) {
      const isWaiting = at < closed.until;
      const found = isWaiting ? (atOnce[index]?.qualifies ?? null) : qualifies;
      if (found === null || at < closed.since || handoffs.length === 2) continue;
      if (isWaiting && !didSince(story, hasty, { path: found, since: closed.since, until: at })) continue;
      const handoff = hand({ story, path: found, at, isAgain: handoffs.length > 0 }, now);
      handoffs.push(handoff);
      const { decidedAt, sales } = handoff;
      const wait = sales.reason === null ? undefined : waits.get(sales.reason);
      const isRecycled = decidedAt !== null && wait !== undefined;
      closed = isRecycled ? { since: decidedAt, until: decidedAt + wait } : FOR_GOOD;
    }
    return handoffs;
  });
}

const FOR_GOOD = { since: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** A program with no paths but those that override the wait of a rejection. */
function hastyPaths({ agreement }: Program): Program {
  return compile({ ...agreement, mql: agreement.mql.filter(({ overridesWait }) => overridesWait) });
}

/** Whether a story tells of what a path asks to be done, received after `since` and by `until`. */
function didSince(
  { calls }: Story,
  { agreement }: Program,
  of: { readonly path: string; readonly since: number; readonly until: number },
): boolean {
  const did = agreement.mql.find(({ id }) => id === of.path)?.did ?? null;
  const isMeant = ({ at, call }: Story['calls'][number]) =>
    of.since < at && at <= of.until && did?.on.names.includes(normaliseText(eventName(call) ?? ''));
  return did === null || calls.some(isMeant);
}

function hand(about: Pick<Handoff, 'story' | 'path' | 'at' | 'isAgain'>, now: number): Handoff {
  const sales = about.isAgain ? about.story.again : about.story.sales;
  const due = (workMs: number | null) => {
    const at = workMs === null ? null : workAfter(about.at, workMs);
    return at === null || at > now ? null : at;
  };
  return { ...about, sales, touchedAt: due(sales.touchAfterWorkMs), decidedAt: due(sales.decideAfterWorkMs) };
}

function recycleWaits(program: Program): ReadonlyMap<string, number> {
  const reasons = program.agreement.practice.reasons ?? [];
  return new Map(
    reasons.flatMap(({ id, then, wait }) => (then === 'recycle' ? [[id, wait ?? 0] as const] : [])),
  );
}

/** The path by which a story's contact qualifies after each call, in the order in which they are received. */
function qualifications(
  story: Story,
  program: Program,
): { readonly at: number; readonly qualifies: string | null }[] {
  const id = story.id;
  const versions: { at: number; contact: object; company: object }[] = [];
  for (const { at, call } of story.calls) {
    const last = versions.at(-1) ?? { contact: {}, company: {} };
    if (call.type === 'identify')
      versions.push({ ...last, at, contact: { ...last.contact, ...call.traits } });
    if (call.type === 'group') versions.push({ ...last, at, company: { ...last.company, ...call.traits } });
  }
  const createdAt = new Date(story.startsAt).toISOString();
  const profiles = versions.map((version, index) => ({
    id,
    createdAt,
    ...version,
    at: index === 0 ? null : new Date(version.at).toISOString(),
  }));
  const scores = scoresFrom(program, {
    contacts: versions.length === 0 ? [{ id, createdAt }] : profiles,
    events: story.calls.map(({ at, call }) => ({
      ...call,
      userId: id,
      receivedAt: new Date(at).toISOString(),
      machine: isMachine(call.context),
    })),
    kindOf: KIND_OF,
  });
  const scoreAt = scores.get(id);
  if (scoreAt === undefined) return [];
  return story.calls.map(({ at }) => {
    const { score } = scoreAt(at);
    return { at, qualifies: score.applies ? score.qualifies : null };
  });
}

function isMachine(context: unknown): boolean {
  const userAgent = isObject(context) ? context.userAgent : null;
  return typeof userAgent === 'string' && /spider|bot\b|python-requests|linkscanner/i.test(userAgent);
}

const loadList = createRequire(import.meta.url);
const DISPOSABLE = listOf(loadList('disposable-email-domains'));
const FREE = listOf(loadList('email-providers/common.json'));

function listOf(raw: unknown): ReadonlySet<unknown> {
  return new Set(Array.isArray(raw) ? raw : []);
}

/** Free, disposable or business, by the public lists. */
export const KIND_OF: KindOfDomain = domain =>
  DISPOSABLE.has(domain) ? 'disposable' : FREE.has(domain) ? 'free' : 'business';

/** The instant `workMs` of working time after `at`: Monday to Friday, 09:00 to 17:30 UTC. */
export function workAfter(at: number, workMs: number): number {
  let left = workMs;
  for (let midnight = Math.floor(at / DAY) * DAY; ; midnight += DAY) {
    const weekday = new Date(midnight).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const start = Math.max(at, midnight + 9 * HOUR);
    const worked = midnight + 17.5 * HOUR - start;
    if (worked <= 0) continue;
    if (worked >= left) return start + left;
    left -= worked;
  }
}
