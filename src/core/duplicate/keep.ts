import type { EpisodeState } from '../contact/episode.ts';

/** A contact as far as choosing the one to keep needs it; `createdAt` in epoch ms. */
interface Keepable {
  readonly createdAt: number;
  /** Whether somebody owns the contact. */
  readonly isOwned: boolean;
  /** Its open handoff, and whether somebody owns that; null where there is none. */
  readonly handoff: { readonly state: EpisodeState; readonly isOwned: boolean } | null;
}

/**
 * Which of two contacts should stay when they are joined: the one that sales is further with, of equals the one that has
 * been known for longer, of equals the first.
 *
 * @example whichStays({ createdAt: 5, isOwned: false, handoff: null }, { createdAt: 3, isOwned: false, handoff: null }) // 'b'
 */
export function whichStays(a: Keepable, b: Keepable): 'a' | 'b' {
  const difference = placeOf(a) - placeOf(b);
  if (difference !== 0) return difference > 0 ? 'a' : 'b';
  return b.createdAt < a.createdAt ? 'b' : 'a';
}

const WORKED: readonly EpisodeState[] = ['open', 'accepted', 'opportunity'];

/** How far sales is: nobody has the contact, somebody has; its handoff waits for an owner, or is worked on. */
function placeOf({ isOwned, handoff }: Keepable): number {
  if (handoff === null) return isOwned ? 1 : 0;
  return handoff.isOwned ? 3 + WORKED.indexOf(handoff.state) : 2;
}
