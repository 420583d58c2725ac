import type { Agreement } from '../agreement/agreement.ts';
import { type EpisodeState, isOver } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';
import type { Stage } from '../scoring/stage.ts';
import { unreachable } from '../unreachable.ts';

/** An episode as far as deciding on it needs it; times in epoch ms. */
export interface EpisodeFacts {
  readonly state: EpisodeState;
  readonly handedOffAt: number;
  readonly firstTouchAt: number | null;
  readonly decidedAt: number | null;
  readonly reason: string | null;
  /** Whether the contact has a later episode; then this one cannot come back. */
  readonly hasSuccessor: boolean;
}

/** What a decision changes. */
export interface Decided {
  readonly kind: 'done';
  readonly state: EpisodeState;
  readonly stage: Stage;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly reasonLabel: string | null;
  readonly note: string | null;
  readonly requalifyAt: number | null;
  /** The team that a rejection sends the lead to. */
  readonly sendTo: string | null;
}

/** Sales accepts the lead: it becomes sales qualified. Refused unless the episode is open. */
export function accept(
  episode: EpisodeFacts,
  said: { readonly note: string | null; readonly now: number },
): Decided | Refused {
  if (episode.state !== 'open')
    return refuse('conflict', `the lead is ${episode.state} already; only an open one can be accepted`);
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

/**
 * Sales rejects the lead with one of the agreement's reasons, which says what becomes of it. Refused without a valid
 * reason, without the note a reason asks for, or unless the episode is open.
 */
export function reject(
  episode: EpisodeFacts,
  agreement: Agreement,
  said: { readonly reason: string | null; readonly note: string | null; readonly now: number },
): Decided | Refused {
  if (episode.state !== 'open')
    return refuse('conflict', `the lead is ${episode.state} already; only an open one can be rejected`);
  const reasons = agreement.practice.reasons ?? [];
  const reason = reasons.find(({ id }) => id === said.reason);
  if (reason === undefined) {
    const known = reasons.map(({ id }) => id).join(', ');
    const got = said.reason === null ? 'none was given' : `${JSON.stringify(said.reason)} is none of them`;
    return refuse('invalid', `expected one of the agreement's reasons (${known}); ${got}`, 'reason');
  }
  if (reason.note === 'required' && (said.note === null || said.note.trim() === '')) {
    return refuse('invalid', `the reason "${reason.label ?? reason.id}" asks for a note`, 'note');
  }
  const isOver = reason.then === 'disqualify' || reason.then === 'merge';
  return {
    kind: 'done',
    state: isOver ? 'disqualified' : 'recycled',
    stage: isOver ? 'disqualified' : 'nurture',
    decision: 'rejected',
    decidedAt: said.now,
    endedAt: said.now,
    reason: reason.id,
    reasonLabel: reason.label ?? reason.id,
    note: said.note,
    requalifyAt: isOver ? null : said.now + (reason.wait ?? 0),
    sendTo: reason.then === 'route' ? (reason.route ?? null) : null,
  };
}

/** Takes an acceptance or rejection back. Refused when nothing was decided, sales went on, or a new episode exists. */
export function reopen(episode: EpisodeFacts): Decided | Refused {
  const isDecided =
    episode.state === 'accepted' || episode.state === 'recycled' || episode.state === 'disqualified';
  if (!isDecided)
    return refuse(
      'conflict',
      `the lead is ${episode.state}; only an accepted or rejected one can be reopened`,
    );
  // Closed by a disqualifier, or as the double of another open handoff: there is no decision to take back.
  if (episode.decidedAt === null)
    return refuse('conflict', `nobody decided on this lead; it was closed as ${episode.state}`);
  if (episode.hasSuccessor)
    return refuse('conflict', 'the lead has been handed over again since; work that handoff instead');
  return {
    kind: 'done',
    state: 'open',
    stage: 'mql',
    decision: null,
    decidedAt: null,
    endedAt: null,
    reason: null,
    reasonLabel: null,
    note: null,
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
