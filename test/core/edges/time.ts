import { ago, type Edge, later, newYear, noon, track } from './edge.ts';

const onA = { rules: [{ id: 'r', score: 'fit', points: 1, on: 'A' }] };
const trait = (when: unknown) => ({ rules: [{ id: 'r', score: 'fit', points: 1, when }] });
const lastAt = (time: string) => ({
  lines: [{ rule: 'r', label: 'r', score: 'fit', points: 1, count: 1, lastAt: time }],
});

/** An event's time. */
export const clocks: readonly Edge[] = [
  {
    name: 'a timestamp may have an offset',
    agreement: onA,
    events: [track('A', '2026-03-01T13:30:00+02:00')],
    expected: lastAt('2026-03-01T11:30:00.000Z'),
  },
  {
    name: 'without a timestamp the receipt is the time',
    agreement: onA,
    events: [{ messageId: 'm', userId: 'c1', type: 'track', event: 'A', receivedAt: ago('1h') }],
    expected: lastAt(ago('1h')),
  },
  {
    name: 'a timestamp of null counts as missing, and a sending corrects only a timestamp',
    agreement: onA,
    events: [track('A', ago('1h'), { timestamp: null, sentAt: ago('2h'), receivedAt: ago('1h') })],
    expected: lastAt(ago('1h')),
  },
  {
    name: 'a timestamp later than the receipt is the receipt',
    agreement: onA,
    events: [track('A', later('1d'), { receivedAt: ago('1h') })],
    expected: lastAt(ago('1h')),
  },
  {
    name: 'a timestamp long before the receipt stands',
    agreement: onA,
    events: [track('A', ago('3d'), { receivedAt: later('1d') })],
    expected: lastAt(ago('3d')),
  },
  {
    name: 'a client clock that runs ahead is put right',
    agreement: onA,
    events: [track('A', later('1d'), { sentAt: later('1d', 5000), receivedAt: ago('1h') })],
    expected: lastAt(ago('1h', -5000)),
  },
  {
    name: 'a client clock that runs behind is put right',
    agreement: onA,
    events: [track('A', ago('30d'), { sentAt: ago('30d', 5000), receivedAt: ago('1h') })],
    expected: lastAt(ago('1h', -5000)),
  },
  {
    name: 'a call stamped after it was sent happened no later than its receipt',
    agreement: onA,
    events: [track('A', ago('1d', 5000), { sentAt: ago('1d'), receivedAt: ago('1h') })],
    expected: lastAt(ago('1h')),
  },
  {
    name: 'a receipt without a sending corrects nothing',
    agreement: onA,
    events: [track('A', ago('1d'), { receivedAt: ago('1h') })],
    expected: lastAt(ago('1d')),
  },
];

/** Which profile is in force, and when a contact begins. */
export const profiles: readonly Edge[] = [
  {
    name: 'a version is in force from its instant on',
    agreement: trait({ 'contact.title': 'cto' }),
    contacts: [
      { id: 'c1', createdAt: newYear, at: noon, contact: { title: 'CTO' } },
      { id: 'c1', createdAt: newYear, contact: { title: 'Intern' } },
    ],
    expected: { total: 1 },
  },
  {
    name: 'a version later than t is not seen, nor foreseen',
    agreement: trait({ 'contact.title': 'cto' }),
    contacts: [
      { id: 'c1', createdAt: newYear, contact: { title: 'Intern' } },
      { id: 'c1', createdAt: newYear, at: later('1s', -999), contact: { title: 'CTO' } },
    ],
    expected: { total: 0, nextChangeAt: null },
  },
  {
    name: 'a version is the whole profile',
    agreement: trait({ any: [{ 'contact.title': 'cto' }, { 'company.size': { exists: true } }] }),
    contacts: [
      { id: 'c1', createdAt: newYear, contact: { title: 'CTO' }, company: { size: 5 } },
      { id: 'c1', createdAt: newYear, at: ago('1d'), contact: { name: 'Ada' } },
    ],
    expected: { total: 0 },
  },
  {
    name: 'the latest version wins, whatever the order of lines',
    agreement: trait({ 'contact.title': 'cto' }),
    contacts: [
      { id: 'c1', createdAt: newYear, at: ago('1d'), contact: { title: 'CTO' } },
      { id: 'c1', createdAt: newYear, at: ago('2d'), contact: { title: 'Intern' } },
      { id: 'c1', createdAt: newYear, contact: {} },
    ],
    expected: { total: 1 },
  },
  {
    name: 'of versions of one instant the later line wins',
    agreement: trait({ 'contact.title': 'cto' }),
    contacts: [
      { id: 'c1', createdAt: newYear, contact: {} },
      { id: 'c1', createdAt: newYear, at: ago('1d'), contact: { title: 'Intern' } },
      { id: 'c1', createdAt: newYear, at: ago('1d'), contact: { title: 'CTO' } },
    ],
    expected: { total: 1 },
  },
  {
    name: 'a contact does not exist before its creation',
    agreement: onA,
    contacts: [{ createdAt: later('1d') }],
    expected: { id: 'c1', at: noon, applies: false, scores: undefined, nextChangeAt: later('1d') },
  },
  {
    name: 'a contact exists at its creation',
    agreement: onA,
    contacts: [{ createdAt: noon }],
    expected: { applies: undefined, total: 0, nextChangeAt: null },
  },
  {
    name: 'an event before the given creation is the creation',
    agreement: trait({ 'contact.createdAt': ago('2d') }),
    contacts: [{ createdAt: later('1d') }],
    events: [track('B', ago('2d'))],
    expected: { total: 1 },
  },
  {
    name: 'an event later than t does not foretell the creation',
    agreement: trait({}),
    contacts: [{ createdAt: later('2d') }],
    events: [track('B', later('1d'))],
    expected: { applies: false, nextChangeAt: later('2d') },
  },
  {
    name: 'an identify call is not a first event',
    agreement: trait({}),
    contacts: [{ createdAt: later('2d') }],
    events: [track('B', ago('1d'), { type: 'identify' })],
    expected: { applies: false, nextChangeAt: later('2d') },
  },
  {
    name: 'the earliest creation of all lines is the creation',
    agreement: trait({ 'contact.createdAt': ago('2d') }),
    contacts: [
      { id: 'c1', createdAt: ago('1d') },
      { id: 'c1', createdAt: ago('2d'), at: ago('1h') },
    ],
    expected: { total: 1 },
  },
  {
    name: 'a contact that does not exist yet changes when it would print something else',
    agreement: { applies: { 'contact.createdAt': { olderThan: '1d' } }, rules: [] },
    contacts: [{ createdAt: later('1d') }],
    expected: { applies: false, nextChangeAt: later('2d') },
  },
  {
    name: 'a contact that is left out changes when it is let in',
    agreement: { ...onA, applies: { 'contact.trial': { within: '2d' } } },
    contacts: [{ contact: { trial: later('1d') } }],
    events: [track('A', ago('1d'))],
    expected: { applies: false, lines: undefined, nextChangeAt: later('1d') },
  },
  {
    name: 'a contact that is let in changes when it is left out',
    agreement: { rules: [], applies: { 'contact.trial': { within: '2d' } } },
    contacts: [{ contact: { trial: ago('1d') } }],
    expected: { applies: undefined, total: 0, nextChangeAt: later('1d') },
  },
  {
    name: 'what moves while a contact is left out is not a change',
    agreement: {
      applies: { 'contact.title': { exists: true } },
      rules: [{ id: 'r', score: 'fit', points: 100, on: 'A', decay: { halfLife: '1h' } }],
    },
    events: [track('A', ago('1h'))],
    expected: { applies: false, nextChangeAt: null },
  },
];

