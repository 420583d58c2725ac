import { addArrivals, arrivalsIn } from '../replay/arrival.ts';
import { qualificationSpans, type Timeline } from '../replay/replay.ts';
import { profileAt } from '../scoring/facts.ts';
import type { Program } from '../scoring/program.ts';
import { nextChangeAt, readProfile, type Score, scoreAt } from '../scoring/score.ts';
import { advanceTally, emptyTally } from '../scoring/tally.ts';
import { signed } from '../text/number.ts';
import { cut, oneLine } from '../text/safe.ts';
import { formatInstant } from '../time/instant.ts';
import type { Course } from './shape.ts';

type WireStep = Course['steps'][number];

/** The score from `at` (epoch ms) until the next step; `lines` are what differs from the step before. */
export interface CourseStep extends Pick<WireStep, 'kind' | 'why' | 'lines'> {
  readonly at: number;
  readonly score: Score;
}

/** A score over time; `thinned` says in words what was left out, null when every change is there. */
interface ScoredCourse {
  readonly steps: readonly CourseStep[];
  readonly thinned: string | null;
}

/** The most arrivals that are looked at one by one; with more, the last of each stretch of time stands for it. */
const MAX_ARRIVALS = 2_000;
const STRETCHES = 1_000;
/** The most changes by the passing of time that are looked at; it bounds the work. */
const MAX_FADES = 2_000;
/** How many lines a step names in words. */
const MAX_WORDS = 3;
const MAX_WHY = 160;
const MAX_LABEL = 60;

/**
 * The score of a contact within [from, to] for a chart. Exact where something arrives and where qualification changes; what
 * fades in between is thinned to at most `most` steps, and of too many arrivals the largest stay. Takes in each event once.
 */
export function scoreCourse(
  program: Program,
  timeline: Timeline,
  range: { readonly from: number; readonly to: number; readonly most: number },
): ScoredCourse {
  const { marks, isBucketed } = marksOf(program, timeline, range);
  const { seen, isComplete } = walk(program, timeline, { marks, range, withFades: !isBucketed });
  const changed = seen.filter((point, index) => index === 0 || !isSame(point.score, seen[index - 1]?.score));
  const kept = thin(changed, range.most);
  const thinned = isBucketed
    ? `more than ${MAX_ARRIVALS} arrivals: one step for each stretch of time`
    : kept.length < changed.length
      ? `${changed.length - kept.length} smaller changes are left out`
      : isComplete
        ? null
        : 'some changes by the passing of time are left out';
  return { steps: kept.map((point, index) => stepOf(point, kept[index - 1])), thinned };
}

/** Writes a course of the range from `from` to `to` (epoch ms) with its times in RFC 3339. */
export function printCourse(
  { steps, thinned }: ScoredCourse,
  range: { readonly from: number; readonly to: number },
): Course {
  const { from, to } = range;
  return { from: formatInstant(from), to: formatInstant(to), steps: steps.map(printStep), thinned };
}

function printStep({ at, score, ...rest }: CourseStep): WireStep {
  const step = { ...rest, at: formatInstant(at), applies: score.applies };
  if (!score.applies) return { ...step, scores: {}, total: null, grade: null, qualifies: null };
  const { scores, total, grade, qualifies } = score;
  return { ...step, scores, total, grade, qualifies };
}

interface Mark {
  readonly at: number;
  readonly kind: CourseStep['kind'];
  readonly isTurn: boolean;
}

interface Point extends Mark {
  readonly score: Score;
}

/** The instants to look at: the start, arrivals, and where qualification changes. */
function marksOf(
  program: Program,
  timeline: Timeline,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const { createdAt, versions, history } = timeline;
  const inRange = (at: number | null) => at !== null && at > from && at <= to;
  const kinds = new Map<number, CourseStep['kind']>();
  if (inRange(createdAt)) kinds.set(createdAt, 'profile');
  for (const { at } of versions) if (at !== null && inRange(at)) kinds.set(at, 'profile');
  for (const times of history) for (const at of times) if (inRange(at)) kinds.set(at, 'event');
  const isBucketed = kinds.size > MAX_ARRIVALS;
  const arrivals = isBucketed ? lastOfStretches([...kinds.keys()], { from, to }) : [...kinds.keys()];
  const turns = new Set<number>();
  for (const span of qualificationSpans(program, timeline, { from, to })) {
    if (span.from > from) turns.add(span.from);
    if (span.to !== null) turns.add(span.to);
  }
  const instants = [...new Set([...arrivals, ...turns])].sort((a, b) => a - b);
  const marks = instants.map((at): Mark => ({ at, kind: kinds.get(at) ?? 'time', isTurn: turns.has(at) }));
  return { marks: [{ at: from, kind: 'start', isTurn: true } satisfies Mark, ...marks], isBucketed };
}

