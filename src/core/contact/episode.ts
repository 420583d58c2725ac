/** How far sales is with a handoff; the last five are ends. */
export const EPISODE_STATES = [
  'open',
  'accepted',
  'opportunity',
  'won',
  'lost',
  'recycled',
  'disqualified',
  'handled',
] as const;
export type EpisodeState = (typeof EPISODE_STATES)[number];

/** Whether a handoff is over, so that nobody works on it. @example isOver('opportunity') // false */
export function isOver(state: EpisodeState): boolean {
  return state !== 'open' && state !== 'accepted' && state !== 'opportunity';
}
