import type { ClockFacts } from '../../core/followup/clock.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { rulerOf } from '../../core/worktime/ruler.ts';
import { findEpisodeRow } from '../../db/decision/queue.ts';
import { mustFind } from '../../loop/error.ts';
import { pauseDecision, resumeDecision } from '../../loop/followup/pause.ts';
import { loadClocks } from '../../loop/handoff/clock.ts';
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

/** Answers with the clocks of an episode cut into the time that counted and that which did not. */
export const getRuler: Handler<'getRuler'> = async ({ app, now }, { params: { id } }) => {
  const row = await mustFind({ kind: 'episode', id }, () => findEpisodeRow(app.db, id));
  const clocks = (await loadClocks(app.db, app, [row])).get(id) ?? [];
  return { clocks: clocks.map(({ facts }) => rulerFor(facts, now)) };
};

function rulerFor(facts: ClockFacts, now: number) {
  const { kind, startedAt, dueAt, stoppedAt, calendar, rests } = facts;
  const pauses = rests.map(({ from, until: to, reason }) => ({ from, to, reason: reason ?? TAKEN_BACK }));
  const to = Math.max(startedAt, dueAt, stoppedAt ?? now);
  return {
    kind,
    startedAt: formatInstant(startedAt),
    dueAt: formatInstant(dueAt),
    stoppedAt: instantOrNull(stoppedAt),
    timezone: calendar?.timezone ?? 'UTC',
    stretches: [...rulerOf(calendar, { from: startedAt, to, pauses })],
  };
}

/** Why a clock stood still between a decision and its being taken back. */
const TAKEN_BACK = 'Decided, and taken back';
