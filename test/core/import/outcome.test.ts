import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { OUTCOME_TYPES, type OutcomeLine, type OutcomeType } from '../../../src/core/import/line.ts';
import { type OutcomeRow, type ToldEpisode, tellOutcomes } from '../../../src/core/import/outcome.ts';

const DAY = 86_400_000;
const { agreement } = readAgreement({
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  reasons: [
    { id: 'no_budget', label: 'No budget', then: 'recycle', wait: '90d' },
    { id: 'competitor', label: 'A rival', then: 'disqualify' },
    { id: 'double', then: 'merge' },
  ],
});

function row(type: OutcomeType, day: number, more: Partial<OutcomeLine> = {}): OutcomeRow {
  const outcome: OutcomeLine = {
    kind: 'outcome',
    contactId: 'c1',
    email: null,
    type,
    at: day * DAY,
    owner: null,
    reason: null,
    amount: null,
    currency: null,
    source: null,
    campaign: null,
    content: null,
    note: null,
    ...more,
  };
  return { line: day, outcome };
}

function tell(rows: readonly OutcomeRow[], known: readonly ToldEpisode[] = []) {
  if (agreement === null) throw new Error('the agreement has problems');
  let id = 0;
  return tellOutcomes(rows, known, { agreement, newId: () => `e${++id}`, now: 1_000 * DAY });
}

/** Each episode as its state and, in days, when it was handed over and ended. */
const shape = (episodes: readonly ToldEpisode[]) =>
  episodes.map(({ state, decision, handedOffAt, endedAt }) =>
    [state, decision, handedOffAt / DAY, endedAt === null ? null : endedAt / DAY].join(' '),
  );

describe('a history is told', () => {
  test.each<[string, readonly OutcomeRow[], readonly string[]]>([
    ['from handoff to win', [row('handoff', 1), row('accepted', 2), row('won', 9)], ['won accepted 1 9']],
    [
      'in any order of the file',
      [row('won', 9), row('accepted', 2), row('handoff', 1)],
      ['won accepted 1 9'],
    ],
    ['with a lead still undecided', [row('handoff', 1), row('touch', 2)], ['open  1 ']],
    ['with a lead at work', [row('handoff', 1), row('opportunity', 3)], ['opportunity accepted 1 ']],
    ['with a loss after acceptance', [row('handoff', 1), row('lost', 5)], ['lost accepted 1 5']],
    ['where a win stands alone', [row('won', 7)], ['won accepted 7 7']],
    [
      'where a lead comes again',
      [row('handoff', 1), row('rejected', 2), row('handoff', 5)],
      ['recycled rejected 1 2', 'open  5 '],
    ],
    [
      'where something follows the end',
      [row('handoff', 1), row('rejected', 2), row('won', 5)],
      ['recycled rejected 1 2', 'won accepted 5 5'],
    ],
    [
      'with a reason that ends it',
      [row('handoff', 1), row('rejected', 2, { reason: 'competitor' })],
      ['disqualified rejected 1 2'],
    ],
    [
      'with a reason that merges',
      [row('handoff', 1), row('rejected', 2, { reason: 'double' })],
      ['disqualified rejected 1 2'],
    ],
    ['all at one instant', [row('won', 3), row('handoff', 3), row('accepted', 3)], ['won accepted 3 3']],
  ])('%s', (_, rows, expected) => {
    const { episodes, refused } = tell(rows);
    expect(refused).toEqual([]);
    expect(shape(episodes)).toEqual(expected);
  });

  test('with the details of its rows', () => {
    const { episodes } = tell([
      row('handoff', 1, { source: 'Fair', campaign: 'Spring', owner: 'ann@acme.com' }),
      row('touch', 2, { owner: 'bob@acme.com', note: 'called' }),
      row('opportunity', 3, { amount: 500, currency: 'EUR' }),
      row('lost', 9, { reason: 'NO  budget', amount: 450 }),
    ]);
    expect(episodes).toMatchObject([
      {
        source: 'Fair',
        campaign: 'Spring',
        owner: 'bob@acme.com',
        note: 'called',
        firstTouchAt: 2 * DAY,
        decidedAt: 3 * DAY,
        decidedBy: 'bob@acme.com',
        amount: 450,
        currency: 'EUR',
        reason: 'NO  budget',
        reasonLabel: 'NO  budget',
      },
    ]);
  });

  test.each([
    ['no_budget', 'no_budget', 'No budget', 92],
    ['No Budget', 'no_budget', 'No budget', 92],
    ['Too expensive', 'Too expensive', 'Too expensive', 2],
  ])('with the reason %s as the agreement knows it, or as given', (given, id, label, until) => {
    const [episode] = tell([row('handoff', 1), row('rejected', 2, { reason: given })]).episodes;
    expect(episode).toMatchObject({ reason: id, reasonLabel: label, requalifyAt: until * DAY });
  });
});

describe('a row is refused', () => {
  test.each<[string, readonly OutcomeRow[], readonly [number, RegExp]]>([
    [
      'that accepts twice',
      [row('handoff', 1), row('accepted', 2), row('accepted', 3)],
      [3, /is accepted already/],
    ],
    [
      'that rejects what was accepted',
      [row('handoff', 1), row('accepted', 2), row('rejected', 3)],
      [3, /is accepted already/],
    ],
    [
      'that hands over what is open',
      [row('handoff', 1), row('handoff', 2)],
      [2, /handed over already on 1970-01-02/],
    ],
    ['of the future', [row('handoff', 2_000)], [2_000, /lies in the future/]],
  ])('%s', (_, rows, [line, reason]) => {
    const { refused, episodes } = tell(rows);
    expect(refused).toEqual([
      { row: expect.objectContaining({ line }), reason: expect.stringMatching(reason) },
    ]);
    expect(episodes.length).toBeLessThan(2);
  });

  test('that opens a handoff without end before one that is open already', () => {
    const known = tell([row('handoff', 50)]).episodes.map(episode => ({ ...episode, isNew: false }));
    const { refused, episodes, steps } = tell([row('handoff', 10), row('accepted', 12)], known);
    expect(refused.map(({ row: { line } }) => line)).toEqual([10, 12]);
    expect([shape(episodes), steps]).toEqual([['open  50 '], []]);
  });
});

test('whatever the file says, a contact has one open episode at most, ends follow beginnings, and each row counts once', () => {
  const rows = fc.array(
    fc.record({ type: fc.constantFrom(...OUTCOME_TYPES), day: fc.integer({ min: 1, max: 20 }) }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(rows, given => {
      const told = tell(given.map(({ type, day }, index) => ({ ...row(type, day), line: index })));
      expect(told.episodes.filter(({ endedAt }) => endedAt === null).length).toBeLessThan(2);
      expect(
        told.episodes.every(({ handedOffAt, endedAt }) => endedAt === null || endedAt >= handedOffAt),
      ).toBe(true);
      const lines = [
        ...told.steps.map(({ row: { line } }) => line),
        ...told.refused.map(({ row: { line } }) => line),
      ];
      expect([...lines].sort((a, b) => a - b)).toEqual(given.map((_, index) => index));
    }),
  );
});
