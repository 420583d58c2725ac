import type { EndpointName } from '../contract/api.ts';
import type { Review } from './app.ts';
import { reviewTeam, reviewWhatIf } from './stranger.ts';

/** The reviews there are, by endpoint. */
export const reviews: { readonly [Name in EndpointName]?: Review } = {
  saveTeam: reviewTeam,
  askWhatIf: reviewWhatIf,
};
