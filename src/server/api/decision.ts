import { parseInstant } from '../../core/time/instant.ts';
import { acceptLead, rejectLead, reopenLead } from '../../loop/decision/decision.ts';
import { AppError } from '../../loop/error.ts';
import { logActivity } from '../../loop/followup/activity.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { answer } from './episode.ts';

export const acceptEpisode: Handler<'acceptEpisode'> = async (request, { params, body }) => {
  await acceptLead(request.app, params.id, { note: body.note ?? null }, doing(request));
  return answer(request.app, params.id);
};

export const rejectEpisode: Handler<'rejectEpisode'> = async (request, { params, body }) => {
  await rejectLead(
    request.app,
    params.id,
    { reason: body.reason ?? null, note: body.note ?? null },
    doing(request),
  );
  return answer(request.app, params.id);
};

export const reopenEpisode: Handler<'reopenEpisode'> = async (request, { params }) => {
  await reopenLead(request.app, params.id, doing(request));
  return answer(request.app, params.id);
};

export const addActivity: Handler<'addActivity'> = async (request, { params, body }) => {
  const at = body.at === undefined ? request.now : parseInstant(body.at);
  if (at === null) {
    throw new AppError('invalid', 'at: expected an RFC 3339 date-time', {
      problems: [{ path: 'at', message: 'expected an RFC 3339 date-time' }],
    });
  }
  await logActivity(request.app, params.id, { kind: body.kind, note: body.note ?? null, at }, doing(request));
  return answer(request.app, params.id);
};
