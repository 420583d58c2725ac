import { type Decay, decaySum, nextDecayChange, type Run, roundPoints } from './decay.ts';
import { earlier } from './instant.ts';
import type { CompiledEvidence, CompiledPath, PatternItem } from './program.ts';

/** The ascending times of a contact's events in each slot of a program, machine-made ones left out. */
export type History = readonly (readonly number[])[];

const EMPTY: readonly number[] = [];

/** What a rule with evidence in events is worth at one instant, and when that changes with no new data. */
export interface Tally {
  readonly points: number;
  readonly count: number | null;
  readonly lastAt: number | null;
  readonly changesAt: number | null;
}

const NO_TALLY: Tally = { points: 0, count: null, lastAt: null, changesAt: null };

/** How many of the ascending times are at or before `t`. */
export function countUntil(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The times of a slot, ascending. */
export function timesOf(history: History, slot: number): readonly number[] {
  return history[slot] ?? EMPTY;
}

/** What an occurrence rule is worth at `t`. */
export function tallyOccurrences(
  evidence: Extract<CompiledEvidence, { kind: 'occurrences' }>,
  history: History,
  t: number,
): Tally {
  const { points, windowMs, limit, decay } = evidence;
  const times = timesOf(history, evidence.slot);
  const end = countUntil(times, t);
  const inWindow = windowMs === null ? 0 : countUntil(times, t - windowMs);
  const start = limit === null ? inWindow : Math.max(inWindow, end - limit);
  return tallyRun({ points, decay, windowMs, run: { times, start, end } }, t);
}

/** What a pattern rule is worth at `t`: its latest completion counts, once. */
export function tallyPattern(
  evidence: Extract<CompiledEvidence, { kind: 'pattern' }>,
  history: History,
  t: number,
): Tally {
  const { points, windowMs, decay } = evidence;
  const after = windowMs === null ? Number.NEGATIVE_INFINITY : t - windowMs;
  const completedAt = latestCompletion(evidence, history, { after, until: t });
  if (completedAt === null) return NO_TALLY;
  return tallyRun({ points, decay, windowMs, run: { times: [completedAt], start: 0, end: 1 } }, t);
}

function tallyRun(
  rule: {
    readonly points: number;
    readonly decay: Decay | null;
    readonly windowMs: number | null;
    readonly run: Run;
  },
  t: number,
): Tally {
  const { points, decay, windowMs, run } = rule;
  if (run.start === run.end) return NO_TALLY;
  const worth = roundPoints(points * decaySum(decay, run, t));
  if (worth === 0) return NO_TALLY;
  const fadesAt = nextDecayChange({ points, decay, run }, t);
  const leavesAt = windowMs === null ? null : (run.times[run.start] ?? t) + windowMs;
  return {
    points: worth,
    count: run.end - run.start,
    lastAt: run.times[run.end - 1] ?? null,
    changesAt: earlier(fadesAt, leavesAt),
  };
}

/**
 * The latest instant in (after, until] at which a pattern completes: an event matches one of its items, and each item
 * has its number of matches within the pattern's span. Walks the items' events backwards from `until`.
 */
export function latestCompletion(
  pattern: { readonly items: readonly PatternItem[]; readonly withinMs: number },
  history: History,
  span: { readonly after: number; readonly until: number },
): number | null {
  let until = span.until;
  for (;;) {
    const at = latestEvent(pattern.items, history, until);
    if (at === null || at <= span.after) return null;
    if (pattern.items.every(item => isMet(item, pattern.withinMs, { history, at }))) return at;
    until = at - 1;
  }
}

function latestEvent(items: readonly PatternItem[], history: History, until: number): number | null {
  let latest: number | null = null;
  for (const { slot } of items) {
    const times = timesOf(history, slot);
    const at = times[countUntil(times, until) - 1];
    if (at !== undefined && (latest === null || at > latest)) latest = at;
  }
  return latest;
}

function isMet(
  item: PatternItem,
  withinMs: number,
  { history, at }: { readonly history: History; readonly at: number },
): boolean {
  const times = timesOf(history, item.slot);
  const first = times[countUntil(times, at) - item.times];
  return first !== undefined && first > at - withinMs;
}

/** What a quiet rule is worth at `t`: its points once nothing has happened for long enough. */
export function tallyQuiet(
  evidence: Extract<CompiledEvidence, { kind: 'quiet' }>,
  history: History,
  { createdAt, t }: { readonly createdAt: number; readonly t: number },
): Tally {
  const times = timesOf(history, evidence.slot);
  const last = times[countUntil(times, t) - 1] ?? createdAt;
  const holdsFrom = Math.max(last, createdAt) + evidence.quietMs;
  return t >= holdsFrom ? { ...NO_TALLY, points: evidence.points } : { ...NO_TALLY, changesAt: holdsFrom };
}

/** Whether a contact did what a path asks at `t`, and until when that holds with no new data (null: for ever). */
export function tallyDid(
  did: NonNullable<CompiledPath['did']>,
  history: History,
  t: number,
): { readonly holds: boolean; readonly changesAt: number | null } {
  const times = timesOf(history, did.slot);
  const earliest = times[countUntil(times, t) - did.times];
  const holds = earliest !== undefined && (did.withinMs === null || earliest > t - did.withinMs);
  const changesAt = holds && did.withinMs !== null ? earliest + did.withinMs : null;
  return { holds, changesAt };
}
