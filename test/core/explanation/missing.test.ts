import { expect, it } from 'vitest';
import { missingOf } from '../../../src/core/explanation/missing.ts';
import { agreementOf, breakdownOf, type Deed, instant, leadOf } from '../lead/lead.ts';
import { stories, TODAY } from '../lead/story.ts';

const at = instant(TODAY);

it('says what leads of all kinds lack to qualify', async () => {
  const said = stories.map(({ name, agreement, story }) => {
    const lead = leadOf(agreement, story);
    const score = breakdownOf(lead, at);
    const missing = missingOf({ ...lead, score, at });
    const lines = missing === null ? [`qualifies: ${score.qualifies}`] : missing.text;
    return `${name} (${agreement.name})\n${lines.map(line => `  ${line}\n`).join('')}`;
  });
  await expect(said.join('\n')).toMatchFileSnapshot('../golden/missing.txt');
});

it('a way gives what it says, with caps, limits and everything else that the same event counts for', () => {
  let tried = 0;
  for (const { agreement, story } of stories) {
    const lead = leadOf(agreement, story);
    const score = breakdownOf(lead, at);
    for (const path of missingOf({ ...lead, score, at })?.paths ?? []) {
      const gaps = path.points.map(gap => gap.score);
      for (const way of path.ways) {
        const evidence = agreement.rules.find(({ id }) => id === way.rule)?.evidence;
        if (evidence?.kind !== 'occurrences' || evidence.on.where !== null) continue;
        const more = Array.from({ length: way.times }, (): Deed => [TODAY, evidence.on.names[0] ?? '']);
        const then = breakdownOf(
          leadOf(agreement, { ...story, deeds: [...(story.deeds ?? []), ...more] }),
          at,
        );
        const gain = gaps.includes(null)
          ? then.total - score.total
          : gaps.reduce((sum, id) => sum + (then.scores[id ?? ''] ?? 0) - (score.scores[id ?? ''] ?? 0), 0);
        expect({ path: path.id, ...way, gain }).toEqual({ path: path.id, ...way });
        tried += 1;
      }
    }
  }
  expect(tried).toBeGreaterThan(5);
});

const condition = (when: object, more: object = {}) =>
  agreementOf({
    agreement: 1,
    name: 'Edges',
    scores: { fit: { max: 40 }, intent: {} },
    groups: { web: { label: 'Website', score: 'intent', max: 20 } },
    rules: [
      { id: 'boss', label: 'Boss', score: 'fit', points: 30, when: { 'contact.title': 'Boss' } },
      { id: 'visit', label: 'Visit', score: 'intent', group: 'web', points: 10, on: 'page' },
      { id: 'call', label: 'Call', score: 'intent', points: 7, on: 'Call', limit: 2 },
    ],
    mql: [{ id: 'path', label: 'Path', when, ...more }],
  });

const lacks = (agreement: ReturnType<typeof condition>, story: Parameters<typeof leadOf>[1] = {}) => {
  const lead = leadOf(agreement, story);
  return missingOf({ ...lead, score: breakdownOf(lead, at), at });
};

const BOSS = { contact: { title: 'Boss' } };
const capped: Parameters<typeof leadOf>[1] = {
  ...BOSS,
  deeds: [
    ['2026-03-01', 'page'],
    ['2026-03-02', 'page'],
  ],
};

it.each([
  [
    'the lower of two ways',
    { any: [{ 'score.fit': { gte: 35 } }, { 'score.intent': { gte: 9 } }] },
    BOSS,
    ['Fit 5'],
    5,
  ],
  [
    'a threshold shared by both parts',
    {
      all: [
        { 'score.fit': { gte: 38 } },
        { any: [{ 'score.fit': { gte: 36 } }, { 'score.intent': { gte: 1 } }] },
      ],
    },
    BOSS,
    ['Fit 8'],
    8,
  ],
  [
    'the total, of which a score gives a part',
    { 'score.fit': { gte: 33 }, total: { gte: 50 } },
    BOSS,
    ['Fit 3', 'Total 20'],
    20,
  ],
  ['a threshold that must be passed', { total: { gt: 30 } }, BOSS, ['Total 1'], 1],
  ['a threshold between whole points', { total: { gte: 30.5 } }, BOSS, ['Total 1'], 1],
] as const)('the fewest points: %s', (_name, when, story, short, fewest) => {
  const [path] = lacks(condition(when), story)?.paths ?? [];
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  expect(path?.points.map(gap => `${capital(gap.label)} ${gap.short}`)).toEqual(short);
  expect(path?.fewest).toBe(fewest);
});

it('a group at its cap is not a way up', () => {
  const agreement = condition({ 'score.intent': { gte: 26 } });
  const [path] = lacks(agreement, capped)?.paths ?? [];
  expect(path?.ways.map(({ text }) => text)).toEqual(['Call, once (+7)']);
});

