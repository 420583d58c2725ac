import type { Group, SumBounds } from '../agreement/agreement.ts';
import { readFields, timedChanges } from '../condition/predicate.ts';
import { type Prepared, read } from '../condition/reading.ts';
import type { Profile } from '../contact/profile.ts';
import { formatInstant, LAST_INSTANT } from '../time/instant.ts';
import { changeAfter, countOf, didAt, didUntil, pointsAt } from './evidence.ts';
import type { Line } from './line.ts';
import type { CompiledPath, CompiledRule, Program } from './program.ts';
import { countUntil, emptyTally, type History, horizonOfTally, type Tally, tallyOf } from './tally.ts';

/** The score of a contact at an instant, or `applies: false` where the agreement does not score it (yet). */
export type Score = Breakdown | { readonly applies: false };

export interface Breakdown {
  readonly applies: true;
  readonly scores: Readonly<Record<string, number>>;
  readonly total: number;
  readonly lines: readonly Line[];
  readonly grade: string | null;
  readonly disqualified: readonly string[];
  readonly qualifies: string | null;
}

/** What scoring knows of a contact at one instant: its profile's readings, its evidence up to then, its creation. */
export interface Subject {
  readonly readings: readonly Prepared[];
  readonly tally: Tally;
  readonly createdAt: number;
}

/** Makes a subject out of a profile; `history` must hold no event later than the instant to be scored. */
export function makeSubject(
  program: Program,
  known: { readonly profile: Profile; readonly history: History; readonly createdAt: number },
): Subject {
  const { profile, history, createdAt } = known;
  return {
    readings: readProfile(program, profile, createdAt),
    tally: tallyOf(program.plan, history),
    createdAt,
  };
}

/** What conditions read of a profile. */
export function readProfile(program: Program, profile: Profile, createdAt: number): readonly Prepared[] {
  const readings = readFields(program.table, { contact: profile.contact, company: profile.company });
  if (program.createdAtField !== null) readings[program.createdAtField] = read(formatInstant(createdAt));
  return readings;
}

/** Cuts a history to the events at or before `t`; untouched slots are shared, not copied. */
export function historyUntil(history: History, t: number): History {
  return history.map(times => ((times.at(-1) ?? t) <= t ? times : times.slice(0, countUntil(times, t))));
}

const NOT_SCORED = { applies: false } as const;

/** The score at `t` (section 4 and 5 of the agreement format). The lines of a score always add up to it. */
export function scoreAt(program: Program, subject: Subject, t: number): Score {
  if (!isScored(program, subject, t)) return NOT_SCORED;
  const lines: Line[] = [];
  const sums = addUp(program, { subject, t, give: pointsOf, lines });
  const { scores } = program.agreement;
  const record: Record<string, number> = { ...program.noScores };
  for (let index = 0; index < scores.length; index++) record[scores[index]?.id ?? ''] = sums[index] ?? 0;
  const asked = { subject, sums, t };
  const disqualified = heldIds(program.disqualify, asked);
  const path = disqualified.length > 0 ? -1 : firstHeld(program.mql, asked);
  return {
    applies: true,
    scores: record,
    total: sums[scores.length] ?? 0,
    lines,
    grade: gradeOf(program, sums),
    disqualified,
    qualifies: path === -1 ? null : (program.mql[path]?.id ?? null),
  };
}

/** The number of the path by which a contact qualifies at `t`; -1 when it does not. The lines are not made. */
export function pathAt(program: Program, subject: Subject, t: number): number {
  return pathBy(program, { subject, t, sums: sumsAt(program, subject, t) });
}

/** The scores in their order and then the total at `t`, as if the agreement scored the contact. */
export function sumsAt(program: Program, subject: Subject, t: number): readonly number[] {
  return addUp(program, { subject, t, give: pointsOf, lines: null });
}

/** The sums if rules, by their number, gave these points. */
export function sumsWith(program: Program, points: readonly number[]): readonly number[] {
  return addUp(program, { subject: NOBODY, t: 0, give: ({ index }) => points[index] ?? 0, lines: null });
}

const NOBODY: Subject = {
  readings: [],
  tally: emptyTally({ flows: [], rings: [], patterns: [], bySlot: [] }),
  createdAt: 0,
};

/** The number of the path by which a contact with these sums qualifies; -1 when it does not. */
export function pathBy(program: Program, asked: Asked): number {
  if (!isScored(program, asked.subject, asked.t)) return -1;
  return firstHeld(program.disqualify, asked) === -1 ? firstHeld(program.mql, asked) : -1;
}

/** The path by which a contact with these sums would qualify if nothing disqualified it; null when by none. */
export function pathDespite(program: Program, asked: Asked): string | null {
  return program.mql[firstHeld(program.mql, asked)]?.id ?? null;
}

