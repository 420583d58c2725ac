import type { Agreement } from '../agreement/agreement.ts';
import { labelOf, type ReasonEntry } from '../decision/rejection.ts';
import { type DueStep, stepAfter, trackFor } from './track.ts';

/** What a rejection for a reason would do. Times in epoch ms. */
interface Consequence {
  readonly id: string;
  readonly label: string;
  readonly then: ReasonEntry['then'];
  readonly needsNote: boolean;
  /** Until when the lead is recycled; null where it is not. */
  readonly until: number | null;
  readonly sameOwner: boolean;
  readonly track: { readonly id: string; readonly label: string; readonly first: DueStep } | null;
  readonly team: string | null;
  readonly attempts: { readonly needed: number; readonly logged: number } | null;
  /** Why it would be refused now. */
  readonly refused: string | null;
}

/** What a rejection now would do, for every reason of an agreement. */
export function consequencesOf(
  agreement: Agreement,
  lead: Parameters<typeof trackFor>[2] & { readonly touches: number },
): readonly Consequence[] {
  const { now, touches } = lead;
  return (agreement.practice.reasons ?? []).map((reason): Consequence => {
    const { id, then, attempts } = reason;
    const track = trackFor(agreement, id, lead);
    const first = track === null ? null : stepAfter(track, 0, now);
    const isShort = attempts !== undefined && touches < attempts;
    return {
      id,
      label: labelOf(reason),
      then,
      needsNote: reason.note === 'required',
      until: then === 'recycle' ? now + (reason.wait ?? 0) : null,
      sameOwner: reason.sameOwner === true,
      track:
        track === null || first === null ? null : { id: track.id, label: track.label ?? track.id, first },
      team: then === 'route' ? (reason.route ?? null) : null,
      attempts: attempts === undefined ? null : { needed: attempts, logged: touches },
      refused: isShort ? `${touches} of ${attempts} touches logged` : null,
    };
  });
}