it('a rule at its limit is not a way up', () => {
  const agreement = condition({ 'score.intent': { gte: 100 } });
  const deeds: Deed[] = [...(capped.deeds ?? []), ['2026-03-03', 'Call'], ['2026-03-04', 'Call']];
  expect(lacks(agreement, { ...capped, deeds })?.paths[0]?.ways).toEqual([]);
});

it('a threshold above the bound of its score is out of reach, and said to be', () => {
  const [path] = lacks(condition({ 'score.fit': { gte: 41 } }), BOSS)?.paths ?? [];
  expect(path).toMatchObject({ reachable: false, ways: [] });
  expect(path?.text).toBe('out of reach: fit is 40 at most; fit 11 short of 41');
});

const SEEN = '2026-03-01T00:00:00Z';
const only = (rules: readonly object[]) =>
  agreementOf({
    agreement: 1,
    name: 'Profile',
    scores: { fit: {} },
    rules: rules.map((rule, index) => ({ id: `r${index}`, score: 'fit', ...rule })),
    mql: [{ id: 'path', when: { total: { gte: 30 } } }],
  });
const boss = { points: 30, when: { 'contact.title': 'Boss' } };
const hidden = { points: -5, when: { 'contact.phone': { exists: false } } };
const sized = { cases: [{ when: { 'company.employees': { gte: 50 } }, points: 9 }] };
const clerk = { title: 'Clerk', seenAt: SEEN };

it.each([
  ['all that it reads is known', [boss], clerk, true],
  ['nothing is known', [boss], {}, false],
  ['something of it is not known', [boss, sized], clerk, false],
  [
    'what is not known could only lower it',
    [boss, { ...hidden, when: { 'contact.phone': '1' } }],
    clerk,
    true,
  ],
  ['what is not known lowers it now', [boss, hidden], clerk, false],
  ['what is not known counts already', [boss, { points: 5, when: hidden.when }], clerk, true],
  ['an event could raise it', [boss, { points: 1, on: 'page' }], clerk, false],
  [
    'time could raise it',
    [boss, { points: 9, when: { 'contact.seenAt': { olderThan: '90d' } } }],
    clerk,
    false,
  ],
  ['nothing could raise it', [{ points: 5, when: hidden.when }], clerk, false],
])(
  'that only a change in the profile could give points is said where it is so: %s',
  (_name, rules, contact, settled) => {
    const [path] = lacks(only(rules), { contact })?.paths ?? [];
    expect(path?.points.map(short => short.settled)).toEqual([settled]);
    expect(path?.text.endsWith('short of 30 (only a change in the profile could give that)')).toBe(settled);
    expect(settled && path?.ways.length !== 0).toBe(false);
  },
);

it('texts and events are named as the author of the agreement wrote them', () => {
  const agreement = condition(
    { 'contact.title': { hasWord: ['VP', 'Chief'] } },
    { did: { on: { event: ['A_Seen', 'O_SENT'] } } },
  );
  expect(lacks(agreement, BOSS)?.paths[0]?.text).toBe(
    'still to come: “A_Seen” or “O_SENT”, once; needs: job title has the word “VP” or “Chief” (is Boss)',
  );
});

it.each([
  [{ not: { 'contact.title': 'Boss' } }, 'needs: not (job title is Boss)'],
  [
    { 'contact.title': { hasWord: ['vp', 'chief'] } },
    'needs: job title has the word “vp” or “chief” (is Boss)',
  ],
  [
    { 'company.employees': { gte: 50, lt: 200 } },
    'needs: company employees is at least 50 and is less than 200 (is not known)',
  ],
  [{ 'score.fit': { lt: 10 } }, 'needs: fit is less than 10'],
  [{ any: [] }, 'out of reach: the agreement does not allow it'],
])('what points do not mend is said in words: %j', (when, text) => {
  expect(lacks(condition(when), BOSS)?.paths[0]?.text).toBe(text);
});

it('what was not done often enough is counted within its span', () => {
  const did = { did: { on: 'page', times: 3, within: '10d' } };
  const deeds: Deed[] = [
    ['2026-03-08T15:00:00Z', 'page'],
    ['2026-03-08T15:00:00.001Z', 'page'],
  ];
  expect(lacks(condition({ all: [] }, did), { deeds })?.paths[0]).toMatchObject({
    points: [],
    evidence: { did: 1, times: 3, withinMs: 864_000_000 },
    text: 'still to come: Visit, three times within 10 days (one so far)',
  });
});

it('an agreement without paths says so', () => {
  const none = { ...condition({ all: [] }), mql: [] };
  expect(lacks(none)).toEqual({
    disqualified: [],
    paths: [],
    text: ['The agreement names no path to qualify by'],
  });
});
