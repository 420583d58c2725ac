import type { EpisodeState } from '../contact/episode.ts';
import { type Refused, refuse } from '../problem.ts';
import { DAY_MS } from '../time/duration.ts';
import { formatInstant } from '../time/instant.ts';
import { type Clock, type ClockFacts, clockAt, dueAfterRest, dueAfterResume, pauseAt } from './clock.ts';

/** The furthest end of a pause, in ms: a lead that waits for longer is one to recycle. */
export const LONGEST_PAUSE_MS = 366 * DAY_MS;

/** What a pause, or its end, makes of a clock. */
interface Moved {
  readonly kind: 'moved';
  readonly dueAt: number;
}

/**
 * Pauses the clock of a decision; refused where there is none, or it has stopped, is missed or is paused already, and
 * without a reason and an end that lies ahead.
 */
export function pause(
  facts: ClockFacts | null,
  said: {
    readonly state: EpisodeState;
    readonly reason: string;
    readonly until: number;
    readonly now: number;
  },
): Moved | Refused {
  const { state, reason, until, now } = said;
  if (facts === null) return refuse('conflict', 'no clock runs for the decision: the agreement sets none');
  const clock = clockAt(facts, now);
  const because = whyNotPaused(clock, state);
  if (because !== null) return refuse('conflict', because);
  if (reason.trim() === '') return refuse('invalid', 'expected a reason: what is waited for', 'reason');
  if (until <= now) return refuse('invalid', 'expected an end in the future', 'until');
  if (until > now + LONGEST_PAUSE_MS)
    return refuse('invalid', 'expected an end at most 366 days ahead; recycle the lead instead', 'until');
  return { kind: 'moved', dueAt: dueAfterRest(facts, { from: now, until }) };
}

function whyNotPaused({ state, dueAt, pausedUntil }: Clock, episode: EpisodeState): string | null {
  switch (state) {
    case 'missed':
      return `the decision was due at ${formatInstant(dueAt)}; a missed clock cannot be paused`;
    case 'kept':
      return `the lead is ${episode}; the clock of its decision has stopped`;
    case 'paused':
      return `the clock is paused until ${formatInstant(pausedUntil ?? dueAt)} already; resume it first`;
    default:
      return null;
  }
}

/** Ends the pause of a clock now: it is due when what was left has passed. Refused while it is not paused. */
export function resume(facts: ClockFacts | null, now: number): Moved | Refused {
  const running = facts === null || facts.stoppedAt !== null ? null : pauseAt(facts, now);
  if (facts === null || running === null)
    return refuse('conflict', 'the clock of the decision is not paused');
  return { kind: 'moved', dueAt: dueAfterResume(facts, { until: running.until, now }) };
}
