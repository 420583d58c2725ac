import type { Leakage } from '../../contract/report/leakage.ts';
import { leakageReasonOf } from '../../core/report/leakage.ts';

type Step = Leakage['steps'][number];

/** What became of a lead that missed a step. */
type Fate = 'lost' | 'late' | 'agreed';

/**
 * What a reason of the leakage report says of a lead: it was lost; it was touched too late and decided all the same; or
 * it went another way by the agreement, where a disqualifier closed it or sent it to another team.
 *
 * @example fateOf('sent:customer_success') // 'agreed'
 */
export function fateOf(id: string): Fate {
  const reason = leakageReasonOf(id);
  if (reason === 'decided_late_touch') return 'late';
  return reason === 'sent' || reason === 'closed' ? 'agreed' : 'lost';
}

/** How many leads missed these steps, by what became of them. */
export function lossesOf(steps: readonly Pick<Step, 'reasons'>[]): Readonly<Record<Fate, number>> {
  const reasons = steps.flatMap(step => step.reasons);
  const sum = (fate: Fate) =>
    reasons.reduce((total, { id, count }) => (fateOf(id) === fate ? total + count : total), 0);
  return { lost: sum('lost'), late: sum('late'), agreed: sum('agreed') };
}

/** The name of a step; the last one has only those that missed none. */
export function stepLabel({ id, label }: Pick<Step, 'id' | 'label'>): string {
  return id === 'decided' ? DECIDED_WORDS : label;
}

/** What the last step is called: decided leads that were touched too late are not in it. */
export const DECIDED_WORDS = 'Decided, touched in time';
