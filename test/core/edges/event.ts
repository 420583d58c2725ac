import { ago, type Edge, later, line, none, noon, rule, track } from './edge.ts';

/** Which events a rule counts. */
export const matches: readonly Edge[] = [
  {
    name: 'an event name compares as text does',
    agreement: rule({ on: '  demo REQUESTED' }),
    events: [track('Demo Requested ', ago('1h'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })] },
  },
  {
    name: 'one of several event names is enough',
    agreement: rule({ on: { event: ['B', 'A'] } }),
    events: [track('A', ago('2h')), track('B', ago('1h')), track('C', ago('1s'))],
    expected: { lines: [line(20, { count: 2, lastAt: ago('1h') })] },
  },
  {
    name: 'a page call and a track call named Page are the same event',
    agreement: rule({ on: 'page' }),
    events: [
      track('Page', ago('2h')),
      { messageId: 'm', userId: 'c1', type: 'page', name: 'Pricing', timestamp: ago('1h') },
      { messageId: 's', userId: 'c1', type: 'screen', name: 'Pricing', timestamp: ago('1s') },
    ],
    expected: { lines: [line(20, { count: 2, lastAt: ago('1h') })] },
  },
  {
    name: "a page's name is among its properties, and a property of that name wins",
    agreement: rule({ on: { event: 'page', where: { name: 'pricing' } } }),
    events: [
      { messageId: '1', userId: 'c1', type: 'page', name: 'Pricing', timestamp: ago('3h') },
      {
        messageId: '2',
        userId: 'c1',
        type: 'page',
        name: 'Home',
        properties: { name: 'Pricing' },
        timestamp: ago('2h'),
      },
      {
        messageId: '3',
        userId: 'c1',
        type: 'page',
        name: 'Pricing',
        properties: { name: 'Home' },
        timestamp: ago('1h'),
      },
    ],
    expected: { lines: [line(20, { count: 2, lastAt: ago('2h') })] },
  },
  {
    name: 'a track call has no name but a property of that name',
    agreement: rule({ on: { event: 'Page', where: { name: { exists: false } } } }),
    events: [track('Page', ago('1h'), { name: 'Pricing' })],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })] },
  },
  {
    name: "path, url, title and referrer of a page are the call's properties",
    agreement: rule({
      on: { event: 'screen', where: { path: { startsWith: '/pricing' }, title: 'Prices' } },
    }),
    events: [
      {
        messageId: '1',
        userId: 'c1',
        type: 'screen',
        properties: { path: '/pricing/eu', title: 'Prices' },
        timestamp: ago('1h'),
      },
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })] },
  },
  {
    name: 'bare names in where are properties, context.* is the context, dots enter objects',
    agreement: rule({
      on: { event: 'A', where: { 'product.sku': 7, 'context.page.path': '/x', path: { exists: false } } },
    }),
    events: [
      track('A', ago('2h'), { properties: { product: { sku: '7' } }, context: { page: { path: '/X' } } }),
      track('A', ago('1h'), { properties: { product: { sku: '7' }, context: { page: { path: '/X' } } } }),
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('2h') })] },
  },
  {
    name: "within in where counts from the event's own time, and time does not turn it",
    agreement: rule({ on: { event: 'A', where: { trialStart: { within: '2d' } } } }),
    events: [
      track('A', ago('30d'), { properties: { trialStart: ago('32d', 1) } }),
      track('A', ago('29d'), { properties: { trialStart: ago('31d') } }),
      track('A', ago('28d'), { properties: { trialStart: ago('28d', 1) } }),
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('30d') })], nextChangeAt: null },
  },
  {
    name: "olderThan in where counts from the event's own time",
    agreement: rule({ on: { event: 'A', where: { trialStart: { olderThan: '2d' } } } }),
    events: [
      track('A', ago('30d'), { properties: { trialStart: ago('32d', 1) } }),
      track('A', ago('29d'), { properties: { trialStart: ago('31d') } }),
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('29d') })], nextChangeAt: null },
  },
  {
    name: 'an event without properties satisfies isNot and nothing else',
    agreement: rule({ on: { event: 'A', where: { plan: { isNot: 'free' } } } }),
    events: [track('A', ago('1h'))],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })] },
  },
  {
    name: 'identify, group and alias are not events',
    agreement: rule({ on: 'A' }),
    events: ['identify', 'group', 'alias'].map(type => track('A', ago('1h'), { type, messageId: type })),
    expected: none,
  },
  {
    name: 'a message counts once per contact',
    agreement: rule({ on: 'A' }),
    events: [
      track('A', ago('1h')),
      track('A', ago('1h')),
      track('A', ago('1h'), { userId: 'c2' }),
      track('A', ago('1h')),
    ],
    expected: { lines: [line(10, { count: 1, lastAt: ago('1h') })] },
  },
  {
    name: 'a machine-made event is not evidence',
    agreement: rule({ on: 'A' }),
    events: [track('A', ago('1h'), { machine: true }), track('A', ago('2h'), { machine: false })],
    expected: { lines: [line(10, { count: 1, lastAt: ago('2h') })] },
  },
  {
    name: 'an event at t counts, one a millisecond later does not',
    agreement: rule({ on: 'A' }),
    events: [track('A', noon), track('A', later('1s', -999))],
    expected: { lines: [line(10, { count: 1, lastAt: noon })], nextChangeAt: null },
  },
];
