import { entry } from '../../core/contact/journal.ts';
import { checkUntil } from '../../core/decision/rejection.ts';
import { checkRequalify, finish, reopen } from '../../core/decision/reopening.ts';
import { refuse } from '../../core/problem.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { findDecisionMerge } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import { findActiveNurture } from '../../db/nurture/nurture.ts';
import { setWakeup } from '../../db/nurture/wakeup.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { partReviewed, settleParted } from '../duplicate/review.ts';
import { AppError, allowed } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import { settle } from '../evaluation/settle.ts';
import { leaveTracks } from '../nurture/track.ts';
import { decide } from './decision.ts';
import { aboutEpisode, episodeFacts, type LoadedEpisode, mustLoad } from './episode.ts';

/**
 * Takes a decision back, with the merge that it made and the track that the lead entered by it; refusals are thrown as
 * AppErrors.
 */
export async function reopenLead(app: App, id: string, by: Doing): Promise<void> {
  let parted: readonly string[] = [];
  await decide(app, id, by, {
    kind: 'reopened',
    before: async sql => {
      const mergeId = await findDecisionMerge(sql, id);
      parted = mergeId === null ? [] : await partReviewed(sql, app, mergeId, by);
    },
    run: async episode => reopen(episode, { now: by.now, isManager: by.scope !== 'own' }),
    after: async (sql, { id: episodeId }) => {
      await endTrack(sql, episodeId, { because: 'reopened', note: null }, by);
      if (parted.length > 0) await settleParted(sql, app, parted, by.now);
      return parted;
    },
  });
}

/** Says that a team is done with a lead that a disqualifier sent to it; refusals are thrown as AppErrors. */
export async function finishLead(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<void> {
  await decide(app, id, by, {
    kind: 'handled',
    run: async episode => finish(episode, { ...said, now: by.now }),
  });
}

/** Opens a new handoff by hand for a lead whose last one ended; the person who does it gets it. */
export async function requalifyLead(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<string> {
  const done = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const { contact_id: contactId, agreement_id: agreementId, path } = loaded;
    allowed(checkRequalify(episodeFacts(loaded)));
    await addJournal(sql, [entry('requalified', said, aboutEpisode(loaded, by))]);
    const opening = {
      path,
      disqualifier: null,
      since: by.now,
      recycledAt: null,
      byHand: by.userId ?? loaded.owner_id,
    };
    return settle(sql, app, {
      changes: noChanges([contactId], by.now),
      opens: 'onTime',
      asked: { agreementId, of: new Map([[contactId, opening]]) },
    });
  });
  announce(app.hub, done);
  const [handoff] = done.handoffs;
  if (handoff === undefined)
    throw new AppError('conflict', 'the agreement in force does not score this contact; nothing was opened');
  return handoff.episodeId;
}

/** Sets another date at which a lead that was woken is looked at again, or leaves it in nurture without one. */
export async function moveWakeup(
  app: App,
  id: string,
  to: { readonly until: number | null },
  by: Doing,
): Promise<void> {
  await change(app, id, by, async (sql, loaded) => {
    const { until } = to;
    if (loaded.state !== 'recycled' || loaded.has_successor)
      allowed(refuse('conflict', 'the lead is not in nurture: there is no date to set'));
    if (until !== null) allowed(checkUntil(until, by.now));
    if (until === null && loaded.wake_at === null && loaded.woke_at === null)
      allowed(refuse('conflict', 'no date is set for this lead, or somebody has dealt with it already'));
    await setWakeup(sql, loaded.id, until);
    const particulars = { until: until === null ? null : formatInstant(until) };
    await addJournal(sql, [entry('wakeup_moved', particulars, aboutEpisode(loaded, by))]);
  });
}

/** Stops the track that a lead is in; refused where it is in none. */
export async function stopTrack(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<void> {
  await change(app, id, by, async (sql, loaded) => {
    const isIn = await endTrack(sql, loaded.id, { because: 'stopped', note: said.note }, by);
    if (!isIn) allowed(refuse('conflict', 'the lead is in no track, or has left it already'));
  });
}

async function endTrack(
  sql: Sql,
  episodeId: string,
  exit: { readonly because: 'stopped' | 'reopened'; readonly note: string | null },
  by: Doing,
): Promise<boolean> {
  const active = await findActiveNurture(sql, episodeId);
  if (active === null) return false;
  return (await leaveTracks(sql, [{ id: active, ...exit }], by)).length > 0;
}

async function change(
  app: App,
  id: string,
  by: Doing,
  work: (sql: Sql, loaded: LoadedEpisode) => Promise<void>,
): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    await work(sql, loaded);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}
