import { ago, type Edge, later, track } from './edge.ts';

const trait = (id: string, points: number, keys: Readonly<Record<string, unknown>> = {}) => ({
  id,
  score: 'fit',
  points,
  when: {},
  ...keys,
});
const web = { group: 'web' };

/** Clamps and the order of lines. */
export const sums: readonly Edge[] = [
  {
    name: 'a score without rules is 0 and has no lines',
    agreement: { rules: [] },
    expected: { scores: { fit: 0 }, total: 0, lines: [], grade: null, disqualified: [], qualifies: null },
  },
  {
    name: 'a positive min lifts an empty group and an empty score',
    agreement: {
      scores: { fit: { label: 'Fit', min: 7 }, intent: { min: 2 } },
      groups: { web: { label: 'Website', score: 'fit', min: 5 } },
      rules: [],
    },
    expected: {
      scores: { fit: 7, intent: 2 },
      total: 9,
      lines: [
        { rule: null, label: 'Website raised to 5', score: 'fit', group: 'web', points: 5 },
        { rule: null, label: 'Fit raised to 7', score: 'fit', points: 2 },
        { rule: null, label: 'intent raised to 2', score: 'intent', points: 2 },
      ],
    },
  },
  {
    name: 'a group is clamped before its score, and clamp lines come last',
    agreement: {
      scores: { fit: { label: 'Fit', max: 60 } },
      groups: {
        mail: { score: 'fit', min: -5 },
        web: { label: 'Website', score: 'fit', max: 40 },
      },
      rules: [
        trait('w1', 30, web),
        trait('m1', -20, { group: 'mail' }),
        trait('w2', 13, web),
        trait('p', 50),
      ],
    },
    expected: {
      scores: { fit: 60 },
      total: 60,
      lines: [
        { rule: 'p', label: 'p', score: 'fit', points: 50 },
        { rule: 'w1', label: 'w1', score: 'fit', group: 'web', points: 30 },
        { rule: 'm1', label: 'm1', score: 'fit', group: 'mail', points: -20 },
        { rule: 'w2', label: 'w2', score: 'fit', group: 'web', points: 13 },
        { rule: null, label: 'mail raised to -5', score: 'fit', group: 'mail', points: 15 },
        { rule: null, label: 'Website capped at 40', score: 'fit', group: 'web', points: -3 },
        { rule: null, label: 'Fit capped at 60', score: 'fit', points: -25 },
      ],
    },
  },
  {
    name: 'a clamp that is only touched does not bite',
    agreement: { scores: { fit: { min: 10, max: 10 } }, rules: [trait('a', 10)] },
    expected: { total: 10, lines: [{ rule: 'a', label: 'a', score: 'fit', points: 10 }] },
  },
  {
    name: 'a negative max caps an empty score',
    agreement: { scores: { fit: { max: -3 } }, rules: [] },
    expected: { total: -3, lines: [{ rule: null, label: 'fit capped at -3', score: 'fit', points: -3 }] },
  },
  {
    name: 'lines go by score, then size, then rule id',
    agreement: {
      scores: { b: {}, a: {} },
      rules: [
        trait('z', 1, { score: 'a' }),
        trait('d', -5, { score: 'b' }),
        trait('c_2', 5, { score: 'b' }),
        trait('c10', 5, { score: 'b' }),
        trait('e', 9, { score: 'b' }),
      ],
    },
    expected: {
      scores: { b: 14, a: 1 },
      total: 15,
      lines: [
        { rule: 'e', label: 'e', score: 'b', points: 9 },
        { rule: 'c10', label: 'c10', score: 'b', points: 5 },
        { rule: 'c_2', label: 'c_2', score: 'b', points: 5 },
        { rule: 'd', label: 'd', score: 'b', points: -5 },
        { rule: 'z', label: 'z', score: 'a', points: 1 },
      ],
    },
  },
  {
    name: 'what moves under a cap shows in the lines all the same',
    agreement: {
      scores: { fit: { max: 5 } },
      rules: [trait('a', 10), trait('b', 10, { when: { 'contact.d': { within: '1d' } } })],
    },
    contacts: [{ contact: { d: ago('12h') } }],
    expected: { total: 5, nextChangeAt: later('12h') },
  },
];

const bands = { fit: { A: 40, B: 20, C: 0 } };

const graded = (points: number, grades: unknown, grade: string | null): Edge => ({
  name: `${points} points are ${grade} of ${JSON.stringify(grades)}`,
  agreement: { rules: [trait('a', points)], grades },
  expected: { grade },
});

