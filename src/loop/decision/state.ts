import { type EpisodeHead, episodeState } from '../../contract/shapes.ts';

/** The state that a row names; the database allows no other. */
export function episodeStateOf(state: string): EpisodeHead['state'] {
  return episodeState.parse(state);
}
