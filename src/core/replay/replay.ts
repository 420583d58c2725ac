import type { ProfileVersion } from '../contact/profile.ts';
import { changeAfter } from '../scoring/evidence.ts';
import { profileAt } from '../scoring/facts.ts';
import type { Program } from '../scoring/program.ts';
import {
  nextChangeAt,
  pathAt,
  pathBy,
  pieceChange,
  pointsOf,
  readProfile,
  type Subject,
  sumsAt,
  sumsWith,
} from '../scoring/score.ts';
import { advanceTally, clearTally, emptyTally, type History } from '../scoring/tally.ts';
import { type Arrivals, addArrivals, arrivalsIn, slotsOf } from './arrival.ts';
import { makeCeiling } from './ceiling.ts';

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

/** Replays one contact after the other; holds the working memory that they share. */
interface Walker {
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
  return makeWalker(program).spans({ createdAt, versions, arrivals: arrivalsIn(history) }, range);
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

/** Makes a walker for a program. */
export function makeWalker(program: Program): Walker {
  const tally = emptyTally(program.plan);
  const ceiling = makeCeiling(program);
  const hasFlowsThatEnd = program.plan.flows.some(({ reachMs }) => reachMs !== null);
  const readsProfile = program.table.fields.length > 0;

  const spans: Walker['spans'] = ({ createdAt, versions, arrivals }, { from, to }) => {
    const found: Span[] = [];
    let at = Math.max(from, createdAt);
    if (at > to) return found;
    clearTally(tally);
    let arrival = arrivals.start;
    let fed = arrivals.start;
    let version = 0;
    let path = -1;
    const takeArrivals = () => {
      for (; arrival < arrivals.end && (arrivals.at[arrival] ?? 0) <= at; arrival++)
        if (path === -1) ceiling.raise(slotsOf(arrivals, arrival));
    };
    // Most contacts never come near the line: their events are not even added up.
    const feed = () => {
      fed = addArrivals(tally, arrivals, { next: fed, until: at });
      if (hasFlowsThatEnd) advanceTally(tally, at);
    };
    const takeVersions = (): boolean => {
      const before = version;
      while (version < versions.length && (versions[version]?.at ?? Number.NEGATIVE_INFINITY) <= at)
        version += 1;
      return version > before;
    };
    const subjectNow = (): Subject => ({
      readings: readsProfile ? readProfile(program, profileAt(versions, at), createdAt) : NO_READINGS,
      tally: tally,
      createdAt,
    });
    takeArrivals();
    takeVersions();
    let subject = subjectNow();
    ceiling.unknown();

    let openedAt = at;
    const turn = (to: Turn) => {
      // What arrives while it qualifies does not raise the ceiling, so it is set anew when that ends.
      if (to.path === -1) ceiling.lower({ subject, t: to.at, sums: to.sums });
      if (to.path === path) return;
      if (path !== -1) found.push({ from: openedAt, to: to.at, path: program.mql[path]?.id ?? '' });
      path = to.path;
      openedAt = to.at;
    };
    const arrivalAt = (index: number) =>
      index < arrivals.end ? (arrivals.at[index] ?? 0) : Number.POSITIVE_INFINITY;
    const endBefore = (index: number) =>
      Math.min(arrivalAt(index), versions[version]?.at ?? Number.POSITIVE_INFINITY, to + 1);
    for (;;) {
      if (path !== -1 || ceiling.mayQualify()) {
        feed();
        const end = endBefore(arrival);
        // Where scores only fall, the first of all paths holds all along if it does at the end.
        const last = path === 0 && ceiling.onlyFalls ? pathAt(program, subject, end - 1) : null;
        if (last !== 0) {
          const sums = sumsAt(program, subject, at);
          turn({ path: pathBy(program, { subject, t: at, sums }), at, sums });
          if (!ceiling.onlyFalls) followChanges(program, subject, { at, end, turn });
          else if (path !== -1) followFall(program, subject, { at, end, path, last, turn });
        }
      }
      const next = Math.min(arrivalAt(arrival), versions[version]?.at ?? Number.POSITIVE_INFINITY);
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

const NO_READINGS: Subject['readings'] = [];

/** From an instant on another path is the first that holds, or none; with the sums of that instant. */
interface Turn {
  readonly path: number;
  readonly at: number;
  readonly sums: readonly number[];
}

/** A stretch [at, end) in which nothing arrives, and who is told of the turns after its start. */
interface Stretch {
  readonly at: number;
  readonly end: number;
  readonly turn: (turn: Turn) => void;
}

/** Finds the turns of a stretch by going from one change of the score to the next. */
function followChanges(program: Program, subject: Subject, { at, end, turn }: Stretch): void {
  for (
    let t = nextChangeAt(program, subject, at);
    t !== null && t < end;
    t = nextChangeAt(program, subject, t)
  ) {
    const sums = sumsAt(program, subject, t);
    turn({ path: pathBy(program, { subject, t, sums }), at: t, sums });
  }
}

/**
 * Finds the turns of a stretch in which scores only fall: paths that hold then cease one by one, so the first that holds
 * moves only onwards. `last` is the path at its end, where that is known.
 */
function followFall(
  program: Program,
  subject: Subject,
  { at, end, turn, ...known }: Stretch & { readonly path: number; readonly last: number | null },
): void {
  const high = end - 1;
  const last = known.last ?? pathAt(program, subject, high);
  let { path } = known;
  for (let low = at; path !== last; ) {
    const next = endOfPath(program, subject, { low, high, path });
    turn(next);
    path = next.path;
    low = next.at;
  }
}

/** Up to so many whole points of difference, the changes between two instants are gone through one by one. */
const FEW_POINTS = 2;

/** The first turn after `low` away from a path that is the first to hold there; it is not at `high`. */
function endOfPath(
  program: Program,
  subject: Subject,
  span: { readonly low: number; readonly high: number; readonly path: number },
): Turn {
  let { low, high } = span;
  let atLow = pointsBetween(program, subject, { t: low });
  let atHigh = pointsBetween(program, subject, { t: high });
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    const change =
      distance(atLow, atHigh) > FEW_POINTS ? null : changeBetween(program, subject, { low, atLow, atHigh });
    const t = change ?? middle;
    if (t >= high) break;
    const points = pointsBetween(program, subject, { t, atLow, atHigh });
    if (pathBy(program, { subject, t, sums: sumsWith(program, points) }) === span.path) {
      low = t;
      atLow = points;
    } else {
      high = t;
      atHigh = points;
    }
  }
  const sums = sumsWith(program, atHigh);
  return { path: pathBy(program, { subject, t: high, sums }), at: high, sums };
}

/** What rules give at `t`; what gives the same before and after it, where scores only fall, does so in between. */
function pointsBetween(
  program: Program,
  subject: Subject,
  {
    t,
    atLow,
    atHigh,
  }: { readonly t: number; readonly atLow?: readonly number[]; readonly atHigh?: readonly number[] },
): readonly number[] {
  const points: number[] = [];
  for (const rule of program.rules) {
    const given = atLow?.[rule.index];
    points.push(given !== undefined && given === atHigh?.[rule.index] ? given : pointsOf(rule, subject, t));
  }
  return points;
}

function distance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += Math.abs((a[index] ?? 0) - (b[index] ?? 0));
  return sum;
}

/** The first change after `low` of a rule that differs between two instants, or of what paths ask for beside scores. */
function changeBetween(
  program: Program,
  subject: Subject,
  span: { readonly low: number; readonly atLow: readonly number[]; readonly atHigh: readonly number[] },
): number | null {
  let first = pieceChange(program, subject, span.low);
  for (const { index, evidence } of program.rules) {
    if (span.atLow[index] === span.atHigh[index] || evidence.kind === 'trait' || evidence.kind === 'cases')
      continue;
    first = Math.min(first, changeAfter(evidence, subject, span.low) ?? first);
  }
  return Number.isFinite(first) ? first : null;
}
