import { type EpisodeState, isOver } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';
import type { Stage } from '../scoring/stage.ts';
import { unreachable } from '../unreachable.ts';
import { takenWords } from './taken.ts';

/** An episode as far as deciding on it needs it; times in epoch ms. */
export interface EpisodeFacts {
  readonly state: EpisodeState;
  readonly handedOffAt: number;
  readonly firstTouchAt: number | null;
  readonly decidedAt: number | null;
  readonly reason: string | null;
  /** Who decided, and what was decided, where somebody did. */
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedBy: string | null;
  readonly reasonLabel: string | null;
  /** Whether a disqualifier sent the lead to a team that is not sales. */
  readonly isForOthers: boolean;
  /** Whether the contact has a later episode; then this one cannot come back. */
  readonly hasSuccessor: boolean;
}

/** What a decision changes. */
export interface Decided {
  readonly kind: 'done';
  readonly state: EpisodeState;
  /** Where the contact stands from then on; null where it is left where it stands. */
  readonly stage: Stage | null;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly reasonLabel: string | null;
  readonly note: string | null;
  readonly requalifyAt: number | null;
  /** The team that a rejection sends the lead to. */
  readonly sendTo: string | null;
  /** When the owner is told to look at the lead again; only where a rejection set a date. */
  readonly wakeAt?: number;
  /** Whether the next handoff goes to somebody else than who rejected it, if it can. */
  readonly isKeptFrom?: boolean;
  /** Whether the contact is to be joined with another one. */
  readonly isMerged?: boolean;
}

/** Sales accepts the lead: it becomes sales qualified. Refused unless the episode is open. */
export function accept(
  episode: EpisodeFacts,
  said: { readonly note: string | null; readonly now: number },
): Decided | Refused {
  if (episode.state !== 'open') return refuse('conflict', takenWords(episode, said.now, 'accepted'));
  return {
    kind: 'done',
    state: 'accepted',
    stage: 'sql',
    decision: 'accepted',
    decidedAt: said.now,
    endedAt: null,
    reason: null,
    reasonLabel: null,
    note: said.note,
    requalifyAt: null,
    sendTo: null,
  };
}

/** Checks the time of an activity: it cannot lie in the future, nor before the handoff. */
export function checkActivity(
  episode: EpisodeFacts,
  said: { readonly at: number; readonly now: number },
): Refused | null {
  if (said.at > said.now) return refuse('invalid', 'an activity cannot lie in the future', 'at');
  if (said.at < episode.handedOffAt)
    return refuse('invalid', 'an activity cannot lie before the handoff', 'at');
  return null;
}

/** What an outcome imported from another system makes of an episode; null when its state forbids it. */
export function applyOutcome(
  state: EpisodeState,
  type: 'accepted' | 'rejected' | 'recycled' | 'opportunity' | 'won' | 'lost',
): { readonly state: EpisodeState; readonly stage: Stage; readonly ends: boolean } | null {
  const isOpen = state === 'open';
  const isWorked = !isOver(state);
  switch (type) {
    case 'accepted':
      return isOpen ? { state: 'accepted', stage: 'sql', ends: false } : null;
    case 'rejected':
    case 'recycled':
      return isOpen ? { state: 'recycled', stage: 'nurture', ends: true } : null;
    case 'opportunity':
      return state === 'open' || state === 'accepted'
        ? { state: 'opportunity', stage: 'opportunity', ends: false }
        : null;
    case 'won':
      return isWorked ? { state: 'won', stage: 'customer', ends: true } : null;
    case 'lost':
      return isWorked ? { state: 'lost', stage: 'nurture', ends: true } : null;
    default:
      return unreachable(type);
  }
}
