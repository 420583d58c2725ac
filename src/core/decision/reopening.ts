import { type Refused, refuse } from '../problem.ts';
import type { Decided, EpisodeFacts } from './decision.ts';
import { takenWords } from './taken.ts';

/** For how long who works on a lead may take a decision back, in ms; later a manager can. */
export const UNDO_MS = 24 * 3_600_000;

/** How long a team that is done with a lead is left alone with it, in ms, unless a path overrides the wait. */
export const REST_MS = 30 * 86_400_000;

const NOTHING = {
  kind: 'done',
  decision: null,
  decidedAt: null,
  endedAt: null,
  reason: null,
  reasonLabel: null,
  note: null,
  requalifyAt: null,
  sendTo: null,
} as const;

/**
 * Takes an acceptance, a rejection or a “done” back. Refused when nothing was decided, sales went on, or a new episode
 * exists; and for a rep once a day has passed: managers and admins may override later.
 */
export function reopen(
  episode: EpisodeFacts,
  by: { readonly now: number; readonly isManager: boolean },
): Decided | Refused {
  const { state, decidedAt } = episode;
  const isDecided =
    state === 'accepted' || state === 'recycled' || state === 'disqualified' || state === 'handled';
  if (!isDecided)
    return refuse('conflict', `the lead is ${state}; only an accepted or rejected one can be reopened`);
  // Closed by a disqualifier, or as the double of another open handoff: there is no decision to take back.
  if (decidedAt === null) return refuse('conflict', `nobody decided on this lead; it was closed as ${state}`);
  if (episode.hasSuccessor)
    return refuse('conflict', 'the lead has been handed over again since; work that handoff instead');
  if (!by.isManager && by.now - decidedAt > UNDO_MS)
    return refuse(
      'forbidden',
      'The decision is more than a day old. A manager or an admin can take it back; you can open a new handoff.',
    );
  return { ...NOTHING, state: 'open', stage: state === 'handled' ? null : 'mql' };
}

/**
 * A team that is not sales is done with a lead that a disqualifier sent to it: no decision on its quality, and where the
 * contact stands is left alone. Refused for leads of sales, and unless the episode is open.
 */
export function finish(
  episode: EpisodeFacts,
  said: { readonly note: string | null; readonly now: number },
): Decided | Refused {
  if (episode.state !== 'open') return refuse('conflict', takenWords(episode, said.now, 'done with'));
  if (!episode.isForOthers)
    return refuse('conflict', 'this is a lead of sales: accept it, or reject it with a reason');
  const { now, note } = said;
  return {
    ...NOTHING,
    state: 'handled',
    stage: null,
    decidedAt: now,
    endedAt: now,
    note,
    requalifyAt: now + REST_MS,
  };
}

/**
 * Checks that a person may open a new handoff for a lead by hand: its last one ended, and sales does not have it for good.
 *
 * @example checkRequalify({ state: 'recycled', hasSuccessor: false }) // null
 */
export function checkRequalify({
  state,
  hasSuccessor,
}: Pick<EpisodeFacts, 'state' | 'hasSuccessor'>): Refused | null {
  if (hasSuccessor)
    return refuse('conflict', 'the lead has been handed over again since; work that handoff instead');
  if (state === 'recycled' || state === 'lost' || state === 'handled') return null;
  if (state === 'disqualified')
    return refuse('conflict', 'the lead was disqualified; take that decision back first');
  return refuse('conflict', `the lead is ${state}; a new handoff opens once this one has ended`);
}
