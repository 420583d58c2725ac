import { entry } from '../../core/contact/journal.ts';
import { accept, type Decided, type EpisodeFacts, reject, reopen } from '../../core/decision/decision.ts';
import type { Refused } from '../../core/problem.ts';
import type { Sql } from '../../db/database.ts';
import { finishTasks, reassign, reopenTasks, saveDecision, saveStage } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { agreementOf } from '../agreement/active.ts';
import { type HookEvent, promiseEvents } from '../alert/hook.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { AppError, allowed } from '../error.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import { settle } from '../evaluation/settle.ts';
import { freeEpisodes } from '../exception/exception.ts';
import type { HandoffResult } from '../scoring/lead.ts';
import { endPauseOf, restartClocks } from './clock.ts';
import { aboutEpisode, episodeFacts, type LoadedEpisode, mustLoad, personFacts } from './episode.ts';
import { loadAsked, mustBeAnswered } from './prospect.ts';

/** Accepts an episode whose required questions are answered; refusals are thrown as AppErrors. */
export async function acceptLead(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<void> {
  await decide(app, id, by, {
    kind: 'accepted',
    run: async (episode, loaded, sql) => {
      const accepted = accept(episode, { ...said, now: by.now });
      if (accepted.kind === 'done') mustBeAnswered(await loadAsked(sql, app.db, loaded));
      return accepted;
    },
  });
}

/**
 * Rejects an episode with a reason of its agreement and returns the handoff to the team that the reason names, if it names
 * one; refusals are thrown as AppErrors.
 */
export function rejectLead(
  app: App,
  id: string,
  said: { readonly reason: string | null; readonly note: string | null },
  by: Doing,
): Promise<readonly HandoffResult[]> {
  return decide(app, id, by, {
    kind: 'rejected',
    run: async (episode, { agreement_id: agreementId, version }, sql) => {
      const { program } = await agreementOf(sql, app.db, { id: agreementId, version });
      return reject(episode, program.agreement, { ...said, now: by.now });
    },
  });
}

/** Takes a decision back; refusals are thrown as AppErrors. */
export async function reopenLead(app: App, id: string, by: Doing): Promise<void> {
  await decide(app, id, by, { kind: 'reopened', run: async episode => reopen(episode) });
}

type DecisionKind = 'accepted' | 'rejected' | 'reopened';

async function decide(
  app: App,
  id: string,
  by: Doing,
  move: {
    readonly kind: DecisionKind;
    readonly run: (episode: EpisodeFacts, loaded: LoadedEpisode, sql: Sql) => Promise<Decided | Refused>;
  },
): Promise<readonly HandoffResult[]> {
  const done = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const result = allowed(await move.run(episodeFacts(loaded), loaded, sql));
    if (result.decision !== null) await endPauseOf(sql, app, loaded, by);
    await commit(sql, loaded, result, { ...by, kind: move.kind });
    if (result.decision === null) await restartClocks(sql, app, [loaded], by);
    if (result.decision === 'accepted' && loaded.owner_id === null) await ownIt(sql, loaded, by);
    await freeEpisodes(sql, [loaded.id], { by: by.actor, at: by.now, resolution: move.kind });
    await promiseEvents(sql, [factOf(loaded, result, { ...by, kind: move.kind })]);
    if (result.state === 'open') await rerouteEpisodes(sql, app, [loaded.id], by);
    const handoffs =
      result.sendTo === null
        ? []
        : await sendOn(sql, app, loaded, { ...result, route: result.sendTo, now: by.now });
    return { contactId: loaded.contact_id, handoffs };
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [done.contactId]);
  return done.handoffs;
}

async function commit(
  sql: Sql,
  loaded: LoadedEpisode,
  result: Decided,
  by: Doing & { readonly kind: DecisionKind },
): Promise<void> {
  const { now, actor, kind } = by;
  await saveDecision(sql, {
    id: loaded.id,
    state: result.state,
    decision: result.decision,
    decidedAt: result.decidedAt,
    decidedBy: result.decision === null ? null : actor,
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    requalifyAt: result.requalifyAt,
    endedAt: result.endedAt,
  });
  const standing = { contactId: loaded.contact_id, agreementId: loaded.agreement_id };
  await saveStage(sql, standing, { stage: result.stage, at: now, lookAgainAt: result.requalifyAt });
  if (result.decision === null) await reopenTasks(sql, loaded.id);
  else if (result.endedAt !== null || loaded.first_touch_at !== null) await finishTasks(sql, loaded.id, now);
  const particulars = {
    stage: result.stage,
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    previous: loaded.state,
  };
  await addJournal(sql, [entry(kind, particulars, aboutEpisode(loaded, by))]);
}

/** Opens an episode with the team that the reason of a rejection names. */
async function sendOn(
  sql: Sql,
  app: App,
  loaded: LoadedEpisode,
  to: {
    readonly reason: string | null;
    readonly reasonLabel: string | null;
    readonly route: string;
    readonly now: number;
  },
): Promise<readonly HandoffResult[]> {
  const { reason, reasonLabel, route, now } = to;
  const disqualifier = { id: reason ?? 'rejected', label: reasonLabel ?? 'Rejected', route };
  const opening = { path: loaded.path, disqualifier, since: now, recycledAt: null };
  const { handoffs } = await settle(sql, app, {
    changes: noChanges([loaded.contact_id], now),
    opens: 'onTime',
    asked: { agreementId: loaded.agreement_id, of: new Map([[loaded.contact_id, opening]]) },
  });
  return handoffs;
}

/** Makes the person who accepts a lead that nobody owns its owner. */
async function ownIt(sql: Sql, loaded: LoadedEpisode, { userId = null, now, actor }: Doing): Promise<void> {
  const episode = { id: loaded.id, contactId: loaded.contact_id, agreementId: loaded.agreement_id };
  const owner = userId === null ? null : await reassign(sql, [episode], userId);
  if (owner === null)
    throw new AppError('conflict', 'nobody owns this lead yet; give it to somebody before it is accepted');
  const particulars = { owner, note: null, previousOwner: null };
  await addJournal(sql, [entry('taken_over', particulars, aboutEpisode(loaded, { actor, now }))]);
}

function factOf(
  loaded: LoadedEpisode,
  { reason, reasonLabel, note, stage }: Decided,
  { kind, now, actor }: Doing & { readonly kind: DecisionKind },
): HookEvent {
  return {
    type: `lead.${kind}`,
    at: now,
    contactId: loaded.contact_id,
    episodeId: loaded.id,
    data: { ...personFacts(loaded), by: actor, stage, reason, reasonLabel, note },
  };
}
