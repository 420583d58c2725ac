import { ago, type Edge, later, line, newYear, none, rule, track } from './edge.ts';

/** Quiet rules, traits and cases. */
export const silences: readonly Edge[] = [
  {
    name: 'quiet holds at exactly its duration',
    agreement: rule({ points: -10, quiet: '7d' }),
    events: [track('A', ago('7d'))],
    expected: { lines: [line(-10)], nextChangeAt: null },
  },
  {
    name: 'quiet does not hold a millisecond before',
    agreement: rule({ points: -10, quiet: '7d' }),
    events: [track('A', ago('7d', 1))],
    expected: { ...none, nextChangeAt: later('1s', -999) },
  },
  {
    name: 'quiet before any event counts from the creation',
    agreement: rule({ points: -10, quiet: '7d' }),
    contacts: [{ createdAt: ago('6d') }],
    expected: { ...none, nextChangeAt: later('1d') },
  },
  {
    name: 'quiet of one event counts from the creation when that never happened',
    agreement: rule({ points: -10, quiet: '7d', of: 'A' }),
    contacts: [{ createdAt: ago('6d') }],
    events: [track('B', ago('1d'))],
    expected: { ...none, nextChangeAt: later('1d') },
  },
  {
    name: 'quiet of one event is not broken by another',
    agreement: rule({ points: -10, quiet: '7d', of: { event: 'A', where: { plan: 'pro' } } }),
    events: [
      track('A', ago('8d'), { properties: { plan: 'pro' } }),
      track('B', ago('1d')),
      track('A', ago('2d'), { properties: { plan: 'free' } }),
    ],
    expected: { lines: [line(-10)] },
  },
  {
    name: 'a machine-made event does not break the quiet',
    agreement: rule({ points: -10, quiet: '7d' }),
    events: [track('A', ago('1d'), { machine: true })],
    expected: { lines: [line(-10)] },
  },
  {
    name: 'a machine-made first event is where the contact begins, and so the quiet',
    agreement: rule({ points: -10, quiet: '7d' }),
    contacts: [{ createdAt: ago('1d') }],
    events: [track('A', ago('6d'), { machine: true })],
    expected: { ...none, nextChangeAt: later('1d') },
  },
  {
    name: 'an event later than t does not break the quiet',
    agreement: rule({ points: -10, quiet: '7d' }),
    events: [track('A', later('1s', -999)), track('A', ago('7d'))],
    expected: { lines: [line(-10)], nextChangeAt: null },
  },
  {
    name: 'a quiet that begins as its gate closes never shows',
    agreement: rule({ quiet: '2d', when: { 'contact.trial': { within: '1d' } } }),
    contacts: [{ contact: { trial: ago('12h') } }],
    events: [track('A', ago('36h'))],
    expected: { ...none, nextChangeAt: null },
  },
  {
    name: 'a quiet that begins as its gate opens shows at once',
    agreement: rule({ quiet: '2d', when: { 'contact.trial': { olderThan: '1d' } } }),
    contacts: [{ contact: { trial: ago('12h') } }],
    events: [track('A', ago('36h'))],
    expected: { ...none, nextChangeAt: later('12h') },
  },
  {
    name: 'a trait has its points while it holds',
    agreement: rule({ label: 'Chief', when: { 'contact.title': { hasWord: 'chief' } } }),
    contacts: [{ contact: { title: 'Chief Buyer' } }],
    expected: { lines: [line(10, { label: 'Chief' })], nextChangeAt: null },
  },
  ...[
    [900, [line(30, { label: 'Large' })]],
    [120, [line(20, { label: 'Size' })]],
    [70, []],
    [20, [line(-5, { label: 'Size' })]],
    [undefined, []],
  ].map(
    ([size, lines]): Edge => ({
      name: `of cases the first that holds counts: size ${size}`,
      agreement: {
        rules: [
          {
            id: 'r',
            label: 'Size',
            score: 'fit',
            when: { 'contact.title': { isNot: 'student' } },
            cases: [
              { when: { 'company.size': { gte: 500 } }, points: 30, label: 'Large' },
              { when: { 'company.size': { gte: 100 } }, points: 20 },
              { when: { 'company.size': { gte: 50 } }, points: 0, label: 'Neither' },
              { when: { 'company.size': { lt: 500 } }, points: -5 },
            ],
          },
        ],
      },
      contacts: [{ company: { size } }],
      expected: { lines, nextChangeAt: null },
    }),
  ),
  {
    name: 'cases stand behind their gate, and a later case comes with time',
    agreement: {
      rules: [
        {
          id: 'r',
          score: 'fit',
          when: { 'contact.createdAt': { gte: '2026-01-01' } },
          cases: [
            { when: { 'contact.createdAt': { within: '60d' } }, points: 2, label: 'New' },
            { when: {}, points: 1, label: 'Known' },
          ],
        },
      ],
    },
    contacts: [{ createdAt: newYear }],
    expected: { lines: [line(2, { label: 'New' })], nextChangeAt: '2026-03-02T00:00:00.000Z' },
  },
];
