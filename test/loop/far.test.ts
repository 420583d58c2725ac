import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { formatInstant, LAST_INSTANT, parseKept } from '../../src/core/time/instant.ts';
import type { Database } from '../../src/db/database.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { planAgreement } from '../../src/loop/backtest/plan.ts';
import { sweepStale } from '../../src/loop/evaluation/sweep.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { DRIVERS } from '../db/opened.ts';
import { importLines } from '../import/imported.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const FAREST = '9999-12-31T23:59:59-23:59';
/** Dates at the ends of time, as people and programs write them, and beyond. */
const FAR = [
  '9999-12-31',
  '9999-12-31T23:59:59.999Z',
  FAREST,
  '0001-01-01',
  '0000-01-01',
  '0001-01-01T00:00:00+23:59',
];
/** Numbers and texts that some type of a database cannot hold. */
const ODD = [
  1e308,
  -1e308,
  5e-324,
  -0,
  Number.MAX_SAFE_INTEGER * 4096,
  '1e999',
  'NaN',
  '-0',
  'a\u0000b',
  'x\ud800',
  '\udfffy',
];

/** The agreement of the loop, which reads dates of contacts and companies in every way. */
const DATED = {
  ...AGREEMENT,
  rules: [
    ...AGREEMENT.rules,
    {
      id: 'ended',
      label: 'Ended',
      score: 'fit',
      points: 5,
      when: { 'contact.contractEnd': { olderThan: '30d' } },
    },
    {
      id: 'renews',
      label: 'Renews',
      score: 'fit',
      points: 5,
      when: { 'contact.contractEnd': { within: '3650d' } },
    },
    {
      id: 'later',
      label: 'Later',
      score: 'fit',
      points: 5,
      when: { 'company.renewal': { gt: '2026-01-01' } },
    },
    {
      id: 'deal',
      label: 'Deal',
      score: 'intent',
      points: 5,
      on: { event: 'Deal', where: { until: { within: '30d' } } },
    },
    { id: 'big', label: 'Big', score: 'fit', points: 5, when: { 'contact.budget': { gte: 10 } } },
  ],
};

