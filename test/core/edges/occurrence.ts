import { ago, type Edge, later, line, none, noon, rule, track } from './edge.ts';

/** Occurrences: windows, limits, decays, rounding. */
export const occurrences: readonly Edge[] = [
  {
    name: 'an age of exactly the window is out, a millisecond less is in',
    agreement: rule({ on: 'A', window: '7d' }),
    events: [track('A', ago('7d')), track('A', ago('7d', 1))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('7d', 1) })], nextChangeAt: later('1s', -999) },
  },
  {
    name: 'of equal times the limit takes as many as it may',
    agreement: rule({ on: 'A', limit: 2 }),
    events: ['1', '2', '3'].map(messageId => track('A', ago('1h'), { messageId })),
    expected: { lines: [line(20, { count: 2, lastAt: ago('1h') })] },
  },
  {
    name: 'the limit keeps the most recent, whatever their order in the file',
    agreement: rule({ on: 'A', limit: 2, decay: { linear: '10d' } }),
    events: [track('A', ago('1d')), track('A', ago('9d')), track('A', ago('2d'))],
    expected: { lines: [line(17, { count: 2, lastAt: ago('1d') })] },
  },
  {
    name: 'an event beyond the limit leaves its window unseen',
    agreement: rule({ on: 'A', limit: 1, window: '7d' }),
    events: [track('A', ago('1d')), track('A', ago('6d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })], nextChangeAt: later('6d') },
  },
  {
    name: 'a half-life halves',
    agreement: rule({ on: 'A', decay: { halfLife: '1d' } }),
    events: [track('A', ago('1d')), track('A', ago('2d')), track('A', noon)],
    // 5 + 2.5 + 10
    expected: { lines: [line(18, { count: 3, lastAt: noon })] },
  },
  ...[
    [1, 1],
    [-1, -1],
    [5, 3],
    [-5, -3],
    [4, 2],
    [-4, -2],
  ].map(
    ([points, rounded = 0]): Edge => ({
      name: `half of ${points} rounds to ${rounded}, away from zero`,
      agreement: rule({ points, on: 'A', decay: { halfLife: '1d' } }),
      events: [track('A', ago('1d'))],
      expected: { lines: [line(rounded, { count: 1, lastAt: ago('1d') })] },
    }),
  ),
  {
    name: 'the half itself still counts, the millisecond after it does not',
    agreement: rule({ points: 1, on: 'A', decay: { halfLife: '1d' } }),
    events: [track('A', noon)],
    expected: { lines: [line(1, { count: 1, lastAt: noon })], nextChangeAt: later('1d', 1) },
  },
  {
    name: 'less than 1e-9 short of a half is the half',
    agreement: rule({ points: 1, on: 'A', decay: { halfLife: '3650d' } }),
    events: [track('A', ago('3650d', -909))],
    // 0.5 × 2^(-909 ms / 3650 d) is 0.99897e-9 short; 910 ms make it 1.00007e-9.
    expected: {
      lines: [line(1, { count: 1, lastAt: ago('3650d', -909) })],
      nextChangeAt: later('1s', -999),
    },
  },
  {
    name: 'more than 1e-9 short of a half is not',
    agreement: rule({ points: -1, on: 'A', decay: { halfLife: '3650d' } }),
    events: [track('A', ago('3650d', -910))],
    expected: { ...none, nextChangeAt: null },
  },
  {
    name: 'a linear decay is nothing at its end',
    agreement: rule({ on: 'A', decay: { linear: '10d' } }),
    events: [track('A', ago('10d'))],
    expected: { ...none, nextChangeAt: null },
  },
  {
    name: 'a linear decay rounds a half up until it is past',
    agreement: rule({ on: 'A', decay: { linear: '10d' } }),
    events: [track('A', ago('9d'))],
    expected: { lines: [line(1, { count: 1, lastAt: ago('9d') })], nextChangeAt: later('12h', 1) },
  },
  {
    name: 'a stepwise decay steps at the step, not before',
    agreement: rule({ on: 'A', decay: { lose: '25%', every: '1d' } }),
    events: [track('A', ago('1d', 1))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d', 1) })], nextChangeAt: later('1s', -999) },
  },
  ...[
    ['1d', 8],
    ['2d', 5],
    ['3d', 3],
  ].map(
    ([age, points]): Edge => ({
      name: `losing 25 a day leaves ${points} of 10 after ${age}`,
      agreement: rule({ on: 'A', decay: { lose: 25, every: '1d' } }),
      events: [track('A', ago(String(age)))],
      expected: {
        lines: [line(Number(points), { count: 1, lastAt: ago(String(age)) })],
        nextChangeAt: later('1d'),
      },
    }),
  ),
  {
    name: 'a stepwise decay does not fall below nothing',
    agreement: rule({ points: 10, on: 'A', decay: { lose: '30%', every: '1d' } }),
    events: [track('A', ago('4d')), track('A', ago('30d')), track('A', ago('3d'))],
    expected: { lines: [line(1, { count: 3, lastAt: ago('3d') })], nextChangeAt: later('1d') },
  },
  {
    name: 'losing 100 is gone after one step',
    agreement: rule({ on: 'A', decay: { lose: '100%', every: '36h' } }),
    events: [track('A', ago('1d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })], nextChangeAt: later('12h') },
  },
  {
    name: 'the sum is rounded, not its parts',
    agreement: rule({ points: 1, on: 'A', decay: { lose: 60, every: '1d' } }),
    events: ['1', '2', '3'].map(messageId => track('A', ago('1d'), { messageId })),
    expected: { lines: [line(1, { count: 3, lastAt: ago('1d') })] },
  },
  {
    name: 'a sum of nine halves ends in a half and goes up',
    agreement: rule({ points: 5, on: 'A', decay: { lose: 90, every: '1d' } }),
    events: [...'abcdefghi'].map(messageId => track('A', ago('1d'), { messageId })),
    // 9 × 0.5
    expected: { lines: [line(5, { count: 9, lastAt: ago('1d') })] },
  },
  {
    name: 'faded occurrences are counted',
    agreement: rule({ on: 'A', decay: { linear: '1d' } }),
    events: [track('A', ago('5d')), track('A', noon)],
    expected: { lines: [line(10, { count: 2, lastAt: noon })] },
  },
  {
    name: 'a faded occurrence that leaves the window changes the count and so the print',
    agreement: rule({ on: 'A', window: '6d', decay: { lose: 50, every: '5d' } }),
    events: [track('A', ago('5d')), track('A', noon), track('A', ago('5d', 1))],
    // The 5 d old ones are worth 5 now and 10 for a millisecond more.
    expected: { lines: [line(25, { count: 3, lastAt: noon })], nextChangeAt: later('1s', -999) },
  },
  {
    name: 'a rule that contributes 0 has no line',
    agreement: rule({ points: 1, on: 'A', decay: { halfLife: '1d' } }),
    events: [track('A', ago('3d'))],
    expected: { ...none, nextChangeAt: null },
  },
  {
    name: 'a gate that does not hold silences a rule until it opens',
    agreement: rule({ on: 'A', when: { 'contact.trialEnds': { olderThan: '1d' } } }),
    contacts: [{ contact: { trialEnds: ago('12h') } }],
    events: [track('A', ago('1h'))],
    expected: { ...none, nextChangeAt: later('12h') },
  },
  {
    name: 'a gate that holds closes when its instant has passed out of reach',
    agreement: rule({ on: 'A', when: { 'contact.trialEnds': { within: '1d' } } }),
    contacts: [{ contact: { trialEnds: ago('12h') } }],
    events: [track('A', ago('1h'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })], nextChangeAt: later('12h') },
  },
  {
    name: 'within begins to hold when its instant arrives',
    agreement: rule({ when: { 'contact.trialEnds': { within: '1d' } } }),
    contacts: [{ contact: { trialEnds: later('12h') } }],
    expected: { ...none, nextChangeAt: later('12h') },
  },
  {
    name: 'a change that one rule makes and another takes back still shows in the lines',
    agreement: {
      rules: [
        { id: 'a', score: 'fit', points: 5, when: { 'contact.d': { within: '1d' } } },
        { id: 'b', score: 'fit', points: 5, when: { 'contact.d': { olderThan: '1d' } } },
      ],
    },
    contacts: [{ contact: { d: ago('12h') } }],
    expected: { total: 5, nextChangeAt: later('12h') },
  },
];
