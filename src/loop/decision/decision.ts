import { entry } from '../../core/contact/journal.ts';
import { accept, type Decided, type EpisodeFacts } from '../../core/decision/decision.ts';
import type { Refused } from '../../core/problem.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { finishTasks, reassign, reopenTasks, saveDecision, saveStage } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import { listAnswers } from '../../db/qualification/answer.ts';
import { keepReversal } from '../../db/report/reversal.ts';
import type { Doing } from '../actor.ts';
import { type HookEvent, promiseEvents } from '../alert/hook.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { noChanges } from '../contact/change.ts';
import { AppError, allowed } from '../error.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import { settle } from '../evaluation/settle.ts';
import { freeEpisodes } from '../exception/exception.ts';
import { endPauseOf, restartClocks } from '../handoff/clock.ts';
import type { HandoffResult } from '../scoring/lead.ts';
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

/** What is done to an episode by deciding. */
export type DecisionKind = 'accepted' | 'rejected' | 'reopened' | 'handled';

/** A decision on an episode: what it makes of it, and what is done with it in the same transaction. */
interface Move {
  readonly kind: DecisionKind;
  readonly run: (
    episode: EpisodeFacts,
    loaded: LoadedEpisode,
    sql: Sql,
  ) => Promise<Decided | Refused | readonly [Refused, ...Refused[]]>;
  /** What comes before the episode is looked at; more may be locked there. */
  readonly before?: (sql: Sql) => Promise<void>;
  /** What follows once the decision is saved; returns further contacts that changed. */
  readonly after?: (sql: Sql, loaded: LoadedEpisode, result: Decided) => Promise<readonly string[]>;
}

/** Decides on an episode: loads it, asks core, and commits what follows; refusals are thrown as AppErrors. */
export async function decide(app: App, id: string, by: Doing, move: Move): Promise<readonly HandoffResult[]> {
  const done = await app.db.transaction(async sql => {
    await move.before?.(sql);
    const loaded = await mustLoad(sql, id, by);
    const result = allowed(await move.run(episodeFacts(loaded), loaded, sql));
    if (result.decision !== null) await endPauseOf(sql, app, loaded, by);
    await commit(sql, loaded, result, { ...by, kind: move.kind });
    if (result.decision === null) await restartClocks(sql, app, [loaded], by);
    const others = (await move.after?.(sql, loaded, result)) ?? [];
    if (result.decision === 'accepted' && loaded.owner_id === null) await ownIt(sql, loaded, by);
    await freeEpisodes(sql, [loaded.id], { by: by.actor, at: by.now, resolution: move.kind });
    const fact = factOf(loaded, result, { ...by, kind: move.kind });
    const more = result.decision === 'accepted' ? await answersOf(sql, loaded.id) : {};
    await promiseEvents(sql, [{ ...fact, data: { ...fact.data, ...more } }]);
    if (result.state === 'open') await rerouteEpisodes(sql, app, [loaded.id], by);
    const handoffs =
      result.sendTo === null
        ? []
        : await sendOn(sql, app, loaded, { ...result, route: result.sendTo, now: by.now });
    return { contactIds: [loaded.contact_id, ...others], handoffs };
  });
  announceQueue(app.hub);
  announceContacts(app.hub, done.contactIds);
  return done.handoffs;
}

async function commit(
  sql: Sql,
  loaded: LoadedEpisode,
  result: Decided,
  by: Doing & { readonly kind: DecisionKind },
): Promise<void> {
  const { now, actor, kind } = by;
  if (result.decidedAt === null) await keepReversal(sql, loaded.id, now);
  await saveDecision(sql, {
    id: loaded.id,
    state: result.state,
    decision: result.decision,
    decidedAt: result.decidedAt,
    decidedBy: result.decidedAt === null ? null : actor,
    decidedById: result.decidedAt === null ? null : (by.userId ?? null),
    keptFrom: result.isKeptFrom === true ? (by.userId ?? loaded.owner_id) : null,
    wakeAt: result.wakeAt ?? null,
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    requalifyAt: result.requalifyAt,
    endedAt: result.endedAt,
  });
  const standing = { contactId: loaded.contact_id, agreementId: loaded.agreement_id };
  await saveStage(sql, standing, { stage: result.stage, at: now, lookAgainAt: result.requalifyAt });
  if (result.decidedAt === null) await reopenTasks(sql, loaded.id);
  else if (result.endedAt !== null || loaded.first_touch_at !== null) await finishTasks(sql, loaded.id, now);
  const particulars = {
    ...(result.stage === null ? {} : { stage: result.stage }),
    reason: result.reason,
    reasonLabel: result.reasonLabel,
    note: result.note,
    previous: loaded.state,
    ...(result.wakeAt === undefined ? {} : { until: formatInstant(result.wakeAt) }),
    // Whose decision was taken back.
    ...(result.decidedAt === null ? { decidedBy: loaded.decided_by } : {}),
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

/** What sales found out about a lead, by question, as webhooks carry it; null is unknown. */
async function answersOf(sql: Sql, episodeId: string) {
  const answers = (await listAnswers(sql, [episodeId])).filter(row => row.value !== null || row.is_unknown);
  return { answers: Object.fromEntries(answers.map(({ question, value }) => [question, value])) };
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
