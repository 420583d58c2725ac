import { type Refused, refuse } from '../problem.ts';

/** What came of an attempt to reach somebody. */
export const ACTIVITY_OUTCOMES = [
  'connected',
  'no_answer',
  'left_message',
  'wrong_number',
  'bounced',
  'replied',
] as const;
export type ActivityOutcome = (typeof ACTIVITY_OUTCOMES)[number];

/**
 * Whether an activity is a touch: a call, a mail, a meeting or a message by a person, whatever came of it. A note does not
 * count, nor does what a program did of itself.
 *
 * @example isTouch({ kind: 'call', automated: false }) // true
 * @example isTouch({ kind: 'note', automated: false }) // false
 */
export function isTouch({
  kind,
  automated,
}: {
  readonly kind: string;
  readonly automated: boolean;
}): boolean {
  return kind !== 'note' && !automated;
}

/**
 * Checks what is said of an activity: a note has no outcome.
 *
 * @example checkOutcome({ kind: 'call', outcome: 'no_answer' }) // null
 */
export function checkOutcome({
  kind,
  outcome,
}: {
  readonly kind: string;
  readonly outcome: ActivityOutcome | null;
}): Refused | null {
  return kind === 'note' && outcome !== null
    ? refuse('invalid', 'a note has no outcome; log a call, an e-mail, a meeting or a message', 'outcome')
    : null;
}
