import type { EpisodeState } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';
import { oneLine } from '../text/safe.ts';

/** Two contacts that may be one person, as far as deciding on them needs it. */
interface Pair {
  readonly state: 'open' | 'merged' | 'apart';
  readonly decidedBy: string | null;
  /** The names of those of the two that were joined with another contact. */
  readonly gone: readonly string[];
}

/** How much of a name is shown. */
const MAX_NAME = 60;

/**
 * Checks that a person may say whether two contacts are one: nobody has said it yet, and both are still there.
 *
 * @example checkReview({ state: 'open', decidedBy: null, gone: [] }) // null
 */
export function checkReview({ state, decidedBy, gone }: Pair): Refused | null {
  if (state !== 'open') {
    const what = state === 'merged' ? 'merged the two' : 'kept the two apart';
    return refuse('conflict', `${decidedBy ?? 'somebody'} has ${what} already`);
  }
  const [name] = gone;
  return name === undefined
    ? null
    : refuse('conflict', `${oneLine(name, MAX_NAME)} was joined with another contact meanwhile`);
}

/**
 * Checks that it may be taken back that two contacts are two people.
 *
 * @example checkReopening('apart') // null
 */
export function checkReopening(state: Pair['state']): Refused | null {
  if (state === 'open') return refuse('conflict', 'nobody has decided on the two yet');
  return state === 'merged'
    ? refuse('conflict', 'the two were merged; undo the merge to have both back')
    : null;
}

/** A merge as far as undoing it needs it. */
interface Merge {
  /** Whether a person decided on it; else both had the same address or id. */
  readonly isReviewed: boolean;
  /** Who has undone it, if somebody has. */
  readonly undone: { readonly by: string | null } | null;
  /** The name of the contact that the one that stayed was itself joined with since. */
  readonly joinedInto: string | null;
  /** The handoff that was left of two open ones, if it went on since. */
  readonly movedOn: {
    readonly label: string;
    readonly state: EpisodeState;
    readonly decidedBy: string | null;
  } | null;
}

/**
 * Checks that a merge can be undone: a person decided on it, and what happened since can be told apart.
 *
 * @example checkUndo({ isReviewed: true, undone: null, joinedInto: null, movedOn: null }) // null
 */
export function checkUndo({ isReviewed, undone, joinedInto, movedOn }: Merge): Refused | null {
  if (undone !== null) return refuse('conflict', `${undone.by ?? 'somebody'} has undone this merge already`);
  if (!isReviewed) return refuse('conflict', 'both had the same address or id; this merge cannot be undone');
  if (joinedInto !== null) {
    const name = oneLine(joinedInto, MAX_NAME);
    return refuse(
      'conflict',
      `the contact that stayed was itself joined with ${name} since; undo that first`,
    );
  }
  if (movedOn === null) return null;
  const { label, state, decidedBy } = movedOn;
  const handoff = oneLine(label, MAX_NAME);
  const who = decidedBy === null ? '' : ` by ${oneLine(decidedBy, MAX_NAME)}`;
  return refuse(
    'conflict',
    `both had an open handoff, and the one that was left (${handoff}) is ${state}${who} since: it cannot be told whose it is`,
  );
}
