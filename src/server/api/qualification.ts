import { answerLead } from '../../loop/qualification/answer.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { mustFindEpisode } from './episode.ts';

/** Saves answers about a lead; answers with the episode as it is from then on. */
export const saveQualification: Handler<'saveQualification'> = async (request, { params, body }) => {
  await answerLead(request.app, params.id, body.answers, doing(request, 'saveQualification'));
  return mustFindEpisode(request, params.id);
};
