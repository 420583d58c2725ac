import type { Happening } from '../../core/condition/event.ts';
import type { ProfileFact } from '../../core/contact/profile.ts';

/** What is new about a contact. Times in epoch ms; `facts` are the new ones, unless everything must be folded anew. */
export interface Change {
  readonly facts: readonly ProfileFact[];
  readonly mustRefold: boolean;
  /** The earliest creation that anything new tells of. */
  readonly createdAt: number | null;
  readonly lastSeenAt: number | null;
  /** New events of a person, already stored. */
  readonly events: readonly Happening[];
  /** Whether the contact was made by this very change. */
  readonly isNew: boolean;
  /** The instant to evaluate at. */
  readonly now: number;
}

/** A contact that only time has passed for. */
export function noChange(now: number): Change {
  return {
    facts: [],
    mustRefold: false,
    createdAt: null,
    lastSeenAt: null,
    events: [],
    isNew: false,
    now,
  };
}

/** Contacts that only time has passed for. */
export function noChanges(ids: readonly string[], now: number): ReadonlyMap<string, Change> {
  return new Map(ids.map(id => [id, noChange(now)]));
}

/** Whether anything of the contact's own row may be new. */
export function isTouched(change: Change | undefined): boolean {
  return (
    isTold(change) || (change !== undefined && (change.createdAt !== null || change.lastSeenAt !== null))
  );
}

/** Whether anything new was said of the profile. */
export function isTold(change: Change | undefined): boolean {
  return change !== undefined && (change.mustRefold || change.facts.length > 0);
}
