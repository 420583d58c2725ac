import { ago, type Edge, later, line, none, rule, track } from './edge.ts';

const ab = { pattern: { within: '7d', all: ['A', 'B'] } };

/** Patterns. */
export const patterns: readonly Edge[] = [
  {
    name: 'a pattern completes at its latest event, in either order, and counts once',
    agreement: rule(ab),
    events: [track('B', ago('3d')), track('A', ago('2d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('2d') })], nextChangeAt: null },
  },
  {
    name: 'exactly within is out',
    agreement: rule(ab),
    events: [track('A', ago('8d')), track('B', ago('1d'))],
    expected: none,
  },
  {
    name: 'a millisecond less than within is in',
    agreement: rule(ab),
    events: [track('A', ago('8d', 1)), track('B', ago('1d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })] },
  },
  {
    name: 'a pattern completes again with every matching event while the others are near',
    agreement: rule(ab),
    events: [track('A', ago('6d')), track('B', ago('5d')), track('B', ago('1d')), track('C', ago('1h'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })] },
  },
  {
    name: 'a later event that completes nothing leaves the earlier completion',
    agreement: rule(ab),
    events: [track('A', ago('20d')), track('B', ago('19d')), track('B', ago('1d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('19d') })] },
  },
  {
    name: 'events of one instant complete together',
    agreement: rule(ab),
    events: [track('A', ago('1d')), track('B', ago('1d'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })] },
  },
  {
    name: 'one event may serve several items',
    agreement: rule({
      pattern: { within: '7d', all: ['A', { event: 'A', where: { plan: 'pro' } }, { event: ['A', 'B'] }] },
    }),
    events: [track('A', ago('1d'), { properties: { plan: 'Pro' } })],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1d') })] },
  },
  {
    name: 'times asks for as many within the span',
    agreement: rule({ pattern: { within: '2d', all: [{ on: 'A', times: 3 }, { on: { event: 'B' } }] } }),
    events: [
      track('A', ago('15d')),
      track('A', ago('14d')),
      track('B', ago('14d')),
      track('A', ago('13d', -1)),
      // One millisecond nearer and these would complete too.
      track('A', ago('10d')),
      track('A', ago('10d'), { messageId: '2' }),
      track('B', ago('9d')),
      track('A', ago('8d')),
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('13d', -1) })] },
  },
  {
    name: 'a pattern is out at exactly its window after completion',
    agreement: rule({ ...ab, window: '1d' }),
    events: [track('A', ago('1d')), track('B', ago('1d'))],
    expected: { ...none, nextChangeAt: null },
  },
  {
    name: 'a pattern stays through its window and decays from its completion',
    agreement: rule({ ...ab, window: '3d', decay: { lose: '50%', every: '2d' } }),
    events: [track('A', ago('4d')), track('B', ago('2d'))],
    expected: { lines: [line(5, { count: 1, lastAt: ago('2d') })], nextChangeAt: later('1d') },
  },
  {
    name: 'machine-made events complete nothing',
    agreement: rule(ab),
    events: [track('A', ago('2d')), track('B', ago('1d'), { machine: true })],
    expected: none,
  },
  {
    name: 'events later than t complete nothing',
    agreement: rule(ab),
    events: [track('A', ago('2d')), track('B', later('1d'))],
    expected: { ...none, nextChangeAt: null },
  },
];