function lastOfStretches(
  instants: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const last = new Map<number, number>();
  for (const at of instants) {
    const stretch = Math.floor(((at - from) / (to - from + 1)) * STRETCHES);
    last.set(stretch, Math.max(at, last.get(stretch) ?? at));
  }
  return [...last.values()];
}

/** Scores every mark in order, and within its allowance every change by the passing of time up to the next. */
function walk(
  program: Program,
  { createdAt, versions, history }: Timeline,
  how: {
    readonly marks: readonly Mark[];
    readonly range: { readonly to: number };
    readonly withFades: boolean;
  },
): { readonly seen: readonly Point[]; readonly isComplete: boolean } {
  const { marks, range } = how;
  const tally = emptyTally(program.plan);
  const arrivals = arrivalsIn(history);
  let next = arrivals.start;
  const seen: Point[] = [];
  let left = how.withFades ? MAX_FADES : 0;
  let isComplete = how.withFades;
  marks.forEach((mark, index) => {
    next = addArrivals(tally, arrivals, { next, until: mark.at });
    const readings = readProfile(program, profileAt(versions, mark.at), createdAt);
    const subject = { readings, tally, createdAt };
    const end = marks[index + 1]?.at ?? range.to + 1;
    let allowed = Math.ceil(left / (marks.length - index));
    for (let at: number | null = mark.at; at !== null && at < end; ) {
      advanceTally(tally, at);
      const score = scoreAt(program, subject, at);
      seen.push(at === mark.at ? { ...mark, score } : { at, kind: 'time', isTurn: false, score });
      if (allowed === 0) {
        isComplete = false;
        break;
      }
      allowed -= 1;
      left -= 1;
      at = nextChangeAt(program, subject, at);
    }
  });
  return { seen, isComplete };
}

function isSame(a: Score, b: Score | undefined): boolean {
  if (b === undefined || !a.applies || !b.applies) return b !== undefined && a.applies === b.applies;
  const differs = a.total !== b.total || a.qualifies !== b.qualifies || a.grade !== b.grade;
  return !differs && lineChanges(b, a).length === 0;
}

/** At most `most` points: the start and the turns, then the arrivals that change most, then fades evenly over time. */
function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const sizeOf = (index: number) => {
    const [before, after] = [points[index - 1]?.score, points[index]?.score];
    return Math.abs(
      (after === undefined ? 0 : totalOf(after)) - (before === undefined ? 0 : totalOf(before)),
    );
  };
  const numbers = points.map((_, index) => index);
  const turns = numbers.filter(index => points[index]?.isTurn === true);
  const arrivals = numbers.filter(index => points[index]?.isTurn === false && points[index]?.kind !== 'time');
  const fades = numbers.filter(index => points[index]?.isTurn === false && points[index]?.kind === 'time');
  arrivals.sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  const firm = [...turns, ...arrivals].slice(0, most);
  const room = most - firm.length;
  const spread = fades.filter(
    (_, place) => Math.floor((place * room) / fades.length) < Math.floor(((place + 1) * room) / fades.length),
  );
  const kept = new Set([...firm, ...spread]);
  return points.filter((_, index) => kept.has(index));
}

function totalOf(score: Score): number {
  return score.applies ? score.total : 0;
}

function stepOf({ at, kind, score }: Point, before: Point | undefined): CourseStep {
  if (before === undefined) return { at, kind, score, why: '', lines: [] };
  const lines = lineChanges(before.score, score);
  const words = lines.slice(0, MAX_WORDS).map(({ label, points }) => `${label} ${signed(points)}`);
  const more = lines.length > MAX_WORDS ? ` and ${lines.length - MAX_WORDS} more` : '';
  return { at, kind, score, why: cut(`${words.join(', ')}${more}`, MAX_WHY), lines };
}

/** What differs between the lines of two scores, the heaviest first; it adds up to the difference of the totals. */
function lineChanges(before: Score, after: Score): CourseStep['lines'] {
  const changes = new Map<string, CourseStep['lines'][number]>();
  const add = (score: Score, sign: 1 | -1) => {
    for (const { rule, label, score: of, group, points } of score.applies ? score.lines : []) {
      const key = JSON.stringify(rule === null ? [null, of, group] : [rule, of]);
      const known = changes.get(key)?.points ?? 0;
      changes.set(key, { rule, label: oneLine(label, MAX_LABEL), score: of, points: known + sign * points });
    }
  };
  add(before, -1);
  add(after, 1);
  return [...changes.values()]
    .filter(({ points }) => points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}
