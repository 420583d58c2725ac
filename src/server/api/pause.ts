import { pauseDecision, resumeDecision } from '../../loop/followup/pause.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { mustFindEpisode } from './episode.ts';

/** Pauses the clock of a decision; answers with the episode. */
export const pauseEpisode: Handler<'pauseEpisode'> = async (request, { params, body }) => {
  const until = readGiven(body.until);
  await pauseDecision(request.app, params.id, { reason: body.reason, until }, doing(request, 'pauseEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Ends the pause of a decision's clock; answers with the episode. */
export const resumeEpisode: Handler<'resumeEpisode'> = async (request, { params }) => {
  await resumeDecision(request.app, params.id, doing(request, 'resumeEpisode'));
  return mustFindEpisode(request, params.id);
};
