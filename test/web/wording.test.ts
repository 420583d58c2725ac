import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import type { Agreement } from '../../src/core/agreement/agreement.ts';
import { parseCondition } from '../../src/core/condition/condition.ts';
import { conditionWords, makeSpelling, spellingsIn } from '../../src/core/condition/words.ts';
import { makeReport } from '../../src/core/problem.ts';
import { spanWords } from '../../src/core/time/span.ts';
import { pathWords, pointsWords, ruleWords } from '../../src/web/agreement/rulewords.ts';
import {
  alertWords,
  hoursWords,
  reasonWords,
  routeWords,
  slaWords,
} from '../../src/web/agreement/termwords.ts';

const SCORES = [
  { id: 'fit', label: 'Fit' },
  { id: 'intent', label: 'Intent' },
];

function words(raw: unknown, scope: 'profile' | 'path' = 'path'): string {
  const problems: string[] = [];
  const condition = parseCondition(
    raw,
    scope,
    makeReport((_steps, message) => problems.push(message)),
  );
  expect(problems).toEqual([]);
  return conditionWords(condition, makeSpelling({ spellings: spellingsIn(raw), scores: SCORES }));
}

function read(text: string): Agreement {
  const { agreement, problems } = readAgreementFile(text);
  if (agreement === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return agreement;
}

describe('conditions in words', () => {
  it.each([
    [{ 'company.employees': { gte: 50 } }, 'company employees is at least 50'],
    [{ 'company.employees': { gte: 50, lt: 200 } }, 'company employees is at least 50 and is less than 200'],
    [{ 'contact.title': { hasWord: ['VP', 'Chief'] } }, 'job title has the word “VP” or “Chief”'],
    [
      { 'company.industry': ['Software', 'Retail', 'Energy'] },
      'company industry is Software, Retail or Energy',
    ],
    [{ 'company.customer': true }, 'company customer is yes'],
    [{ 'contact.source': { isNot: 'partner' } }, 'source is not partner'],
    [{ 'company.name': { exists: false } }, 'company name is not known'],
    [{ 'contact.createdAt': { within: '30d' } }, 'first seen lies in the last 30 days'],
    [{ 'contact.renewalDate': { lt: '2026-03-01' } }, 'renewal date is before 1 Mar 2026'],
    [{ 'score.fit': { gte: 30 }, total: { gte: 72 } }, 'Fit is at least 30 and total is at least 72'],
    [{ not: { 'score.intent': { lt: 5 } } }, 'not (Intent is less than 5)'],
    [{ all: [] }, 'always'],
    [{ any: [] }, 'never'],
    [
      { any: [{ 'contact.a': 1 }, { all: [{ 'contact.b': 2 }, { 'contact.c': 3 }] }] },
      'a is 1 or (b is 2 and c is 3)',
    ],
  ])('%o', (raw, expected) => {
    expect(words(raw)).toBe(expected);
  });
});

describe('durations in words', () => {
  it.each([
    ['one hour', 3_600_000, '1 hour'],
    ['ninety minutes', 5_400_000, '90 minutes'],
    ['ninety days', 7_776_000_000, '90 days'],
    ['two weeks', 1_209_600_000, '14 days'],
  ])('%s', (_name, ms, expected) => {
    expect(spanWords(ms)).toBe(expected);
  });
});

describe('rules in words', () => {
  const file = `
agreement: 1
name: Core
scores: { fit: { label: Fit }, intent: { label: Intent } }
groups: { video: { label: a_seen, score: intent } }
rules:
  - { id: a, score: intent, points: 8, on: { event: page, where: { path: { startsWith: /Pricing } } }, window: 60d, limit: 3, decay: { halfLife: 14d } }
  - { id: b, label: demo requested, score: intent, points: 40, on: [Demo Requested], limit: 1, decay: { linear: 60d } }
  - { id: c, score: intent, points: 14, pattern: { within: 7d, all: [page, { on: Trial Started, times: 2 }] } }
  - { id: d, score: intent, points: -15, quiet: 30d, when: { contact.source: web } }
  - { id: e, score: fit, cases: [{ when: { company.employees: { gte: 10 } }, points: 5 }, { when: { all: [] }, points: -10 }] }
  - { id: g, label: webinar, score: intent, group: video, points: 2, on: { event: [Video, A_SEEN], where: { name: { contains: Webinar } } } }
  - { id: f, score: fit, points: 5, when: { contact.emailKind: business } }
mql: [{ id: p, when: { score.fit: { gte: 5 } }, did: { on: Demo Requested, times: 2, within: 7d } }]
`.replace('on: [Demo Requested]', 'on: Demo Requested');
  const agreement = read(file);
  const spelling = makeSpelling(agreement);

  it.each([
    [
      'a',
      'For each “page” where path starts with “/Pricing” in the last 60 days; the latest 3 count; worth half after every 14 days',
      '+8 each',
    ],
    ['b', 'The latest “Demo Requested”; fades evenly to nothing in 60 days', '+40'],
    ['c', '“page” and “Trial Started” 2 times within 7 days', '+14'],
    ['d', 'No event for 30 days; only when source is web', '−15'],
    ['e', 'The first of these that holds', '−10 to +5'],
    ['g', 'For each “Video” or “A_SEEN” where name contains “Webinar”', '+2 each'],
    ['f', 'When kind of e-mail address is business', '+5'],
  ])('rule %s', (id, expected, points) => {
    const rule = agreement.rules.find(other => other.id === id);
    expect(rule && ruleWords(rule, spelling)).toBe(expected);
    expect(rule && pointsWords(rule.evidence)).toBe(points);
  });

  it('a path says what must hold and what must have been done', () => {
    expect(agreement.mql.map(path => pathWords(path, spelling))).toEqual([
      ['Fit is at least 5', 'Did at least 2 times “Demo Requested” in the last 7 days'],
    ]);
  });
});

describe('the template in words', () => {
  const agreement = read(readFileSync(new URL('../../templates/b2b-saas.yaml', import.meta.url), 'utf8'));
  const spelling = makeSpelling(agreement);
  const { practice } = agreement;
  const everything = [
    ...agreement.rules.map(rule => ruleWords(rule, spelling)),
    ...[...agreement.mql, ...agreement.disqualify].flatMap(path => pathWords(path, spelling)),
    ...(practice.sla ?? []).flatMap(entry => slaWords(entry, spelling)),
    ...(practice.routing ?? []).flatMap(entry => Object.values(routeWords(entry, spelling))),
    ...(practice.alerts ?? []).flatMap(entry => alertWords(entry, spelling)),
    ...(practice.reasons ?? []).map(reason => reasonWords(reason, practice.nurture ?? [])),
  ];

  it('leaves nothing unsaid and shows no value as code', () => {
    expect(everything.length).toBeGreaterThan(40);
    for (const sentence of everything) {
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|[{}]/);
      expect(sentence.trim()).not.toBe('');
    }
  });

  it('says what each reason does with the lead', () => {
    const reasons = practice.reasons ?? [];
    const of = (id: string) =>
      reasons.filter(reason => reason.id === id).map(reason => reasonWords(reason, []))[0];
    expect(of('not_interested')).toBe('Recycled for 90 days, then back when something new happens.');
    expect(of('competitor')).toBe('Disqualified: not handed over again.');
    expect(of('existing_customer')).toBe('Goes to the team Customer Success instead.');
  });

  it('puts days of equal hours together', () => {
    expect(hoursWords(practice.calendars?.business?.hours ?? [])).toEqual(['Mon–Fri 09:00–17:30']);
  });
});
