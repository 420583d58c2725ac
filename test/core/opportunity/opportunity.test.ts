import { describe, expect, test } from 'vitest';
import { EPISODE_STATES, type EpisodeState } from '../../../src/core/contact/episode.ts';
import {
  correctOpportunity,
  type DealFacts,
  dropOpportunity,
  type KeptOpportunity,
  keptOpportunity,
  moveOpportunity,
  openOpportunity,
  printOpportunity,
  reopenOpportunity,
} from '../../../src/core/opportunity/opportunity.ts';
import { pipelineOf } from '../../../src/core/opportunity/pipeline.ts';
import { moneyWords } from '../../../src/core/text/currency.ts';

const PIPELINE = pipelineOf(undefined);
const DEAL: KeptOpportunity = {
  ...{ name: 'Acme', amount: 12_000, currency: 'EUR', expectedCloseAt: null, stage: 'proposal' },
  ...{ stageBefore: null, reason: null, openedAt: 1, movedAt: 1 },
};
const facts = (state: EpisodeState, more: Partial<DealFacts> = {}): DealFacts => ({
  ...{ state, hasSuccessor: false, opportunity: hasDeal(state) ? dealIn(state) : null },
  ...more,
});
const hasDeal = (state: EpisodeState) => ['opportunity', 'won', 'lost'].includes(state);
const dealIn = (state: EpisodeState): KeptOpportunity =>
  state === 'opportunity' ? DEAL : { ...DEAL, stage: state, stageBefore: 'proposal', reason: 'Price' };

/** The states in which a move is allowed; every other one is refused with the reason. */
const MOVES = {
  open: [(now: DealFacts) => openOpportunity(now, PIPELINE, { name: 'Acme', now: 5 }), ['accepted']],
  correct: [(now: DealFacts) => correctOpportunity(now, { name: 'New' }), ['opportunity', 'won', 'lost']],
  move: [move({ stage: 'negotiation' }), ['opportunity']],
  win: [move({ stage: 'won' }), ['opportunity']],
  lose: [move({ stage: 'lost', reason: 'Price' }), ['opportunity']],
  reopen: [(now: DealFacts) => reopenOpportunity(now, PIPELINE, 5), ['won', 'lost']],
  drop: [dropOpportunity, ['opportunity']],
} as const;

function move(said: { readonly stage: string; readonly amount?: number; readonly reason?: string }) {
  return (now: DealFacts) => moveOpportunity(now, PIPELINE, { reason: null, now: 5, ...said });
}

describe.each(Object.entries(MOVES))('to %s', (_name, [act, allowed]) => {
  test.each(EPISODE_STATES)('one that is %s', state => {
    const isAllowed = allowed.some(one => one === state);
    const result = act(facts(state));
    expect(result.kind).toBe(isAllowed ? 'done' : 'refused');
    if (result.kind === 'refused') expect(result).toMatchObject({ as: 'conflict', path: '' });
  });
});

test.each([
  [MOVES.open[0](facts('open')), 'the lead is open; accept it before it becomes an opportunity'],
  [MOVES.win[0](facts('accepted')), 'the lead has no opportunity; open one first'],
  [MOVES.move[0](facts('won')), 'the opportunity is won; reopen it before it moves again'],
  [move({ stage: 'proposal' })(facts('opportunity')), 'the opportunity is in Proposal already'],
  [MOVES.drop[0](facts('lost')), 'the opportunity is lost; reopen it before it is taken back'],
  [
    MOVES.reopen[0](facts('lost', { hasSuccessor: true })),
    'the lead has been handed over again since; work that handoff instead',
  ],
])('a refusal names its reason', (result, message) => {
  expect(result).toMatchObject({ kind: 'refused', message });
});

test('winning makes a customer, losing sends the lead to nurture, and reopening leads back to the stage before', () => {
  expect(MOVES.win[0](facts('opportunity'))).toMatchObject({ state: 'won', stage: 'customer', ends: true });
  expect(MOVES.lose[0](facts('opportunity'))).toMatchObject({
    ...{ state: 'lost', stage: 'nurture', ends: true },
    opportunity: { stage: 'lost', stageBefore: 'proposal', reason: 'Price' },
  });
  expect(MOVES.reopen[0](facts('lost'))).toMatchObject({
    ...{ state: 'opportunity', stage: 'opportunity', ends: false },
    opportunity: { stage: 'proposal', stageBefore: null, reason: null },
  });
  expect(MOVES.drop[0](facts('opportunity'))).toMatchObject({
    state: 'accepted',
    stage: 'sql',
    opportunity: null,
  });
});

test('all that is wrong with an opportunity is told at once', () => {
  const said = { name: ' ', amount: -1, currency: 'EURO', stage: 'magic', now: 5 };
  expect(openOpportunity(facts('accepted'), PIPELINE, said)).toMatchObject({
    kind: 'faults',
    problems: [{ path: 'name' }, { path: 'amount' }, { path: 'currency' }, { path: 'stage' }],
  });
  const bare = openOpportunity(facts('accepted'), PIPELINE, { name: 'Acme', amount: 5, now: 5 });
  expect(bare).toMatchObject({
    problems: [{ path: 'currency', message: expect.stringContaining('such as EUR') }],
  });
  expect(move({ stage: 'won', amount: 1.234 })(facts('opportunity'))).toMatchObject({
    problems: [{ path: 'amount', message: 'expected at most 2 decimals: more than EUR has' }],
  });
});

test('what was imported has the stage of its state, and moves without an amount of a known currency', () => {
  const imported = { state: 'opportunity', amount: 700, currency: null, contact: 'Acme' } as const;
  const opportunity = keptOpportunity(imported, null, PIPELINE);
  expect(printOpportunity({ state: 'opportunity', opportunity }, PIPELINE, null)).toMatchObject({
    ...{ name: 'Acme', amount: 700, currency: null, stage: 'discovery', probability: 0.2, openedAt: null },
  });
  expect(move({ stage: 'proposal' })(facts('opportunity', { opportunity })).kind).toBe('done');
  expect(keptOpportunity({ ...imported, state: 'won' }, { ...DEAL }, PIPELINE)).toMatchObject({
    stage: 'won',
  });
  expect(keptOpportunity({ ...imported, state: 'accepted' }, null, PIPELINE)).toBeNull();
});

test.each([
  [{ amount: 12_000, currency: 'GBP' }, '£12,000'],
  [{ amount: 0.5, currency: 'EUR' }, '€0.50'],
  [{ amount: 1_500, currency: 'JPY' }, '¥1,500'],
  [{ amount: 7, currency: '' }, '7'],
])('%j in words', (money, words) => {
  expect(moneyWords(money)).toBe(words);
});
