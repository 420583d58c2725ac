import { entry, type OpportunityChange } from '../../core/contact/journal.ts';
import type { HookType } from '../../core/delivery/webhook.ts';
import {
  correctOpportunity,
  type DealDecided,
  type DealFacts,
  type DealFaults,
  dropOpportunity,
  type KeptOpportunity,
  moveOpportunity,
  openOpportunity,
  reopenOpportunity,
  type SaidDeal,
} from '../../core/opportunity/opportunity.ts';
import { type PipelineStage, stageLabel } from '../../core/opportunity/pipeline.ts';
import type { Refused } from '../../core/problem.ts';
import { instantOrNull } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import { saveOutcome, saveStage } from '../../db/decision/episode.ts';
import { addJournal } from '../../db/journal.ts';
import { dropOpportunityRow, listOpportunities, saveOpportunity } from '../../db/opportunity/opportunity.ts';
import { keepReversal } from '../../db/report/reversal.ts';
import type { Doing } from '../actor.ts';
import { promiseEvents } from '../alert/hook.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import {
  aboutEpisode,
  episodeFacts,
  type LoadedEpisode,
  mustLoad,
  personFacts,
} from '../decision/episode.ts';
import { keptDeal, loadPipeline } from '../decision/prospect.ts';
import { allowed, refusalOf } from '../error.ts';

/** Opens the opportunity of an accepted lead; refusals are thrown as AppErrors. */
export function openDeal(app: App, id: string, said: SaidDeal & { readonly name: string }, by: Doing) {
  return change(app, id, by, {
    kind: () => 'opened',
    decide: (facts, pipeline) => openOpportunity(facts, pipeline, { ...said, now: by.now }),
  });
}

/** Corrects what is known of an opportunity; refusals are thrown as AppErrors. */
export function correctDeal(app: App, id: string, said: SaidDeal, by: Doing) {
  return change(app, id, by, {
    kind: () => 'corrected',
    decide: facts => correctOpportunity(facts, said),
  });
}

/** Moves an opportunity on, or ends it as won or lost; refusals are thrown as AppErrors. */
export function moveDeal(
  app: App,
  id: string,
  said: {
    readonly stage: string;
    readonly amount?: number | null | undefined;
    readonly currency?: string | null | undefined;
    readonly reason: string | null;
  },
  by: Doing,
) {
  return change(app, id, by, {
    kind: ({ state }) => (state === 'won' || state === 'lost' ? state : 'moved'),
    decide: (facts, pipeline) => moveOpportunity(facts, pipeline, { ...said, now: by.now }),
    reason: said.reason,
  });
}

/** Reopens an opportunity that was won or lost; refusals are thrown as AppErrors. */
export function reopenDeal(app: App, id: string, said: { readonly note: string | null }, by: Doing) {
  return change(app, id, by, {
    kind: () => 'reopened',
    decide: (facts, pipeline) => reopenOpportunity(facts, pipeline, by.now),
    reason: said.note,
  });
}

/** Takes an opportunity back that was opened by mistake; refusals are thrown as AppErrors. */
export function dropDeal(app: App, id: string, by: Doing) {
  return change(app, id, by, { kind: () => 'dropped', decide: dropOpportunity });
}

interface Move {
  readonly kind: (decided: DealDecided) => OpportunityChange;
  readonly decide: (
    facts: DealFacts,
    pipeline: readonly PipelineStage[],
  ) => DealDecided | DealFaults | Refused;
  readonly reason?: string | null;
}

async function change(app: App, id: string, by: Doing, move: Move): Promise<void> {
  const contactId = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    const facts = episodeFacts(loaded);
    const pipeline = await loadPipeline(sql, app.db, loaded);
    const [row = null] = await listOpportunities(sql, [id]);
    const opportunity = keptDeal({ ...loaded, state: facts.state }, row, pipeline);
    const decided = allowed(move.decide({ ...facts, opportunity }, pipeline));
    if (decided.kind === 'faults') throw refusalOf('invalid', decided.problems);
    const about = decided.opportunity ?? opportunity;
    if (about === null) throw new Error('an opportunity was decided on that is not there');
    await commit(sql, loaded, decided, by);
    const kind = move.kind(decided);
    const { name, amount, currency, stage } = about;
    const reason = move.reason ?? null;
    const label = stageLabel(pipeline, stage);
    const particulars = { change: kind, name, amount, currency, stage, stageLabel: label, reason };
    await addJournal(sql, [entry('opportunity', particulars, aboutEpisode(loaded, by))]);
    const type = HOOKS[kind];
    const data = { ...personFacts(loaded), by: by.actor, ...factsOf(about), reason, stageLabel: label };
    if (type !== null)
      await promiseEvents(sql, [
        { type, at: by.now, contactId: loaded.contact_id, episodeId: id, data: { ...data } },
      ]);
    return loaded.contact_id;
  });
  announceQueue(app.hub);
  announceContacts(app.hub, [contactId]);
}

const HOOKS: Readonly<Record<OpportunityChange, HookType | null>> = {
  opened: 'opportunity.opened',
  corrected: null,
  moved: 'opportunity.moved',
  won: 'opportunity.won',
  lost: 'opportunity.lost',
  reopened: 'opportunity.reopened',
  dropped: 'opportunity.taken_back',
};

function factsOf({ name, amount, currency, stage, expectedCloseAt }: KeptOpportunity) {
  return { opportunity: name, amount, currency, stage, expectedCloseAt: instantOrNull(expectedCloseAt) };
}

async function commit(sql: Sql, loaded: LoadedEpisode, decided: DealDecided, { now }: Doing): Promise<void> {
  const { id, contact_id: contactId, agreement_id: agreementId } = loaded;
  const { state, stage, ends, opportunity } = decided;
  const { amount = null, currency = null, openedAt = null } = opportunity ?? {};
  const endedAt = ends ? (loaded.ended_at ?? now) : null;
  if (opportunity === null || (loaded.ended_at !== null && !ends)) await keepReversal(sql, id, now);
  await saveOutcome(sql, { id, state, amount, currency, opportunityAt: openedAt, endedAt });
  if (opportunity === null) await dropOpportunityRow(sql, id);
  else await saveOpportunity(sql, id, opportunity);
  if (state !== loaded.state)
    await saveStage(sql, { contactId, agreementId }, { stage, at: now, lookAgainAt: null });
}
