import { findEpisodeRows } from '../../db/decision/queue.ts';
import { AppError } from '../../loop/error.ts';
import { moveLeads } from '../../loop/followup/bulk.ts';
import { handLeadBack, moveLead, reassignLead } from '../../loop/followup/ownership.ts';
import { snoozeLead, wakeLead } from '../../loop/followup/snooze.ts';
import { doing, mustBeSomeone } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readGiven } from '../handler/query.ts';
import { mustFindEpisode } from './episode.ts';
import { personOrNull } from './person.ts';

/** Gives a lead to somebody else; answers with the episode. */
export const reassignEpisode: Handler<'reassignEpisode'> = async (request, { params, body }) => {
  const to = { ownerId: body.ownerId, note: body.note ?? null };
  await reassignLead(request.app, params.id, to, doing(request, 'reassignEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Gives a lead to the person who asks; answers with the episode. An API key is nobody who could own it. */
export const takeEpisode: Handler<'takeEpisode'> = async (request, { params, body }) => {
  const { id: ownerId } = mustBeSomeone(request.caller);
  if (ownerId === null) throw new AppError('invalid', 'an API key takes no leads; reassign it to a person');
  await moveLead(
    request.app,
    params.id,
    { ownerId, note: body.note ?? null, move: 'taken_over' },
    doing(request, 'takeEpisode'),
  );
  return mustFindEpisode(request, params.id);
};

/** Gives a lead back, to be routed anew; answers with the episode. */
export const handBackEpisode: Handler<'handBackEpisode'> = async (request, { params, body }) => {
  await handLeadBack(request.app, params.id, { note: body.note ?? null }, doing(request, 'handBackEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Gives several leads to one person, or routes them anew; answers for each. */
export const reassignEpisodes: Handler<'reassignEpisodes'> = async (request, { body }) => {
  const to = { ownerId: body.ownerId, note: body.note ?? null };
  const moves = await moveLeads(request.app, body.ids, to, doing(request, 'reassignEpisodes'));
  const ids = moves.flatMap(({ before }) => before?.id ?? []);
  const after = new Map((await findEpisodeRows(request.app.db, ids)).map(row => [row.id, row]));
  return {
    items: moves.map(({ id, before, refused }) => {
      const row = after.get(before?.id ?? '');
      return {
        id,
        contact: before === null ? null : { id: before.contact_id, name: before.contact_name },
        owner: personOrNull(row?.owner_id ?? null, row?.owner_name ?? null),
        previousOwner: personOrNull(before?.owner_id ?? null, before?.owner_name ?? null),
        waitingFor: row === undefined || row.ended_at !== null ? null : row.waiting_for,
        refused,
      };
    }),
  };
};

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