describe.each(DRIVERS)('far dates on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement: DATED });
    story.at('2026-03-02T10:00:00Z');
  });

  const identify = (userId: string, traits: object) => ({ type: 'identify', userId, traits });

  test.each(FAR)('%s in a field is scored, and holds nobody up', async far => {
    await story.call([
      identify('u1', { contractEnd: far, company: { renewal: far } }),
      identify('u2', { title: 'VP', trialEndsAt: '2026-03-02T09:00:00Z' }),
    ]);
    await story.call({ type: 'track', event: 'Deal', userId: 'u1', properties: { until: far } });
    const at = parseKept(far) ?? 0;
    expect((await story.see('u1')).nextChangeAt).toBe(at > 0 ? formatInstant(at) : null);
    story.at('2026-03-03T10:00:00Z');
    await story.tick();
    expect((await story.see('u2')).total).toBe(50);
  });

  test('a change that would come after 9999 is never, in the database as in what is printed', async () => {
    await story.call(identify('u1', { contractEnd: '9999-12-31' }));
    const { id, nextChangeAt } = await story.see('u1');
    const printed = await scoreOfContact(db, {
      contactId: id,
      at: Date.parse('2026-03-02T10:00:00Z'),
      knownAt: LAST_INSTANT,
      agreementId: null,
      version: null,
    });
    // It comes to be within ten years of its end once, 31 December 9999.
    expect(nextChangeAt).toBe('9999-12-31T00:00:00.000Z');
    expect(printed).toMatchObject({ nextChangeAt });
    const last = await scoreOfContact(db, {
      contactId: id,
      at: Date.parse('9999-12-31'),
      knownAt: LAST_INSTANT,
      agreementId: null,
      version: null,
    });
    expect(last).toMatchObject({ total: 5, nextChangeAt: null });
  });

  test.each(FAR)('a creation of %s is kept, or is none', async far => {
    await story.call([identify('u1', { createdAt: far }), identify('u2', { title: 'VP' })]);
    const isFirst = far === '0001-01-01';
    expect((await story.see('u1')).createdAt).toBe(
      isFirst ? '0001-01-01T00:00:00.000Z' : '2026-03-02T10:00:00.000Z',
    );
    expect((await story.see('u2')).total).toBe(20);
  });

  test('values of every odd kind are taken in, read back and scored', async () => {
    await story.call(
      ODD.flatMap((odd, index) => [
        identify(`o${index}`, {
          budget: odd,
          contractEnd: odd,
          title: odd,
          name: odd,
          phone: odd,
          createdAt: odd,
        }),
        { type: 'track', event: 'Deal', userId: `o${index}`, properties: { until: odd, amount: odd } },
        { type: 'group', userId: `o${index}`, groupId: `g${index}`, traits: { employees: odd, name: odd } },
      ]),
    );
    await story.tick();
    expect(await story.count('standing')).toBe(ODD.length);
    expect((await story.see('o0')).total).toBe(5);
    expect((await story.see('o1')).total).toBe(0);
  });

  test('a number beyond all numbers is not there, from the first score on', async () => {
    const read = JSON.parse('{"budget": 1e999, "contractEnd": -1e999}');
    await story.call(identify('u1', read));
    const first = (await story.see('u1')).total;
    await story.call(identify('u1', { title: 'VP' }));
    expect([first, (await story.see('u1')).total]).toEqual([0, 20]);
  });

  test('an import takes them, and refuses those that no database can keep where an instant must stand', async () => {
    const contacts = FAR.map((far, index) => ({
      id: `c${index}`,
      contact: { contractEnd: far },
      company: { renewal: far },
    }));
    const done = await importLines(story.app, 'contacts', contacts);
    expect(done).toMatchObject({ taken: FAR.length, refused: [] });
    const instants = FAR.map((far, index) => ({ id: `d${index}`, createdAt: far, contact: {} }));
    await expect(importLines(story.app, 'contacts', instants)).rejects.toThrow(
      /createdAt: "9999-12-31T23:59:59-23:59" lies before the year 1 or after 9999/,
    );
    const kept = instants.filter(({ createdAt }) => ['9999-12-31', '0001-01-01'].includes(createdAt));
    expect(await importLines(story.app, 'contacts', kept)).toMatchObject({ taken: 2, refused: [] });
    await expect(
      importLines(story.app, 'events', [
        { messageId: 'm', userId: 'c1', type: 'track', event: 'E', timestamp: FAREST },
      ]),
    ).rejects.toThrow('timestamp: "9999-12-31T23:59:59-23:59" lies before the year 1 or after 9999');
    await expect(
      importLines(story.app, 'outcomes', [{ contactId: 'c1', type: 'handoff', at: '0000-01-01' }]),
    ).rejects.toThrow('at: "0000-01-01" lies before the year 1 or after 9999');
    const past = [
      { contactId: 'c1', type: 'handoff', at: '0001-01-01' },
      { contactId: 'c2', type: 'won', at: '9999-12-31' },
    ];
    expect((await importLines(story.app, 'outcomes', past)).refused).toEqual([
      '2: at: 9999-12-31T00:00:00.000Z lies in the future',
    ]);
    await story.tick();
    expect(await story.count('standing')).toBe(FAR.length + kept.length);
  });

  test('an agreement that reads them is planned, activated and scores everybody', async () => {
    const plain = await begin(db);
    plain.at('2026-03-02T10:00:00Z');
    await plain.call(FAR.map((far, index) => identify(`u${index}`, { contractEnd: far, title: 'VP' })));
    const now = Date.parse('2026-03-02T10:00:00Z');
    const read = readAgreementFile(JSON.stringify(DATED));
    if (read.problems !== null) throw new Error('the agreement of the test is not valid');
    const plan = await planAgreement(plain.app, read.agreement, { now, named: 0, report: () => {} });
    expect(plan.contacts).toBe(FAR.length);
    await activateAgreement(db, JSON.stringify(DATED), { actor: 'a test', now });
    await sweepStale(plain.app, now);
    const totals = await Promise.all(FAR.map(async (_far, index) => (await plain.see(`u${index}`)).total));
    expect(totals).toEqual([20, 20, 20, 25, 25, 25]);
  });
});