/**
 * The first path that holds and overrides the wait of a rejection, whatever disqualifies the contact; one that asks what was
 * done holds by what was done after `since` (epoch ms) alone. Null when there is none.
 */
export function overridingPath(program: Program, asked: Asked, since: number): string | null {
  const found = program.mql.find((path, index) => {
    if (program.agreement.mql[index]?.overridesWait !== true || !holdsAt(path, asked)) return false;
    const { rings } = asked.subject.tally;
    return path.did === null || (rings[path.did.ring]?.at(-1) ?? since) > since;
  });
  return found?.id ?? null;
}

/** The scores in their order and then the total, as conditions of paths, routes and the like read them. */
export function sumsOf(program: Program, score: Breakdown): readonly number[] {
  return [...program.agreement.scores.map(({ id }) => score.scores[id] ?? 0), score.total];
}

function isScored(program: Program, subject: Subject, t: number): boolean {
  return t >= subject.createdAt && (program.applies === null || program.applies(subject.readings, t));
}

/** What a rule gives at `t`, in whole points. */
export function pointsOf({ gate, evidence }: CompiledRule, subject: Subject, t: number): number {
  const { readings } = subject;
  if (gate !== null && !gate(readings, t)) return 0;
  if (evidence.kind === 'trait') return evidence.points;
  if (evidence.kind !== 'cases') return pointsAt(evidence, subject, t);
  for (const { when, points } of evidence.cases) if (when(readings, t)) return points;
  return 0;
}

/** Whose points are added up, what each rule gives, and where its line goes, if anywhere. */
interface Sheet {
  readonly subject: Subject;
  readonly t: number;
  readonly give: (rule: CompiledRule, subject: Subject, t: number) => number;
  readonly lines: Line[] | null;
}

/**
 * Adds the points of rules up, within groups, within scores and to the total, each within its bounds: the sums of the
 * scores in their order, and then the total.
 */
export function addUp(program: Program, sheet: Sheet): readonly number[] {
  const { subject, t, give, lines } = sheet;
  const { scores } = program.agreement;
  const sums = program.noSums.slice();
  let total = 0;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index];
    const part = program.sheets[index];
    if (score === undefined || part === undefined) continue;
    const start = lines === null ? 0 : lines.length;
    const groups: number[] | null = part.groups.length === 0 ? null : part.groups.map(() => 0);
    let sum = 0;
    for (const rule of part.rules) {
      const points = give(rule, subject, t);
      if (points === 0) continue;
      if (groups === null || rule.groupIndex === -1) sum += points;
      else groups[rule.groupIndex] = (groups[rule.groupIndex] ?? 0) + points;
      if (lines !== null) addLine(lines, lineOf(rule, points, sheet), start);
    }
    if (groups !== null) sum += boundGroups(part.groups, groups, lines);
    const bounded = clamp(score, sum);
    if (bounded !== sum) lines?.push(clampLine(score, sum, { score: score.id, group: null }));
    sums[index] = bounded;
    total += bounded;
  }
  sums[scores.length] = total;
  return sums;
}

function boundGroups(groups: readonly Group[], sums: readonly number[], lines: Line[] | null): number {
  let total = 0;
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index];
    if (group === undefined) continue;
    const sum = sums[index] ?? 0;
    const bounded = clamp(group, sum);
    if (bounded !== sum) lines?.push(clampLine(group, sum, { score: group.score, group: group.id }));
    total += bounded;
  }
  return total;
}

/** Adds a line in its place among those from `start` on; rules come nearly in order, which makes it cheap. */
function addLine(lines: Line[], line: Line, start: number): void {
  let place = lines.length;
  while (place > start && isBefore(line, lines[place - 1])) place -= 1;
  if (place === lines.length) lines.push(line);
  else lines.splice(place, 0, line);
}

function isBefore(a: Line, b: Line | undefined): boolean {
  if (b === undefined) return false;
  const difference = Math.abs(a.points) - Math.abs(b.points);
  return difference === 0 ? (a.rule ?? '') < (b.rule ?? '') : difference > 0;
}

function lineOf({ evidence, line }: CompiledRule, points: number, { subject, t }: Sheet): Line {
  if (evidence.kind === 'trait' || evidence.kind === 'quiet') return line;
  if (evidence.kind === 'cases') {
    return evidence.cases.find(({ when }) => when(subject.readings, t))?.line ?? line;
  }
  const { rule, label, score, group } = line;
  const { count, lastAt } = countOf(evidence, subject, t);
  return { rule, label, score, group, points, count, lastAt };
}

