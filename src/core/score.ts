import type { Bounds } from './agreement/agreement.ts';
import {
  countUntil,
  type History,
  tallyDid,
  tallyOccurrences,
  tallyPattern,
  tallyQuiet,
} from './evidence.ts';
import { readFields, timedChanges } from './holds.ts';
import { formatInstant } from './instant.ts';
import type { CompiledPath, CompiledRule, Program } from './program.ts';
import { type Reading, read } from './reading.ts';
import { unreachable } from './unreachable.ts';

/** One line of a breakdown: what a rule gave, or (rule null) what a cap took or a floor added. Times in epoch ms. */
export interface Line {
  readonly rule: string | null;
  readonly label: string;
  readonly score: string;
  readonly group: string | null;
  readonly points: number;
  readonly count: number | null;
  readonly lastAt: number | null;
}

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

/** What scoring knows of a contact at one instant: its profile's readings, its events up to then, its creation. */
export interface Subject {
  readonly readings: readonly Reading[];
  readonly history: History;
  readonly createdAt: number;
}

/** A profile as it stands at one time: free-form properties of the contact and its company. */
export interface Profile {
  readonly contact: unknown;
  readonly company: unknown;
}

/** Makes a subject out of a profile; `history` must hold no event later than the instant to be scored. */
export function makeSubject(
  program: Program,
  known: { readonly profile: Profile; readonly history: History; readonly createdAt: number },
): Subject {
  const { profile, history, createdAt } = known;
  const readings = readFields(program.table, { contact: profile.contact, company: profile.company });
  if (program.createdAtField !== null) readings[program.createdAtField] = read(formatInstant(createdAt));
  return { readings, history, createdAt };
}

/** Cuts a history to the events at or before `t`; untouched slots are shared, not copied. */
export function historyUntil(history: History, t: number): History {
  return history.map(times => ((times.at(-1) ?? t) <= t ? times : times.slice(0, countUntil(times, t))));
}

const NOT_SCORED = { applies: false } as const;

/** The score at `t` (section 4 and 5 of the agreement format). The lines of a score always add up to it. */
export function scoreAt(program: Program, subject: Subject, t: number): Score {
  return assess(program, subject, t).score;
}

/**
 * The earliest whole millisecond after `t` at which, with no new data, the score differs from the one at `t`; null
 * when it never does. It walks the instants at which some piece changes and stops at the first that shows.
 */
export function nextChangeAt(program: Program, subject: Subject, t: number): number | null {
  const base = assess(program, subject, t);
  let { surelyAt, perhapsAt } = base;
  let at = t;
  for (;;) {
    const unsureAt = earliest([perhapsAt, ...timedChanges(program.table, subject.readings, at)]);
    const next = earliest([surelyAt, unsureAt]);
    // Where a gate changes at the very instant, the line may not show after all.
    if (next === null || (next === surelyAt && next !== unsureAt)) return next;
    const then = assess(program, subject, next);
    if (!isSameScore(base.score, then.score)) return next;
    ({ surelyAt, perhapsAt } = then);
    at = next;
  }
}

function earliest(instants: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const at of instants) if (at !== null && (first === null || at < first)) first = at;
  return first;
}

/** A score with the instants at which it changes for sure (a line does) and perhaps (a piece behind it does). */
interface Assessment {
  readonly score: Score;
  readonly surelyAt: number | null;
  readonly perhapsAt: number | null;
}

function assess(program: Program, subject: Subject, t: number): Assessment {
  if (t < subject.createdAt) return { score: NOT_SCORED, surelyAt: null, perhapsAt: subject.createdAt };
  if (!program.applies(subject.readings, t)) return { score: NOT_SCORED, surelyAt: null, perhapsAt: null };
  const sheet = fillSheet(program, subject, t);
  const { scores, total } = sheet.sums;
  const readings = readingsWithScores(program, subject.readings, sheet.sums);
  const held = program.disqualify.map(path => holdsAt(path, { ...subject, readings }, t));
  const paths = program.mql.map(path => holdsAt(path, { ...subject, readings }, t));
  const disqualified = program.disqualify.flatMap((path, index) => (held[index]?.holds ? [path.id] : []));
  const reason = disqualified.length > 0 ? -1 : paths.findIndex(path => path.holds);
  const score: Breakdown = {
    applies: true,
    scores: Object.fromEntries(program.agreement.scores.map(({ id }, index) => [id, scores[index] ?? 0])),
    total,
    lines: sheet.lines,
    grade: gradeOf(program, scores),
    disqualified,
    qualifies: program.mql[reason]?.id ?? null,
  };
  const perhapsAt = earliest([...held, ...paths].map(path => path.changesAt));
  return { score, surelyAt: sheet.changesAt, perhapsAt };
}

/** The readings of a path, a route or an SLA entry: the profile's, and the scores and total as fields. */
export function readingsWithScores(
  program: Program,
  profile: readonly Reading[],
  sums: { readonly scores: readonly number[]; readonly total: number },
): readonly Reading[] {
  const readings = [...profile];
  program.scoreFields.forEach((field, index) => {
    readings[field] = read(sums.scores[index] ?? 0);
  });
  readings[program.totalField] = read(sums.total);
  return readings;
}

