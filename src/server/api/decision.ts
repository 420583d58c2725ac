import { acceptLead, rejectLead, reopenLead } from '../../loop/decision/decision.ts';
import { logActivity } from '../../loop/followup/activity.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { mustFindEpisode } from './episode.ts';

/** Accepts an episode; answers with it as it is from then on. */
export const acceptEpisode: Handler<'acceptEpisode'> = async (request, { params, body }) => {
  await acceptLead(request.app, params.id, { note: body.note ?? null }, doing(request, 'acceptEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Rejects an episode with a reason of its agreement; answers with it as it is from then on. */
export const rejectEpisode: Handler<'rejectEpisode'> = async (request, { params, body }) => {
  await rejectLead(
    request.app,
    params.id,
    { reason: body.reason ?? null, note: body.note ?? null },
    doing(request, 'rejectEpisode'),
  );
  return mustFindEpisode(request, params.id);
};

/** Takes a decision back; answers with the episode, which is open again. */
export const reopenEpisode: Handler<'reopenEpisode'> = async (request, { params }) => {
  await reopenLead(request.app, params.id, doing(request, 'reopenEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Notes what was done for a lead, now or at the time given; answers with the episode. */
export const addActivity: Handler<'addActivity'> = async (request, { params, body }) => {
  const at = body.at === undefined ? request.now : readGiven(body.at);
  await logActivity(
    request.app,
    params.id,
    {
      kind: body.kind,
      note: body.note ?? null,
      outcome: body.outcome ?? null,
      automated: body.automated ?? false,
      at,
    },
    doing(request, 'addActivity'),
  );
  return mustFindEpisode(request, params.id);
};
