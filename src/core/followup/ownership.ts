import { type EpisodeState, isOver } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';

/**
 * Checks that a lead may be given to somebody: there is something left to work on, and they do not have it already.
 *
 * @example checkMove({ state: 'open', owner: null }, 'ann') // null
 */
export function checkMove(
  lead: {
    readonly state: EpisodeState;
    readonly owner: { readonly id: string; readonly name: string } | null;
  },
  toId: string,
): Refused | null {
  const { state, owner } = lead;
  if (isOver(state)) return refuse('conflict', `the lead is ${state}; there is nothing to work on`);
  return owner?.id === toId ? refuse('conflict', `${owner.name} has the lead already`) : null;
}

/**
 * Checks that a lead may be handed back: it is open and owned.
 *
 * @example checkHandback({ state: 'open', ownerId: 'ann' }) // null
 */
export function checkHandback({
  state,
  ownerId,
}: {
  readonly state: EpisodeState;
  readonly ownerId: string | null;
}): Refused | null {
  if (state !== 'open')
    return refuse('conflict', `the lead is ${state}; only an open one can be handed back`);
  return ownerId === null ? refuse('conflict', 'nobody owns the lead; it cannot be handed back') : null;
}
