import { type Condition, isLowerBound } from '../condition/condition.ts';
import type { CompiledRule, Program } from '../scoring/program.ts';
import { type Asked, addUp, pointsOf, type Subject } from '../scoring/score.ts';

/**
 * A bound that scores cannot pass until the next arrival, kept at little cost: as long as every path asks for more than
 * it, nothing needs to be evaluated.
 */
interface Ceiling {
  /** Whether, while nothing arrives, scores only fall and paths only cease to hold. */
  readonly onlyFalls: boolean;
  /** An event of these slots arrived. */
  readonly raise: (slots: readonly number[]) => void;
  /** Sets the bound by what rules give at an instant. */
  readonly lower: (asked: Asked) => void;
  /** Anything may hold until the next `lower`. */
  readonly unknown: () => void;
  /** Whether some path could hold before the next arrival. */
  readonly mayQualify: () => boolean;
}

/** Makes the ceiling of a program; it says "may qualify" wherever it cannot tell. */
export function makeCeiling(program: Program): Ceiling {
  const { agreement } = program;
  // A profile's values that change their meaning with time may open a gate at any moment.
  const isTimed = program.table.timed.length > 0;
  const needs = agreement.mql.map(({ when }) => (when === null ? [] : needsOf(program, when)));
  const raises = program.plan.bySlot.map((_, slot) => risesOf(program, slot));
  const rises = program.rules.some(mayRise);
  const bounds: number[] = agreement.scores.map(() => Number.POSITIVE_INFINITY);
  const meets = (at: number, least: number): boolean => {
    if (at < bounds.length) return (bounds[at] ?? 0) >= least;
    let total = 0;
    for (const bound of bounds) total += bound;
    return total >= least;
  };
  return {
    onlyFalls: !isTimed && onlyFalls(program),
    raise: slots => {
      for (const slot of slots) {
        for (const { score, points } of raises[slot] ?? []) bounds[score] = (bounds[score] ?? 0) + points;
      }
    },
    lower: ({ subject, sums, t }) => {
      if (isTimed) return;
      const most = rises ? addUp(program, { subject, t, give: mostOf, lines: null }) : sums;
      for (let index = 0; index < bounds.length; index++) bounds[index] = most[index] ?? 0;
    },
    unknown: () => bounds.fill(Number.POSITIVE_INFINITY),
    mayQualify: () => {
      for (const path of needs) {
        let isInReach = true;
        for (const { sum, least } of path) isInReach &&= meets(sum, least);
        if (isInReach) return true;
      }
      return false;
    },
  };
}

/** Whether a rule can give more than it does and what an event adds: a silence may begin or end, a loss may fade. */
function mayRise({ evidence }: CompiledRule): boolean {
  if (evidence.kind === 'trait' || evidence.kind === 'cases') return false;
  return evidence.kind === 'quiet' || evidence.points < 0;
}

/** The most that a rule can give until an event arrives: a silence may begin to count, a loss may fade. */
function mostOf(rule: CompiledRule, subject: Subject, t: number): number {
  if (rule.evidence.kind === 'quiet') return Math.max(0, rule.evidence.points);
  const points = pointsOf(rule, subject, t);
  if (rule.evidence.kind === 'trait' || rule.evidence.kind === 'cases') return points;
  return Math.max(0, points);
}

/** By how much an event of a slot can lift scores at most. */
function risesOf(program: Program, slot: number) {
  const touched = program.plan.bySlot[slot];
  return program.rules.flatMap(({ evidence, scoreIndex }) => {
    const isTouched =
      (evidence.kind === 'stream' && touched?.flows.includes(evidence.count) === true) ||
      (evidence.kind === 'recent' && touched?.rings.includes(evidence.ring) === true) ||
      (evidence.kind === 'pattern' && touched?.patterns.includes(evidence.pattern) === true);
    const points = isTouched && 'points' in evidence ? evidence.points : 0;
    return points > 0 ? [{ score: scoreIndex, points }] : [];
  });
}

/** Sums that a condition cannot hold without: the number of the score (or of the total, after them) and the least it asks for. */
function needsOf(
  program: Program,
  condition: Condition,
): readonly { readonly sum: number; readonly least: number }[] {
  if (condition.kind === 'all') return condition.of.flatMap(part => needsOf(program, part));
  if (condition.kind !== 'field') return [];
  const { source, path } = condition.field;
  if (source !== 'score' && source !== 'total') return [];
  const { scores } = program.agreement;
  const sum = source === 'total' ? scores.length : scores.findIndex(({ id }) => id === path[0]);
  return condition.checks.flatMap(check => (isLowerBound(check) ? [{ sum, least: check.operand }] : []));
}

function onlyFalls({ agreement, rules, disqualify }: Program): boolean {
  return (
    rules.every(falls) &&
    disqualify.every(({ did }) => did === null || did.withinMs === null) &&
    agreement.mql.every(({ when }) => when === null || isMonotone(when))
  );
}

function falls({ evidence, rule }: CompiledRule): boolean {
  if (evidence.kind === 'trait' || evidence.kind === 'cases') return true;
  if (evidence.kind === 'quiet') return evidence.points < 0;
  if (evidence.points > 0) return true;
  const given = rule.evidence;
  return evidence.decay === null && 'windowMs' in given && given.windowMs === null;
}

/** Whether a condition that holds with some scores holds with any higher ones too. */
function isMonotone(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.every(isMonotone);
    case 'not':
      return !readsScores(condition.of);
    case 'field':
      return !readsScores(condition) || condition.checks.every(isLowerBound);
    default:
      return false;
  }
}

function readsScores(condition: Condition): boolean {
  if (condition.kind === 'not') return readsScores(condition.of);
  if (condition.kind !== 'field') return condition.of.some(readsScores);
  return condition.field.source === 'score' || condition.field.source === 'total';
}
