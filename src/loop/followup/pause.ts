import { entry } from '../../core/contact/journal.ts';
import { pauseAt } from '../../core/followup/clock.ts';
import { pause, resume } from '../../core/followup/pause.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addPause, endPause, moveDue, wakeClocks } from '../../db/decision/clock.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { aboutEpisode, mustLoad } from '../decision/episode.ts';
import { episodeStateOf } from '../decision/state.ts';
import { allowed } from '../error.ts';
import { loadDecisionClock } from '../handoff/clock.ts';

/** The longest reason that is kept. */
const MAX_REASON = 400;

/** Pauses the clock of an episode's decision until an instant (epoch ms); refusals are thrown as AppErrors. */
export async function pauseDecision(
  app: App,
  id: string,
  said: { readonly reason: string; readonly until: number },
  by: Doing,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const clock = await loadDecisionClock(sql, app, loaded);
    const { now, actor } = by;
    const { until } = said;
    const reason = oneLine(said.reason, MAX_REASON);
    const state = episodeStateOf(loaded.state);
    const { dueAt } = allowed(pause(clock?.facts ?? null, { state, reason, until, now }));
    const pauseId = app.newId();
    const about = { id: pauseId, episodeId: id, kind: 'decision', startedAt: now };
    await addPause(sql, { ...about, until, reason, by: actor, isOver: false });
    await moveDue(sql, [{ episodeId: id, firstTouch: null, decision: dueAt }]);
    await wakeClocks(sql, [id], until);
    const particulars = { reason, until: formatInstant(until) };
    await addJournal(sql, [entry('clock_paused', particulars, aboutEpisode(loaded, by))]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}

/** Ends the pause of an episode's decision; refused, by an AppError, while its clock is not paused. */
export async function resumeDecision(app: App, id: string, by: Doing): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const clock = await loadDecisionClock(sql, app, loaded);
    const { now, actor } = by;
    const { dueAt } = allowed(resume(clock?.facts ?? null, now));
    const rest = clock === null ? null : pauseAt(clock.facts, now);
    const paused = clock?.pauses.find(({ started_at: from }) => from === rest?.from);
    if (paused !== undefined) await endPause(sql, paused.id, { at: now, by: actor });
    await moveDue(sql, [{ episodeId: id, firstTouch: null, decision: dueAt }]);
    await wakeClocks(sql, [id], now);
    const particulars = { reason: paused?.reason ?? '', dueAt: formatInstant(dueAt) };
    await addJournal(sql, [entry('clock_resumed', particulars, aboutEpisode(loaded, by))]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}
