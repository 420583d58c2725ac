import { makeCeiling } from './ceiling.ts';
import { addEvent, advanceDigest, clearDigest, emptyDigest, type History } from './digest.ts';
import { type ProfileVersion, profileAt } from './facts.ts';
import type { Program } from './program.ts';
import {
  nextChangeAt,
  pathAt,
  pathBy,
  pointsOf,
  readProfile,
  type Subject,
  sumsAt,
  sumsWith,
} from './score.ts';

/** A maximal interval [from, to) in which a contact qualifies by one path; `to` null when it still does at the end. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
  readonly path: string;
}

/** What is known of one contact over time: its creation, profile versions ascending, event times by slot. */
export interface Timeline {
  readonly createdAt: number;
  readonly versions: readonly ProfileVersion[];
  readonly history: History;
}

/**
 * The events of one contact, ascending by time, as a stretch of columns that many contacts share: when each happened, and
 * which of `sets` holds the slots that it matches.
 */
export interface Arrivals {
  readonly at: ArrayLike<number>;
  readonly set: ArrayLike<number>;
  readonly sets: readonly (readonly number[])[];
  readonly start: number;
  readonly end: number;
}

/** Replays one contact after the other; holds the working memory that they share. */
export interface Walker {
  readonly spans: (
    contact: Pick<Timeline, 'createdAt' | 'versions'> & { readonly arrivals: Arrivals },
    range: Range,
  ) => readonly Span[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The spans of qualification within [from, to], exact to the millisecond: it goes from arrival to arrival (an event, a
 * profile) and finds the changes by the passing of time in between; it never samples.
 */
export function qualificationSpans(program: Program, timeline: Timeline, range: Range): readonly Span[] {
  const { createdAt, versions, history } = timeline;
  return makeWalker(program).spans({ createdAt, versions, arrivals: arrivalsOf(history) }, range);
}

/**
 * The exact instant since when a contact that qualifies at `to` has qualified without a break, looking back no further
 * than `from`; null when it does not qualify at `to`.
 */
export function qualifiedSince(program: Program, timeline: Timeline, span: Range): number | null {
  const spans = [...qualificationSpans(program, timeline, span)].reverse();
  let since: number | null = null;
  for (const { from, to } of spans) {
    if (to !== since) break;
    since = from;
  }
  return since;
}

/** Arrivals out of a history by slots: those of one instant stand together. */
function arrivalsOf(history: History): Arrivals {
  const entries = history.flatMap((times, slot) => times.map(at => ({ at, slot })));
  entries.sort((a, b) => a.at - b.at);
  const at: number[] = [];
  const sets: number[][] = [];
  for (const entry of entries) {
    if (at.at(-1) !== entry.at) {
      at.push(entry.at);
      sets.push([]);
    }
    sets.at(-1)?.push(entry.slot);
  }
  return { at, set: at.map((_, index) => index), sets, start: 0, end: at.length };
}

/** Makes a walker for a program. */
export function makeWalker(program: Program): Walker {
  const digest = emptyDigest(program.plan);
  const ceiling = makeCeiling(program);
  const hasFlowsThatEnd = program.plan.flows.some(({ reachMs }) => reachMs !== null);
  const readsProfile = program.table.fields.length > 0;

  const spans: Walker['spans'] = ({ createdAt, versions, arrivals }, { from, to }) => {
    const found: Span[] = [];
    let at = Math.max(from, createdAt);
    if (at > to) return found;
    clearDigest(digest);
    let arrival = arrivals.start;
    let version = 0;
    const takeArrivals = () => {
      for (; arrival < arrivals.end && (arrivals.at[arrival] ?? 0) <= at; arrival++) {
        const slots = arrivals.sets[arrivals.set[arrival] ?? 0] ?? NO_SLOTS;
        addEvent(digest, arrivals.at[arrival] ?? 0, slots);
        ceiling.raise(slots);
      }
    };
    const takeVersions = (): boolean => {
      const before = version;
      while (version < versions.length && (versions[version]?.at ?? Number.NEGATIVE_INFINITY) <= at)
        version += 1;
      return version > before;
    };
    const subjectNow = (): Subject => ({
      readings: readsProfile ? readProfile(program, profileAt(versions, at), createdAt) : NO_READINGS,
      digest,
      createdAt,
    });
    takeArrivals();
    takeVersions();
    let subject = subjectNow();
    ceiling.unknown();

    let path = -1;
    let openedAt = at;
    const turnTo = (next: number, when: number) => {
      if (next === path) return;
      if (path !== -1) found.push({ from: openedAt, to: when, path: program.mql[path]?.id ?? '' });
      path = next;
      openedAt = when;
    };
    for (;;) {
      const nextArrival = arrival < arrivals.end ? (arrivals.at[arrival] ?? 0) : Number.POSITIVE_INFINITY;
      const next = Math.min(nextArrival, versions[version]?.at ?? Number.POSITIVE_INFINITY);
      const end = Math.min(next, to + 1);
      if (path !== -1 || ceiling.mayQualify()) {
        if (hasFlowsThatEnd) advanceDigest(digest, at);
        // Where scores only fall, the first path holds all along if it does at the end.
        if (path !== 0 || !ceiling.onlyFalls || pathAt(program, subject, end - 1) !== 0) {
          const asked = { subject, t: at, sums: sumsAt(program, subject, at) };
          turnTo(pathBy(program, asked), at);
          if (path === -1) ceiling.lower(asked);
          if (ceiling.onlyFalls) followFall(program, subject, { at, end, path, turnTo });
          else followChanges(program, subject, { at, end, path, turnTo });
        }
      }
      if (next > to) break;
      at = next;
      takeArrivals();
      if (takeVersions()) {
        subject = subjectNow();
        ceiling.unknown();
      }
    }
    if (path !== -1) found.push({ from: openedAt, to: null, path: program.mql[path]?.id ?? '' });
    return found;
  };
  return { spans };
}

const NO_SLOTS: readonly number[] = [];
const NO_READINGS: Subject['readings'] = [];

/** A stretch [at, end) in which nothing arrives, the path at its start, and who is told of another one. */
interface Stretch {
  readonly at: number;
  readonly end: number;
  readonly path: number;
  readonly turnTo: (path: number, when: number) => void;
}

/**
 * Finds the changes of a stretch in which scores only fall: paths that hold then cease one by one, so the first that holds
 * moves only onwards, and each change is found by bisection.
 */
function followFall(program: Program, subject: Subject, { at, end, path: first, turnTo }: Stretch): void {
  let path = first;
  let low = at;
  while (path !== -1 && low < end - 1 && pathAt(program, subject, end - 1) !== path) {
    low = endOfPath(program, subject, { low, high: end - 1, path });
    path = pathAt(program, subject, low);
    turnTo(path, low);
  }
}

/** The first instant after `low` at which a path is no longer the first that holds; it is not at `high`. */
function endOfPath(
  program: Program,
  subject: Subject,
  span: { readonly low: number; readonly high: number; readonly path: number },
): number {
  let { low, high } = span;
  const pointsThen = (t: number) => program.rules.map(rule => pointsOf(rule, subject, t));
  let atLow = pointsThen(low);
  let atHigh = pointsThen(high);
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    // What a rule gives only falls: where it is the same at both ends, it is so in between. Soon that is all but one.
    const points = program.rules.map(rule => {
      const given = atLow[rule.index] ?? 0;
      return given === atHigh[rule.index] ? given : pointsOf(rule, subject, middle);
    });
    if (pathBy(program, { subject, t: middle, sums: sumsWith(program, points) }) === span.path) {
      low = middle;
      atLow = points;
    } else {
      high = middle;
      atHigh = points;
    }
  }
  return high;
}

/** Finds the changes of a stretch by going from one change of the score to the next. */
function followChanges(program: Program, subject: Subject, { at, end, turnTo }: Stretch): void {
  for (
    let t = nextChangeAt(program, subject, at);
    t !== null && t < end;
    t = nextChangeAt(program, subject, t)
  )
    turnTo(pathAt(program, subject, t), t);
}