/** Grades. */
export const grades: readonly Edge[] = [
  graded(40, bands, 'A'),
  graded(39, bands, 'B'),
  graded(20, bands, 'B'),
  graded(19, bands, 'C'),
  graded(-1, bands, 'D'),
  graded(45, { fit: { C: 0, A: 40, B: 20 } }, 'A'),
  graded(25, { fit: { C: 0, A: 40, B: 20 } }, 'B'),
  graded(-1, { fit: { C: 0, A: 40, B: 20 } }, 'D'),
  graded(35, { fit: { 1: 50, 2: 30, 3: 0 } }, '2'),
  graded(-5, { fit: { 1: 50, 2: 30, 3: 0 } }, '4'),
  graded(5, { fit: { 1: 10 } }, '2'),
  {
    name: 'a grade has one mark per named score, in the order of the scores',
    agreement: {
      scores: { intent: {}, other: {}, fit: {} },
      grades: { fit: { A: 40, B: 20 }, intent: { 1: 50, 2: 30 } },
      rules: [trait('a', 20), trait('b', 60, { score: 'intent' }), trait('c', 5, { score: 'other' })],
    },
    expected: { grade: '1B' },
  },
];

const path = (id: string, keys: Readonly<Record<string, unknown>>) => ({ id, when: {}, ...keys });

/** Paths and disqualifiers. */
export const qualifications: readonly Edge[] = [
  {
    name: 'the first path that holds is the reason',
    agreement: {
      rules: [trait('a', 10)],
      mql: [
        path('no', { when: { total: { gt: 10 } } }),
        path('yes', { when: { 'score.fit': { gte: 10 }, total: 10 } }),
        path('also', {}),
      ],
    },
    expected: { qualifies: 'yes' },
  },
  {
    name: "a path sees a score after its clamp and the contact's profile",
    agreement: {
      scores: { fit: { max: 5 } },
      rules: [trait('a', 10)],
      mql: [
        path('raw', { when: { 'score.fit': { gt: 5 } } }),
        path('clamped', { when: { any: [{ 'score.fit': 5, 'contact.title': 'cto' }] } }),
      ],
    },
    contacts: [{ contact: { title: 'CTO' } }],
    expected: { qualifies: 'clamped' },
  },
  {
    name: 'did of exactly within is too old',
    agreement: { rules: [], mql: [path('p', { did: { on: 'A', within: '7d' } })] },
    events: [track('A', ago('7d'))],
    expected: { qualifies: null, nextChangeAt: null },
  },
  {
    name: 'did within holds until it is too old',
    agreement: { rules: [], mql: [path('p', { did: { on: 'A', within: '7d' } })] },
    events: [track('A', ago('7d', 1))],
    expected: { qualifies: 'p', nextChangeAt: later('1s', -999) },
  },
  {
    name: 'did without within is for ever',
    agreement: { rules: [], mql: [path('p', { did: { on: { event: 'A', where: { n: 1 } } } })] },
    events: [track('A', ago('30d'), { properties: { n: 1 } })],
    expected: { qualifies: 'p', nextChangeAt: null },
  },
  {
    name: 'did asks for times, and loses them one by one',
    agreement: { rules: [], mql: [path('p', { did: { on: 'A', within: '7d', times: 2 } })] },
    events: [track('A', ago('1d')), track('A', ago('2d')), track('A', ago('3d'))],
    expected: { qualifies: 'p', nextChangeAt: later('5d') },
  },
  {
    name: 'did looks past machine-made events',
    agreement: { rules: [], mql: [path('p', { did: { on: 'A' } })] },
    events: [track('A', ago('1d'), { machine: true })],
    expected: { qualifies: null },
  },
  {
    name: 'both when and did must hold',
    agreement: { rules: [], mql: [path('p', { when: { total: { gt: 0 } }, did: { on: 'A' } })] },
    events: [track('A', ago('1d'))],
    expected: { qualifies: null },
  },
  {
    name: 'a disqualifier takes the qualification, and all that hold are listed in their order',
    agreement: {
      rules: [],
      disqualify: [
        { id: 'z', when: {} },
        { id: 'never', when: { any: [] } },
        { id: 'did', did: { on: 'A', times: 2 } },
        { id: 'both', when: {}, did: { on: 'A' } },
        { id: 'a', when: { 'contact.title': { exists: false } }, route: 'team' },
      ],
      mql: [path('p', {})],
    },
    events: [track('A', ago('1d'))],
    expected: { disqualified: ['z', 'both', 'a'], qualifies: null },
  },
  {
    name: 'a disqualifier that ends with time gives the qualification back',
    agreement: {
      rules: [],
      disqualify: [{ id: 'd', did: { on: 'A', within: '2d' } }],
      mql: [path('p', {})],
    },
    events: [track('A', ago('1d'))],
    expected: { disqualified: ['d'], qualifies: null, nextChangeAt: later('1d') },
  },
];
