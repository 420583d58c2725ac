import type { EpisodeState } from '../contact/episode.ts';
import { applyOutcome } from '../decision/decision.ts';
import { type Problem, quote, type Refused, refuse } from '../problem.ts';
import type { Stage } from '../scoring/stage.ts';
import { amountFault, currencyFault } from '../text/currency.ts';
import { oneLine } from '../text/safe.ts';
import { formatInstant, instantOrNull } from '../time/instant.ts';
import { ENDS, type End, isEnd, type PipelineStage, stageLabel } from './pipeline.ts';
import type { Opportunity } from './shape.ts';

type Fault = Pick<Problem, 'path' | 'message'>;

/** An opportunity as it is kept; times in epoch ms. */
export interface KeptOpportunity {
  readonly name: string;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly expectedCloseAt: number | null;
  readonly stage: string;
  /** The stage before it was won or lost, to which reopening leads back. */
  readonly stageBefore: string | null;
  readonly reason: string | null;
  /** Null for one that was imported. */
  readonly openedAt: number | null;
  readonly movedAt: number | null;
}

/** An episode as far as its opportunity goes. */
export interface DealFacts {
  readonly state: EpisodeState;
  /** Whether the contact has a later episode; then this one cannot come back. */
  readonly hasSuccessor: boolean;
  /** Null where nothing is kept, as before it is opened and after an import. */
  readonly opportunity: KeptOpportunity | null;
}

/** What becomes of an episode and its opportunity; null where the opportunity is taken back. */
export interface DealDecided {
  readonly kind: 'done';
  readonly state: EpisodeState;
  readonly stage: Stage;
  readonly ends: boolean;
  readonly opportunity: KeptOpportunity | null;
}

/** What somebody gives of an opportunity; what is missing stays as it is, null empties it. `expectedCloseAt` in epoch ms. */
export interface SaidDeal {
  readonly name?: string | undefined;
  readonly amount?: number | null | undefined;
  readonly currency?: string | null | undefined;
  readonly expectedCloseAt?: number | null | undefined;
  readonly stage?: string | undefined;
}

/** What is not as expected in what somebody gives of an opportunity, all of it. */
export interface DealFaults {
  readonly kind: 'faults';
  readonly problems: readonly Fault[];
}

const MAX_NAME = 200;

/** Opens the opportunity of an accepted lead, in the first stage unless another is given. */
export function openOpportunity(
  { state }: DealFacts,
  pipeline: readonly PipelineStage[],
  said: SaidDeal & { readonly name: string; readonly now: number },
): DealDecided | DealFaults | Refused {
  if (state === 'open')
    return refuse('conflict', 'the lead is open; accept it before it becomes an opportunity');
  if (state === 'opportunity') return refuse('conflict', 'the lead has an opportunity already');
  if (state !== 'accepted')
    return refuse('conflict', `the lead is ${state}; only an accepted one becomes an opportunity`);
  const first = pipeline[0]?.id ?? 'discovery';
  const stage = said.stage ?? first;
  const empty: KeptOpportunity = {
    ...{ name: '', amount: null, currency: null, expectedCloseAt: null, stage, stageBefore: null },
    ...{ reason: null, openedAt: said.now, movedAt: said.now },
  };
  const read = readDeal(empty, said);
  const problems = [...read.problems, ...openStageFaults(pipeline, stage)];
  if (problems.length > 0) return { kind: 'faults', problems };
  return { kind: 'done', state: 'opportunity', stage: 'opportunity', ends: false, opportunity: read.deal };
}

/** Corrects name, amount, currency or expected close of an opportunity, whatever its stage. */
export function correctOpportunity(facts: DealFacts, said: SaidDeal): DealDecided | DealFaults | Refused {
  const { state, opportunity } = facts;
  if (opportunity === null) return noDeal(state);
  const { deal, problems } = readDeal(opportunity, said);
  if (problems.length > 0) return { kind: 'faults', problems };
  return { kind: 'done', ...placeOf(state), opportunity: deal };
}

