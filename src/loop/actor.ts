import type { Role } from '../contract/role.ts';

/** Who does something to an episode, and when; epoch ms. */
export interface Doing {
  readonly actor: string;
  /** The person who does it; null for an API key. */
  readonly userId?: string | null;
  /** Without one the doer is Baton itself, which may do anything. */
  readonly role?: Role;
  readonly now: number;
}

/** When an entry of the journal happened, and who did it. */
export function doneBy({ actor, now }: Doing) {
  return { at: now, by: actor };
}
