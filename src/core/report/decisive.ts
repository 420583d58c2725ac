import type { Line } from '../scoring/line.ts';
import type { Program } from '../scoring/program.ts';
import { pathDespite, type Subject, sumsWith } from '../scoring/score.ts';

/** What the rules of an agreement did for one handoff, by their ids in the order of the agreement. */
export interface RuleEffects {
  /** The rules with a line in its breakdown. */
  readonly fired: readonly string[];
  /** Those of them without whose points the lead would not have qualified by any path. */
  readonly decisive: readonly string[];
}

/** The effects where there was no score. */
export const NO_EFFECTS: RuleEffects = { fired: [], decisive: [] };

/** The breakdown of a handoff as it was frozen. */
export interface FrozenScore {
  readonly lines: readonly Pick<Line, 'rule' | 'points'>[];
  /** The path by which the lead qualified; null where it met none, or where a disqualifier closed it or sent it elsewhere. */
  readonly qualifies: string | null;
}

/**
 * Works out what the rules did for a handoff. The points of one rule at a time are taken away, the bounds of groups and
 * scores are applied anew, and every path is tried again; what a path asks beside scores is asked of `subject` at `t` (epoch
 * ms) as before. Nothing is decisive where the lead meets no path with all points either: it was opened by hand, or the
 * subject is less than was known then. Without a subject (null), only what fired can be said.
 */
export function effectsOf(
  program: Program,
  { lines, qualifies }: FrozenScore,
  { subject, t }: { readonly subject: Subject | null; readonly t: number },
): RuleEffects {
  const given = new Map(lines.map(({ rule, points }) => [rule, points]));
  const points = program.rules.map(({ rule }) => given.get(rule.id) ?? 0);
  const fired = program.rules.filter(({ index }) => points[index] !== 0);
  const idsOf = (rules: typeof fired) => rules.map(({ rule }) => rule.id);
  if (subject === null || qualifies === null) return { fired: idsOf(fired), decisive: [] };
  const meetsPath = (by: readonly number[]) =>
    pathDespite(program, { subject, t, sums: sumsWith(program, by) }) !== null;
  const meetsWithout = (rule: number) =>
    meetsPath(points.map((value, index) => (index === rule ? 0 : value)));
  const decisive = meetsPath(points) ? fired.filter(({ index }) => !meetsWithout(index)) : [];
  return { fired: idsOf(fired), decisive: idsOf(decisive) };
}