/** The ends of time: what conditions make of dates that mean never, and of those beyond what can be printed. */
export const farTimes: readonly Edge[] = [
  {
    name: 'what would change after the year 9999 never does',
    agreement: trait({ 'contact.contractEnd': { olderThan: '30d' } }),
    contacts: [{ contact: { contractEnd: '9999-12-31' } }],
    expected: { total: 0, nextChangeAt: null },
  },
  {
    name: 'the last change is that of the last instant',
    agreement: trait({ 'contact.contractEnd': { olderThan: '1d' } }),
    contacts: [{ contact: { contractEnd: '9999-12-30T23:59:59.999Z' } }],
    expected: { total: 0, nextChangeAt: '9999-12-31T23:59:59.999Z' },
  },
  {
    name: 'a millisecond later it is too late',
    agreement: trait({ 'contact.contractEnd': { olderThan: '1d' } }),
    contacts: [{ contact: { contractEnd: '9999-12-31T00:00:00.000Z' } }],
    expected: { total: 0, nextChangeAt: null },
  },
  {
    name: 'an instant beyond 9999 by its offset has not come, and never comes',
    agreement: trait({ 'contact.renewal': { within: '30d' } }),
    contacts: [{ contact: { renewal: '9999-12-31T23:59:59-23:59' } }],
    expected: { total: 0, nextChangeAt: null },
  },
  {
    name: 'an instant beyond 9999 by its offset is later than others',
    agreement: trait({ 'contact.renewal': { gt: '9999-12-31T23:59:59.999Z' } }),
    contacts: [{ contact: { renewal: '9999-12-31T23:59:59-00:01' } }],
    expected: { total: 1 },
  },
  {
    name: 'the year 0 is long over',
    agreement: trait({ 'contact.renewal': { olderThan: '3650d' } }),
    contacts: [{ contact: { renewal: '0000-01-01T00:00:00+23:59' } }],
    expected: { total: 1, nextChangeAt: null },
  },
  {
    name: 'far instants in a list hold up no near one',
    agreement: trait({ 'contact.renewals': { within: '30d' } }),
    contacts: [{ contact: { renewals: ['9999-12-31T23:59:59-23:59', later('1d'), '0000-01-01'] } }],
    expected: { total: 0, nextChangeAt: later('1d') },
  },
  {
    name: 'a half-life that outlasts the year 9999 fades no more by then',
    agreement: {
      rules: [{ id: 'r', score: 'fit', points: 1000, on: 'A', decay: { halfLife: '3650d' } }],
    },
    contacts: [{ createdAt: '9999-12-01T00:00:00Z' }],
    events: [track('A', '9999-12-30T00:00:00Z')],
    at: '9999-12-31T23:59:59.998Z',
    expected: { total: 1000, nextChangeAt: null },
  },
];
