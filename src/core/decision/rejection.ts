import type { Agreement } from '../agreement/agreement.ts';
import { type Refused, refuse } from '../problem.ts';
import { counted } from '../text/number.ts';
import type { Decided, EpisodeFacts } from './decision.ts';
import { takenWords } from './taken.ts';

/** A reason of an agreement for a no. */
export type ReasonEntry = NonNullable<Agreement['practice']['reasons']>[number];

/** What a rep says with a no. Times in epoch ms. */
export interface Rejection {
  readonly reason: string | null;
  readonly note: string | null;
  /** The date that takes the place of the reason's wait; null for none. */
  readonly until: number | null;
  /** Whether another contact was named as the same person. */
  readonly hasDouble: boolean;
  /** The name of the lead's owner, and how many touches of theirs were logged. */
  readonly owner: string | null;
  readonly touches: number;
  readonly now: number;
}

/** How far ahead a rep may set a date, in ms: two years. */
export const MOST_UNTIL_MS = 731 * 86_400_000;

/**
 * Sales rejects the lead with one of the agreement's reasons, which says what becomes of it. Refused, with everything that is
 * wrong, without a valid reason, without what the reason asks for, or unless the episode is open.
 */
export function reject(
  episode: EpisodeFacts,
  agreement: Agreement,
  said: Rejection,
): Decided | readonly [Refused, ...Refused[]] {
  const { now, note, until } = said;
  if (episode.state !== 'open') return [refuse('conflict', takenWords(episode, now, 'rejected'))];
  const reasons = agreement.practice.reasons ?? [];
  const reason = reasons.find(({ id }) => id === said.reason);
  if (reason === undefined) {
    const known = reasons.map(({ id }) => id).join(', ');
    const got = said.reason === null ? 'none was given' : `${JSON.stringify(said.reason)} is not one of them`;
    return [refuse('invalid', `expected one of the agreement's reasons (${known}); ${got}`, 'reason')];
  }
  const [first, ...more] = [...missingOf(reason, said), ...dateProblems(reason, { until, now })];
  if (first !== undefined) return [first, ...more];
  const isOver = reason.then === 'disqualify' || reason.then === 'merge';
  return {
    kind: 'done',
    state: isOver ? 'disqualified' : 'recycled',
    // Of a contact that is joined with another one, what the other says counts.
    stage: reason.then === 'merge' ? 'lead' : isOver ? 'disqualified' : 'nurture',
    decision: 'rejected',
    decidedAt: now,
    endedAt: now,
    reason: reason.id,
    reasonLabel: labelOf(reason),
    note,
    requalifyAt: isOver ? null : (until ?? now + (reason.wait ?? 0)),
    sendTo: reason.then === 'route' ? (reason.route ?? null) : null,
    isKeptFrom: !isOver && reason.sameOwner !== true,
    isMerged: reason.then === 'merge',
    ...(until === null ? {} : { wakeAt: until }),
  };
}

/** What a reason is called. @example labelOf({ id: 'timing', then: 'recycle' }) // 'timing' */
export function labelOf({ label, id }: Pick<ReasonEntry, 'id' | 'label'>): string {
  return label ?? id;
}

function missingOf(reason: ReasonEntry, { note, hasDouble, touches, owner }: Rejection): readonly Refused[] {
  const { attempts } = reason;
  const refusals: Refused[] = [];
  if (reason.note === 'required' && (note === null || note.trim() === ''))
    refusals.push(refuse('invalid', `the reason "${labelOf(reason)}" asks for a note`, 'note'));
  if (attempts !== undefined && touches < attempts)
    refusals.push(
      refuse(
        'invalid',
        `the reason "${labelOf(reason)}" asks for ${counted(attempts, 'touch', 'touches')} of ${
          owner ?? 'the owner'
        }: ${touches} of ${attempts} touches logged`,
        'reason',
      ),
    );
  if (reason.then === 'merge' && !hasDouble)
    refusals.push(
      refuse('invalid', `the reason "${labelOf(reason)}" asks which contact is the same person`, 'mergeWith'),
    );
  if (reason.then !== 'merge' && hasDouble)
    refusals.push(
      refuse(
        'invalid',
        `the reason "${labelOf(reason)}" merges no contacts; leave mergeWith out`,
        'mergeWith',
      ),
    );
  return refusals;
}

function dateProblems(
  reason: ReasonEntry,
  { until, now }: { readonly until: number | null; readonly now: number },
): readonly Refused[] {
  if (until === null) return [];
  if (reason.then !== 'recycle')
    return [refuse('invalid', 'a date goes with reasons that recycle the lead; leave it out', 'until')];
  return checkUntil(until, now) ?? [];
}

/** Checks a date that a rep sets: in the future, and within two years; null where it will do. */
export function checkUntil(until: number, now: number): readonly [Refused] | null {
  if (until <= now) return [refuse('invalid', 'expected a date in the future', 'until')];
  if (until > now + MOST_UNTIL_MS) return [refuse('invalid', 'expected a date within two years', 'until')];
  return null;
}
