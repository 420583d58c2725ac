import type { History } from './evidence.ts';
import type { ProfileVersion } from './facts.ts';
import { profileAt } from './facts.ts';
import type { Program } from './program.ts';
import { historyUntil, makeSubject, nextChangeAt, scoreAt } from './score.ts';

/** A maximal interval [from, to) in which a contact qualifies by one path; `to` null when it still does at the end. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
  readonly path: string;
}

/** What is known of one contact over time: profile versions ascending, event times by slot, all event times. */
export interface Timeline {
  readonly createdAt: number;
  readonly versions: readonly ProfileVersion[];
  readonly history: History;
}

/**
 * The spans of qualification within [from, to], exact to the millisecond: it jumps from change to change (the next
 * event, the next profile, the next change by the passing of time) and never samples.
 */
export function qualificationSpans(
  program: Program,
  timeline: Timeline,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Span[] {
  const arrivals = arrivalsIn(timeline, from, to);
  const spans: Span[] = [];
  let open: { readonly from: number; readonly path: string } | null = null;
  let arrival = 0;
  for (let at: number | null = from; at !== null && at <= to; ) {
    const subject = makeSubject(program, {
      profile: profileAt(timeline.versions, at),
      history: historyUntil(timeline.history, at),
      createdAt: timeline.createdAt,
    });
    const score = scoreAt(program, subject, at);
    const path = score.applies ? score.qualifies : null;
    if (open !== null && open.path !== path) {
      spans.push({ ...open, to: at });
      open = null;
    }
    if (open === null && path !== null) open = { from: at, path };
    while ((arrivals[arrival] ?? Number.POSITIVE_INFINITY) <= at) arrival += 1;
    const change = nextChangeAt(program, subject, at);
    const next: number = Math.min(
      change ?? Number.POSITIVE_INFINITY,
      arrivals[arrival] ?? Number.POSITIVE_INFINITY,
    );
    at = Number.isFinite(next) ? next : null;
  }
  if (open !== null) spans.push({ ...open, to: null });
  return spans;
}

function arrivalsIn(timeline: Timeline, from: number, to: number): readonly number[] {
  const times = new Set<number>();
  for (const slot of timeline.history) for (const at of slot) if (at > from && at <= to) times.add(at);
  for (const { at } of timeline.versions) if (at !== null && at > from && at <= to) times.add(at);
  return [...times].sort((a, b) => a - b);
}

/**
 * The exact instant since when a contact that qualifies at `to` has qualified without a break, looking back no further
 * than `from`; null when it does not qualify at `to`.
 */
export function qualifiedSince(
  program: Program,
  timeline: Timeline,
  span: { readonly from: number; readonly to: number },
): number | null {
  const spans = [...qualificationSpans(program, timeline, span)].reverse();
  let since: number | null = null;
  for (const { from, to } of spans) {
    if (to !== since) break;
    since = from;
  }
  return since;
}
