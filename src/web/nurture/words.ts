import dayjs from 'dayjs';
import type { Consequence } from '../../contract/api/decision.ts';
import type { NurtureState } from '../../contract/api/nurture.ts';
import { capital, nameWords } from '../../core/condition/words.ts';
import { teamName } from '../../core/text/name.ts';
import { spanWords } from '../../core/time/span.ts';
import { unreachable } from '../../core/unreachable.ts';

/** A day as pages write it. */
export function nurtureDay(at: string | null): string {
  return at === null ? 'no date' : dayjs(at).format('D MMM YYYY');
}

type Step = Pick<NurtureState['steps'][number], 'kind' | 'name'>;

/** What a step of a track does. */
export function nextStepWords({ kind, name }: Step): string {
  switch (kind) {
    case 'email':
      return `mail “${nameWords(name ?? '')}”`;
    case 'webhook':
      return `webhook “${name ?? ''}”`;
    case 'wait':
      return 'pause';
    default:
      return unreachable(kind);
  }
}

/** The same as the beginning of a sentence. @example trackStepWords({ kind: 'wait', name: null }) // 'Pause' */
export function trackStepWords(step: Step): string {
  return capital(nextStepWords(step));
}

type Standing = Pick<NurtureState['steps'][number], 'kind' | 'state' | 'at' | 'waitMs'>;

/**
 * What became of a step, or when it comes; when it was done follows.
 *
 * @example stepStateWords({ kind: 'email', state: 'later', at: null, waitMs: 86_400_000 }) // '1 day after the one before'
 */
export function stepStateWords({ kind, state, at, waitMs }: Standing): string {
  switch (state) {
    case 'done':
      // A mail may still wait for the mail server; what became of it stands with the mails.
      return kind === 'wait' ? 'over' : 'done';
    case 'refused':
      return 'not done';
    case 'next':
      return `next, on ${nurtureDay(at)}`;
    case 'later':
      return `${spanWords(waitMs)} after the one before`;
    case 'never':
      return 'not any more';
    default:
      return unreachable(state);
  }
}

/** What a rejection for a reason does, before it is done. */
export function consequenceWords(of: Consequence): string {
  const touches =
    of.attempts === null ? '' : ` ${of.attempts.logged} of ${of.attempts.needed} touches logged.`;
  return `${deedWords(of)}${touches}`;
}

function deedWords({ then, until, track, team, sameOwner }: Consequence): string {
  switch (then) {
    case 'recycle': {
      const wait = `Recycled until ${nurtureDay(until)}, then back when something new happens.`;
      const gets =
        track === null
          ? ''
          : ` Track ${track.label}: ${nextStepWords(track.first)} on ${nurtureDay(track.first.at)}.`;
      return `${wait}${gets}${sameOwner ? '' : ' The next handoff goes to somebody else if it can.'}`;
    }
    case 'disqualify':
      return 'Disqualified: not handed over again.';
    case 'merge':
      return 'Merged with the contact that you choose, and closed; it can be undone.';
    case 'route':
      return `Goes to ${team === null ? 'another team' : `the team ${teamName(team)}`} instead, as a new handoff.`;
    default:
      return unreachable(then);
  }
}
