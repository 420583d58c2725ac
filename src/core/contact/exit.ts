import { unreachable } from '../unreachable.ts';

/** Why a lead has left a track. */
export const EXITS = [
  'finished',
  'stopped',
  'handed_over',
  'disqualified',
  'reopened',
  'merged',
  'event',
  'reply',
  'bounce',
  'unsubscribed',
  'refused',
] as const;
export type ExitCause = (typeof EXITS)[number];

/** Why a lead leaves a track, and what there is to say of it: the name of the event, or why a mail was refused. */
export interface Exit {
  readonly because: ExitCause;
  readonly note: string | null;
}

/**
 * Why a lead left a track, in words.
 *
 * @example exitWords({ because: 'event', note: 'Pricing Viewed' }) // 'they did “Pricing Viewed”'
 */
export function exitWords({ because, note }: Exit): string {
  switch (because) {
    case 'finished':
      return 'every step is done';
    case 'stopped':
      return note === null ? 'somebody stopped it' : `somebody stopped it: ${note}`;
    case 'handed_over':
      return 'the lead was handed over again';
    case 'disqualified':
      return note === null ? 'the lead is disqualified' : `the lead is disqualified: ${note}`;
    case 'reopened':
      return 'the decision was taken back';
    case 'merged':
      return 'the contact was joined with another one';
    case 'event':
      return `they did “${note ?? 'what ends the track'}”`;
    case 'reply':
      return 'they replied';
    case 'bounce':
      return 'a mail came back: the address takes none';
    case 'unsubscribed':
      return 'they want no more mail';
    case 'refused':
      return `a step could not be done: ${note ?? 'it was refused for good'}`;
    default:
      return unreachable(because);
  }
}
