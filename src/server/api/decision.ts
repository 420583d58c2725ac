import { likenessReason } from '../../contract/api/duplicate.ts';
import { closeInstant } from '../../contract/api/opportunity.ts';
import { consequencesOf } from '../../core/nurture/consequence.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { countTouches, loadEpisodeRow } from '../../db/decision/episode.ts';
import { listDoubles } from '../../db/duplicate/review.ts';
import { loadNurtureProfile } from '../../db/nurture/nurture.ts';
import { agreementOf } from '../../loop/agreement/active.ts';
import { acceptLead } from '../../loop/decision/decision.ts';
import { rejectLead } from '../../loop/decision/rejection.ts';
import { finishLead, reopenLead, requalifyLead } from '../../loop/decision/reopening.ts';
import { mustFind } from '../../loop/error.ts';
import { logActivity } from '../../loop/followup/activity.ts';
import { correctDeal, dropDeal, moveDeal, openDeal, reopenDeal } from '../../loop/opportunity/opportunity.ts';
import { answerLead } from '../../loop/qualification/answer.ts';
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
    {
      reason: body.reason ?? null,
      note: body.note ?? null,
      until: body.until === undefined ? null : readGiven(body.until),
      mergeWith: body.mergeWith ?? null,
    },
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

/** Says that a team is done with a lead that a disqualifier sent to it; answers with the episode. */
export const finishEpisode: Handler<'finishEpisode'> = async (request, { params, body }) => {
  await finishLead(request.app, params.id, { note: body.note ?? null }, doing(request, 'finishEpisode'));
  return mustFindEpisode(request, params.id);
};

/** Opens a new handoff by hand; answers with it. */
export const requalifyEpisode: Handler<'requalifyEpisode'> = async (request, { params, body }) => {
  const by = doing(request, 'requalifyEpisode');
  return mustFindEpisode(
    request,
    await requalifyLead(request.app, params.id, { note: body.note ?? null }, by),
  );
};

/** How many likely doubles a rejection offers; others are found by name. */
const MAX_DOUBLES = 10;

/** Answers with what a rejection would do, for every reason of the episode's version of its agreement. */
export const listReasons: Handler<'listReasons'> = async ({ app, now }, { params }) => {
  const { db } = app;
  const loaded = await mustFind({ kind: 'episode', id: params.id }, id => loadEpisodeRow(db, id));
  const { contact_id: contactId, agreement_id: id, version, owner_name: owner } = loaded;
  const { program } = await agreementOf(db, db, { id, version });
  const [touches, known, doubles] = await Promise.all([
    countTouches(db, loaded.id, owner),
    loadNurtureProfile(db, contactId),
    listDoubles(db, contactId, MAX_DOUBLES),
  ]);
  const profile = { contact: known?.contact ?? {}, company: known?.company ?? {} };
  const lead = { profile, createdAt: known?.created_at ?? now, now, touches };
  return {
    items: consequencesOf(program.agreement, lead).map(({ until, track, ...rest }) => ({
      ...rest,
      until: instantOrNull(until),
      track:
        track === null
          ? null
          : {
              ...track,
              first: { kind: track.first.kind, name: track.first.name, at: formatInstant(track.first.at) },
            },
    })),
    doubles: doubles.map(({ score, reasons, ...contact }) => ({
      contact,
      score,
      reasons: likenessReason
        .array()
        .catch([])
        .parse(reasons)
        .map(({ text }) => text),
    })),
  };
};
/** Saves answers about a lead; answers with the episode as it is from then on. */
export const saveQualification: Handler<'saveQualification'> = async (request, { params, body }) => {
  await answerLead(request.app, params.id, body.answers, doing(request, 'saveQualification'));
  return mustFindEpisode(request, params.id);
};

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