/**
 * Moves an opportunity to another stage of its pipeline, or ends it as won or lost. Refused where there is none or it has
 * ended: that is taken back by reopening alone.
 */
export function moveOpportunity(
  facts: DealFacts,
  pipeline: readonly PipelineStage[],
  said: {
    readonly stage: string;
    readonly amount?: number | null | undefined;
    readonly currency?: string | null | undefined;
    readonly reason: string | null;
    readonly now: number;
  },
): DealDecided | DealFaults | Refused {
  const { state, opportunity } = facts;
  if (opportunity === null) return noDeal(state);
  if (state !== 'opportunity')
    return refuse('conflict', `the opportunity is ${state}; reopen it before it moves again`);
  const { stage, amount, currency, now } = said;
  const read = readDeal(opportunity, { amount, currency });
  const problems = [...read.problems, ...(isEnd(stage) ? [] : openStageFaults(pipeline, stage, ENDS))];
  if (problems.length > 0) return { kind: 'faults', problems };
  if (stage === opportunity.stage && amount === undefined)
    return refuse('conflict', `the opportunity is in ${stageLabel(pipeline, stage)} already`);
  const moved = { ...read.deal, stage, movedAt: stage === opportunity.stage ? opportunity.movedAt : now };
  if (!isEnd(stage)) return { kind: 'done', ...placeOf('opportunity'), opportunity: moved };
  const reason = oneLine(said.reason ?? '', MAX_REASON);
  return {
    kind: 'done',
    ...endOf(stage),
    opportunity: { ...moved, stageBefore: opportunity.stage, reason: reason === '' ? null : reason },
  };
}

const MAX_REASON = 1000;

/** Reopens an opportunity that was won or lost: it is again in the stage before. Refused once a later handoff followed. */
export function reopenOpportunity(
  { state, hasSuccessor, opportunity }: DealFacts,
  pipeline: readonly PipelineStage[],
  now: number,
): DealDecided | Refused {
  if (opportunity === null || (state !== 'won' && state !== 'lost')) {
    const words = opportunity === null ? `the lead is ${state}` : 'the opportunity is open';
    return refuse('conflict', `${words}; only one that was won or lost can be reopened`);
  }
  if (hasSuccessor)
    return refuse('conflict', 'the lead has been handed over again since; work that handoff instead');
  const before = pipeline.find(({ id }) => id === opportunity.stageBefore) ?? pipeline[0];
  const stage = before?.id ?? opportunity.stage;
  return {
    kind: 'done',
    ...placeOf('opportunity'),
    opportunity: { ...opportunity, stage, stageBefore: null, reason: null, movedAt: now },
  };
}

/** Takes an opportunity back that was opened by mistake: the lead is accepted, and no more. Refused once it has ended. */
export function dropOpportunity({ state, opportunity }: DealFacts): DealDecided | Refused {
  if (opportunity === null) return noDeal(state);
  if (state !== 'opportunity')
    return refuse('conflict', `the opportunity is ${state}; reopen it before it is taken back`);
  return { kind: 'done', state: 'accepted', stage: 'sql', ends: false, opportunity: null };
}

function noDeal(state: EpisodeState): Refused {
  const next = state === 'accepted' ? 'open one first' : `the lead is ${state}`;
  return refuse('conflict', `the lead has no opportunity; ${next}`);
}

function placeOf(state: EpisodeState): Pick<DealDecided, 'state' | 'stage' | 'ends'> {
  return isEnd(state) ? endOf(state) : { state: 'opportunity', stage: 'opportunity', ends: false };
}

function endOf(end: End): Pick<DealDecided, 'state' | 'stage' | 'ends'> {
  const outcome = applyOutcome('opportunity', end);
  if (outcome === null) throw new Error(`an opportunity cannot be ${end}`);
  return outcome;
}

