import type { EpisodeState } from '../contact/episode.ts';
import { spanWords } from '../time/span.ts';

/** An episode that somebody has decided on, as far as it is known. */
interface Taken {
  readonly state: EpisodeState;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly reasonLabel: string | null;
}

/** Until when a conflict says how long ago the other decision was, in ms; later ones are old news. */
const JUST_NOW_MS = 24 * 3_600_000;

/**
 * Why a lead that somebody has decided on already cannot be decided on once more: who, when and what, where that is known.
 *
 * @example takenWords({ state: 'recycled', decision: 'rejected', decidedBy: 'Ann', decidedAt: 0, reasonLabel: 'Bad timing' }, 2000, 'accepted') // 'Ann rejected it 2 seconds ago: Bad timing; only an open one can be accepted'
 */
export function takenWords(episode: Taken, now: number, asked: string): string {
  const { state, decision, decidedBy, decidedAt, reasonLabel } = episode;
  const rule = `only an open one can be ${asked}`;
  const done = state === 'handled' ? 'was done with' : decision;
  if (decidedBy === null || decidedAt === null || done === null)
    return `the lead is ${state} already; ${rule}`;
  const ago = now - decidedAt;
  const when = ago >= JUST_NOW_MS ? 'before' : ago < 1000 ? 'just now' : `${spanWords(roughly(ago))} ago`;
  const why = reasonLabel === null ? '' : `: ${reasonLabel}`;
  return `${decidedBy} ${done} it ${when}${why}; ${rule}`;
}

/** A span to its largest unit. */
function roughly(ms: number): number {
  const unit = [3_600_000, 60_000, 1000].find(size => ms >= size) ?? 1000;
  return Math.floor(ms / unit) * unit;
}
