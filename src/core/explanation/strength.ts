import type { Agreement } from '../agreement/agreement.ts';
import type { Condition } from '../condition/condition.ts';

/** How strong a score is, in a word. */
type Strength = 'strong' | 'good' | 'fair' | 'weak' | 'poor';

/**
 * How strong a value of a score is: by its grade where the agreement has grades, else by its share of the score's max,
 * else by what the paths ask for, else by what the rules can give. Below zero it is poor.
 */
export function strengthOf(agreement: Agreement, score: string, value: number): Strength {
  if (value < 0) return 'poor';
  const grade = agreement.grades.find(entry => entry.score === score);
  if (grade !== undefined) {
    const place = grade.bands.findIndex(band => value >= band.from);
    return place === -1 ? 'weak' : place === 0 ? 'strong' : place === 1 ? 'good' : 'fair';
  }
  const max = agreement.scores.find(({ id }) => id === score)?.max ?? null;
  if (max !== null) return byShare(value, max);
  const asked = Math.max(0, ...agreement.mql.flatMap(({ when }) => thresholds(when, score)));
  if (asked > 0) return value >= asked ? 'strong' : value >= asked / 2 ? 'good' : byShare(value, asked);
  return byShare(value, mostGiven(agreement, score));
}

function byShare(value: number, most: number): Strength {
  if (value >= most * 0.66) return value > 0 ? 'strong' : 'weak';
  return value >= most * 0.4 ? 'good' : value >= most * 0.15 ? 'fair' : 'weak';
}

function thresholds(condition: Condition | null, score: string): readonly number[] {
  if (condition === null || condition.kind === 'not') return [];
  if (condition.kind !== 'field') return condition.of.flatMap(part => thresholds(part, score));
  const { field, checks } = condition;
  if (field.source !== 'score' || field.path[0] !== score) return [];
  return checks.flatMap(check =>
    check.op === 'compare' && (check.by === 'gte' || check.by === 'gt') ? [check.operand] : [],
  );
}

function mostGiven({ rules }: Agreement, score: string): number {
  return rules
    .filter(rule => rule.score === score)
    .reduce((sum, { evidence }) => {
      const most =
        evidence.kind === 'cases'
          ? Math.max(0, ...evidence.cases.map(({ points }) => points))
          : evidence.points;
      return sum + Math.max(0, most);
    }, 0);
}