function clamp(bounds: SumBounds, sum: number): number {
  if (bounds.max !== null && sum > bounds.max) return bounds.max;
  return bounds.min !== null && sum < bounds.min ? bounds.min : sum;
}

function clampLine(
  bounds: SumBounds,
  sum: number,
  { score, group }: { readonly score: string; readonly group: string | null },
): Line {
  const bound = clamp(bounds, sum);
  const label = `${bounds.label} ${bound < sum ? 'capped at' : 'raised to'} ${bound}`;
  return { rule: null, label, score, group, points: bound - sum, count: null, lastAt: null };
}

/** Who is asked about, when, and with what sums: the scores in their order, then the total. */
export interface Asked {
  readonly subject: Subject;
  readonly sums: readonly number[];
  readonly t: number;
}

function holdsAt({ when, did }: CompiledPath, { subject, sums, t }: Asked): boolean {
  return (when === null || when(subject.readings, t, sums)) && (did === null || didAt(did, subject.tally, t));
}

function firstHeld(paths: readonly CompiledPath[], asked: Asked): number {
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index];
    if (path !== undefined && holdsAt(path, asked)) return index;
  }
  return -1;
}

const NO_IDS: readonly string[] = [];

function heldIds(paths: readonly CompiledPath[], asked: Asked): readonly string[] {
  if (firstHeld(paths, asked) === -1) return NO_IDS;
  const ids: string[] = [];
  for (const path of paths) if (holdsAt(path, asked)) ids.push(path.id);
  return ids;
}

function gradeOf({ agreement }: Program, sums: readonly number[]): string | null {
  const { grades, scores } = agreement;
  if (grades.length === 0) return null;
  let marks = '';
  for (const { score, bands, below } of grades) {
    const value = sums[scores.findIndex(({ id }) => id === score)] ?? 0;
    marks += bands.find(band => value >= band.from)?.mark ?? below;
  }
  return marks;
}

/**
 * The earliest whole millisecond after `t` at which, with no new data, the score differs from the one at `t`; null
 * when it never does, or not before the year 9999 is over. It walks the instants at which some piece changes and stops at the first that shows. A tally that
 * must be refilled first answers with its horizon.
 */
export function nextChangeAt(program: Program, subject: Subject, t: number): number | null {
  let base: Score | null = null;
  const horizon = horizonOfTally(subject.tally);
  let at = t;
  for (;;) {
    const surelyAt = lineChange(program, subject, at);
    const perhapsAt = pieceChange(program, subject, at);
    const next = Math.min(surelyAt, perhapsAt, horizon);
    if (next > LAST_INSTANT) return null;
    // Where a gate changes at the very instant, the line may not show after all.
    if (next === horizon || (next === surelyAt && next !== perhapsAt)) return next;
    base ??= scoreAt(program, subject, t);
    if (!isSameScore(base, scoreAt(program, subject, next))) return next;
    at = next;
  }
}

/** When the line of a rule whose gate holds changes by itself; infinity for never. */
function lineChange(program: Program, subject: Subject, t: number): number {
  let first = Number.POSITIVE_INFINITY;
  if (!isScored(program, subject, t)) return first;
  for (const { gate, evidence } of program.rules) {
    if (evidence.kind === 'trait' || evidence.kind === 'cases') continue;
    if (gate !== null && !gate(subject.readings, t)) continue;
    first = Math.min(first, changeAfter(evidence, subject, t) ?? first);
  }
  return first;
}

/** When something behind the score changes next, after `t`, that may not show in it; infinity for never. */
export function pieceChange(program: Program, subject: Subject, t: number): number {
  if (t < subject.createdAt) return subject.createdAt;
  let first = Number.POSITIVE_INFINITY;
  for (const at of timedChanges(program.table, subject.readings, t)) first = Math.min(first, at);
  for (const paths of [program.disqualify, program.mql]) {
    for (const { did } of paths) {
      if (did !== null) first = Math.min(first, didUntil(did, subject.tally, t) ?? first);
    }
  }
  return first;
}

/** Whether two scores print the same. */
function isSameScore(a: Score, b: Score): boolean {
  if (!a.applies || !b.applies) return a.applies === b.applies;
  return (
    a.total === b.total &&
    a.grade === b.grade &&
    a.qualifies === b.qualifies &&
    a.lines.length === b.lines.length &&
    a.disqualified.join() === b.disqualified.join() &&
    a.lines.every((line, index) => isSameLine(line, b.lines[index]))
  );
}

function isSameLine(a: Line, b: Line | undefined): boolean {
  return (
    b !== undefined &&
    a.rule === b.rule &&
    a.score === b.score &&
    a.points === b.points &&
    a.label === b.label &&
    a.group === b.group &&
    a.count === b.count &&
    a.lastAt === b.lastAt
  );
}
