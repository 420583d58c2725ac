import { closeInstant } from '../../contract/api/opportunity.ts';
import { correctDeal, dropDeal, moveDeal, openDeal, reopenDeal } from '../../loop/opportunity/opportunity.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { mustFindEpisode } from './episode.ts';

/** Opens the opportunity of an accepted lead; answers with the episode. */
export const openOpportunity: Handler<'openOpportunity'> = async (request, { params, body }) => {
  const { expectedCloseAt: day, ...said } = body;
  await openDeal(
    request.app,
    params.id,
    { ...said, expectedCloseAt: closeOf(day) },
    doing(request, 'openOpportunity'),
  );
  return mustFindEpisode(request, params.id);
};

/** Corrects what is known of an opportunity; answers with the episode. */
export const correctOpportunity: Handler<'correctOpportunity'> = async (request, { params, body }) => {
  const { expectedCloseAt: day, ...said } = body;
  await correctDeal(
    request.app,
    params.id,
    { ...said, expectedCloseAt: closeOf(day) },
    doing(request, 'correctOpportunity'),
  );
  return mustFindEpisode(request, params.id);
};

/** Takes an opportunity back that was opened by mistake; answers with the episode. */
export const dropOpportunity: Handler<'dropOpportunity'> = async (request, { params }) => {
  await dropDeal(request.app, params.id, doing(request, 'dropOpportunity'));
  return mustFindEpisode(request, params.id);
};

/** Moves an opportunity on, or ends it; answers with the episode. */
export const moveOpportunity: Handler<'moveOpportunity'> = async (request, { params, body }) => {
  const { reason = null, ...said } = body;
  await moveDeal(request.app, params.id, { ...said, reason }, doing(request, 'moveOpportunity'));
  return mustFindEpisode(request, params.id);
};

/** Reopens an opportunity that was won or lost; answers with the episode. */
export const reopenOpportunity: Handler<'reopenOpportunity'> = async (request, { params, body }) => {
  await reopenDeal(request.app, params.id, { note: body.note ?? null }, doing(request, 'reopenOpportunity'));
  return mustFindEpisode(request, params.id);
};

function closeOf(day: string | null | undefined): number | null | undefined {
  return typeof day === 'string' ? readGiven(closeInstant(day)) : day;
}