function holdsAt(path: CompiledPath, subject: Subject, t: number) {
  const did = path.did === null ? { holds: true, changesAt: null } : tallyDid(path.did, subject.history, t);
  const when = path.when === null || path.when(subject.readings, t);
  return { holds: when && did.holds, changesAt: did.changesAt };
}

interface Sheet {
  readonly lines: readonly Line[];
  readonly sums: { readonly scores: readonly number[]; readonly total: number };
  readonly changesAt: number | null;
}

function fillSheet(program: Program, subject: Subject, t: number): Sheet {
  const { scores, groups } = program.agreement;
  const found: Line[][] = scores.map(() => []);
  const groupSums = groups.map(() => 0);
  const scoreSums = scores.map(() => 0);
  let changesAt: number | null = null;
  for (const compiled of program.rules) {
    const worth = weigh(compiled, subject, t);
    if (worth.changesAt !== null && (changesAt === null || worth.changesAt < changesAt))
      changesAt = worth.changesAt;
    if (worth.points === 0) continue;
    const { rule, scoreIndex, groupIndex } = compiled;
    const sums = groupIndex === -1 ? scoreSums : groupSums;
    const index = groupIndex === -1 ? scoreIndex : groupIndex;
    sums[index] = (sums[index] ?? 0) + worth.points;
    found[scoreIndex]?.push({
      rule: rule.id,
      label: worth.label,
      score: rule.score,
      group: rule.group,
      points: worth.points,
      count: worth.count,
      lastAt: worth.lastAt,
    });
  }
  const clamps: Line[][] = scores.map(() => []);
  groups.forEach((group, index) => {
    const scoreIndex = scores.findIndex(score => score.id === group.score);
    const clamp = clampLine(group, groupSums[index] ?? 0, { score: group.score, group: group.id });
    if (clamp !== null) clamps[scoreIndex]?.push(clamp);
    scoreSums[scoreIndex] = (scoreSums[scoreIndex] ?? 0) + (groupSums[index] ?? 0) + (clamp?.points ?? 0);
  });
  let total = 0;
  scores.forEach((score, index) => {
    const clamp = clampLine(score, scoreSums[index] ?? 0, { score: score.id, group: null });
    if (clamp !== null) clamps[index]?.push(clamp);
    scoreSums[index] = (scoreSums[index] ?? 0) + (clamp?.points ?? 0);
    total += scoreSums[index] ?? 0;
  });
  const lines = found.flatMap((ofScore, index) => [...ofScore.sort(byWeight), ...(clamps[index] ?? [])]);
  return { lines, sums: { scores: scoreSums, total }, changesAt };
}

function byWeight(a: Line, b: Line): number {
  const difference = Math.abs(b.points) - Math.abs(a.points);
  if (difference !== 0) return difference;
  return (a.rule ?? '') < (b.rule ?? '') ? -1 : 1;
}

function clampLine(
  bounds: Bounds,
  sum: number,
  home: { readonly score: string; readonly group: string | null },
): Line | null {
  const { min, max, label } = bounds;
  const bound = max !== null && sum > max ? max : min !== null && sum < min ? min : null;
  if (bound === null) return null;
  const verb = bound < sum ? 'capped at' : 'raised to';
  return {
    rule: null,
    label: `${label} ${verb} ${bound}`,
    ...home,
    points: bound - sum,
    count: null,
    lastAt: null,
  };
}

interface Worth {
  readonly points: number;
  readonly label: string;
  readonly count: number | null;
  readonly lastAt: number | null;
  readonly changesAt: number | null;
}

const NOTHING: Worth = { points: 0, label: '', count: null, lastAt: null, changesAt: null };

function weigh({ rule, gate, evidence }: CompiledRule, subject: Subject, t: number): Worth {
  const { readings, history, createdAt } = subject;
  if (gate !== null && !gate(readings, t)) return NOTHING;
  const { label } = rule;
  switch (evidence.kind) {
    case 'trait':
      return { ...NOTHING, points: evidence.points, label };
    case 'cases': {
      const found = evidence.cases.find(entry => entry.when(readings, t));
      return found === undefined ? NOTHING : { ...NOTHING, points: found.points, label: found.label };
    }
    case 'occurrences':
      return { ...tallyOccurrences(evidence, history, t), label };
    case 'pattern':
      return { ...tallyPattern(evidence, history, t), label };
    case 'quiet':
      return { ...tallyQuiet(evidence, history, { createdAt, t }), label };
    default:
      return unreachable(evidence);
  }
}

function gradeOf(program: Program, scores: readonly number[]): string | null {
  const { grades } = program.agreement;
  if (grades.length === 0) return null;
  return grades
    .map(({ score, bands, below }) => {
      const value = scores[program.agreement.scores.findIndex(({ id }) => id === score)] ?? 0;
      return bands.find(band => value >= band.from)?.mark ?? below;
    })
    .join('');
}

/** Whether two scores print the same. */
export function isSameScore(a: Score, b: Score): boolean {
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