function readDeal(
  before: KeptOpportunity,
  said: SaidDeal,
): { readonly deal: KeptOpportunity; readonly problems: readonly Fault[] } {
  const name = said.name === undefined ? before.name : oneLine(said.name, MAX_NAME);
  const given = said.currency === undefined ? before.currency : said.currency;
  const currency = given === null ? null : given.trim().toUpperCase();
  const amount = said.amount === undefined ? before.amount : said.amount;
  const { expectedCloseAt = before.expectedCloseAt } = said;
  const nameFaults = name === '' ? [{ path: 'name', message: 'expected a name for the opportunity' }] : [];
  // What an import left is nobody's slip here.
  const isMoneySaid = said.amount !== undefined || said.currency !== undefined;
  const problems = [...nameFaults, ...(isMoneySaid ? moneyFaults(amount, currency) : [])];
  return { deal: { ...before, name, amount, currency, expectedCloseAt }, problems };
}

function moneyFaults(amount: number | null, currency: string | null): readonly Fault[] {
  const isBare = amount !== null && currency === null;
  return [
    { path: 'amount', message: amount === null ? null : amountFault(amount, currency) },
    { path: 'currency', message: currency === null ? null : currencyFault(currency) },
    { path: 'currency', message: isBare ? 'expected the currency of the amount, such as EUR' : null },
  ].flatMap(({ path, message }) => (message === null ? [] : [{ path, message }]));
}

function openStageFaults(
  pipeline: readonly PipelineStage[],
  stage: string,
  more: readonly string[] = [],
): readonly Fault[] {
  if (pipeline.some(({ id }) => id === stage)) return [];
  const names = [...pipeline.map(({ id }) => id), ...more].join(', ');
  return [{ path: 'stage', message: `expected one of ${names}, got ${quote(stage)}` }];
}

/**
 * The opportunity of an episode as the API gives it; null where there is none. One that was imported has no stage of its own:
 * it stands in the first, or where it ended.
 */
export function printOpportunity(
  { state, opportunity }: Pick<DealFacts, 'state' | 'opportunity'>,
  pipeline: readonly PipelineStage[],
  endedAt: number | null,
): Opportunity | null {
  if (opportunity === null) return null;
  const { name, amount, currency, stage, reason, openedAt, movedAt, expectedCloseAt } = opportunity;
  const probability = state === 'won' ? 1 : state === 'lost' ? 0 : null;
  return {
    ...{ name, amount, currency, stage, reason },
    expectedCloseAt: instantOrNull(expectedCloseAt),
    stageLabel: stageLabel(pipeline, stage),
    probability: probability ?? pipeline.find(({ id }) => id === stage)?.probability ?? 0,
    stages: pipeline.map(({ id, label, probability: share }) => ({ id, label, probability: share })),
    openedAt: instantOrNull(openedAt),
    movedAt: instantOrNull(movedAt),
    closedAt: isEnd(state) && endedAt !== null ? formatInstant(endedAt) : null,
  };
}

/**
 * What is kept of the opportunity of an episode, or what an import says of one: its state, an amount and a currency.
 */
export function keptOpportunity(
  episode: {
    readonly state: EpisodeState;
    readonly amount: number | null;
    readonly currency: string | null;
    readonly contact: string;
  },
  kept: Omit<KeptOpportunity, 'amount' | 'currency'> | null,
  pipeline: readonly PipelineStage[],
): KeptOpportunity | null {
  const { state, amount, currency, contact } = episode;
  if (state !== 'opportunity' && !isEnd(state)) return null;
  const first = pipeline[0]?.id ?? 'discovery';
  if (kept === null) {
    const none = { expectedCloseAt: null, stageBefore: null, reason: null, openedAt: null, movedAt: null };
    return { ...none, name: contact, amount, currency, stage: isEnd(state) ? state : first };
  }
  // An import may have ended one, or reopened it, that was worked here.
  const stage = isEnd(state) ? state : isEnd(kept.stage) ? (kept.stageBefore ?? first) : kept.stage;
  return { ...kept, amount, currency, stage };
}
