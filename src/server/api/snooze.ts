import { snoozeLead, wakeLead } from '../../loop/followup/snooze.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { mustFindEpisode } from './episode.ts';

/** Hides a lead from its owner's queue until a time; answers with the episode. */
export const snoozeEpisode: Handler<'snoozeEpisode'> = async (request, { params, body }) => {
  const said = { until: readGiven(body.until), note: body.note ?? null };
  await snoozeLead(request.app, params.id, said, doing(request, 'snoozeEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Brings a lead back into its owner's queue; answers with the episode. */
export const wakeEpisode: Handler<'wakeEpisode'> = async (request, { params }) => {
  await wakeLead(request.app, params.id, doing(request, 'wakeEpisode'));
  return mustFindEpisode(request, params.id);
};
