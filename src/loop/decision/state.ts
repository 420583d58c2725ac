import { episodeState } from '../../contract/api/episode.ts';
import type { EpisodeState } from '../../core/contact/episode.ts';

/** The state that a row names; the database allows no other. */
export function episodeStateOf(state: string): EpisodeState {
  return episodeState.parse(state);
}
