import type { Path } from '../../core/agreement/agreement.ts';
import type { Check, Condition } from '../../core/condition.ts';
import { figure } from '../number.ts';
import { conditionWords, type Spelling } from './condition.ts';
import { capital, pathWords } from './rule.ts';
import type { Breakdown } from './score.ts';

/** One thing a path asks for: met, not met, or not to be told from the score alone (`open`). */
export interface Demand {
  readonly words: string;
  readonly standing: 'met' | 'missing' | 'open';
}

/** What a path asks for and how a score stands to it; only what compares scores can be told. */
export function demandsOf(path: Path, score: Breakdown, spelling: Spelling): readonly Demand[] {
  const { when } = path;
  const parts = when === null ? [] : when.kind === 'all' && when.of.length > 0 ? when.of : [when];
  const demands = parts.map(part => demandOf(part, score, spelling));
  const did = pathWords({ ...path, when: null }, spelling).map(
    (words): Demand => ({ words, standing: 'open' }),
  );
  return [...demands, ...did];
}

function demandOf(part: Condition, score: Breakdown, spelling: Spelling): Demand {
  const words = capital(conditionWords(part, spelling));
  const value = valueIn(part, score);
  if (part.kind !== 'field' || value === null) return { words, standing: 'open' };
  const holds = part.checks.map(check => holdsFor(check, value));
  if (holds.includes(null)) return { words, standing: 'open' };
  const standing = holds.every(held => held === true) ? 'met' : 'missing';
  return { words: standing === 'met' ? words : `${words} (now ${figure(value)})`, standing };
}

function valueIn(part: Condition, score: Breakdown): number | null {
  if (part.kind !== 'field') return null;
  if (part.field.source === 'total') return score.total;
  return part.field.source === 'score' ? (score.scores[part.field.path.join('.')] ?? null) : null;
}

function holdsFor(check: Check, value: number): boolean | null {
  if (check.op !== 'compare' || check.as !== 'number') return null;
  switch (check.by) {
    case 'gt':
      return value > check.operand;
    case 'gte':
      return value >= check.operand;
    case 'lt':
      return value < check.operand;
    case 'lte':
      return value <= check.operand;
  }
}
