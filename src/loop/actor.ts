import type { RemitScope } from '../core/routing/remit.ts';

/** Who does something, and when; epoch ms. */
export interface Doing {
  readonly actor: string;
  /** The person who does it; null for an API key. */
  readonly userId?: string | null;
  /** How far they may go; without it the doer is Baton itself, which may do anything. */
  readonly scope?: RemitScope;
  readonly now: number;
}

/** When an entry of the journal happened, and who did it. */
export function doneBy({ actor, now }: Doing) {
  return { at: now, by: actor };
}
