import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LAST_INSTANT } from '../../src/core/time/instant.ts';
import type { Database, Sql } from '../../src/db/database.ts';
import { readTogether } from '../../src/db/snapshot.ts';
import { activeAgreements } from '../../src/loop/agreement/active.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { loadPasts } from '../../src/loop/scoring/past.ts';
import { DRIVERS } from '../db/opened.ts';
import { classOf } from './classing.ts';
import { begin, type Story } from './story.ts';

const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}T10:00:00.000Z`;
const ms = (n: number) => Date.parse(day(n));

const identify = (ids: object, traits: object = {}, more: object = {}) => ({
  type: 'identify',
  ...ids,
  traits,
  ...more,
});
const demo = (ids: object, more: object = {}) => ({
  type: 'track',
  event: 'Demo Requested',
  ...ids,
  ...more,
});
const page = (ids: object, more: object = {}) => ({ type: 'page', ...ids, ...more });
const u1 = { userId: 'u1' };

describe.each(DRIVERS)('the past on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  const idOf = async (who: string) => (await story.see(who)).id;
  /** The total of a contact as of a day, with what is known at the end, or was on another day; null: not scored. */
  const total = async (id: string, at: number, knownAt?: number) => {
    const printed = await printedScore(id, at, knownAt);
    return printed === null || 'applies' in printed ? null : printed.total;
  };
  const printedScore = (id: string, at: number, knownAt?: number) =>
    scoreOfContact(db, {
      contactId: id,
      at: ms(at),
      knownAt: knownAt === undefined ? LAST_INSTANT : ms(knownAt),
      agreementId: null,
      version: null,
    });

  test('a late event counts for its day, and did not while it was unknown', async () => {
    const { at, call } = story;
    at(day(1));
    await call(identify(u1, { title: 'VP' }));
    at(day(6));
    await call(page(u1, { timestamp: day(3) }));
    const id = await idOf('u1');
    expect([await total(id, 4), await total(id, 4, 5), await total(id, 4, 6)]).toEqual([30, 20, 30]);
    expect([await total(id, 2), await total(id, 2, 2)]).toEqual([20, 20]);
    expect([await total(id, 7), await total(id, 7, 5)]).toEqual([30, 20]);
  });

  test('a late word on the profile counts from its day, and did not while it was unknown', async () => {
    const { at, call } = story;
    at(day(1));
    await call(identify(u1, { title: 'VP' }));
    at(day(6));
    await call(identify(u1, { title: 'Clerk' }, { timestamp: day(3) }));
    const id = await idOf('u1');
    expect([await total(id, 4), await total(id, 4, 5), await total(id, 4, 6)]).toEqual([0, 20, 0]);
    expect([await total(id, 2), await total(id, 2, 2)]).toEqual([20, 20]);
  });

  test('a late word on the company counts from its day, for its people too, and did not while it was unknown', async () => {
    const { at, call } = story;
    at(day(1));
    await call([
      identify(u1, { email: 'ann@acme.com' }),
      identify({ userId: 'u2' }, { email: 'bo@acme.com' }),
    ]);
    at(day(6));
    await call({ type: 'group', ...u1, groupId: 'g1', traits: { industry: 'Software' }, timestamp: day(3) });
    for (const id of [await idOf('u1'), await idOf('u2')]) {
      expect([await total(id, 4), await total(id, 4, 5), await total(id, 4, 6)]).toEqual([20, 0, 20]);
      // The company was told about on the third: before, it was not in software as far as anybody knows now.
      expect([await total(id, 2), await total(id, 2, 6)]).toEqual([0, 0]);
    }
  });

  test('an event classed as made by a machine, and back, counts as it did on each day', async () => {
    const { at, call } = story;
    at(day(1));
    await call([identify(u1, { title: 'VP' }), page(u1)]);
    const classed = classOf(story);
    at(day(4));
    await classed('page', true);
    at(day(6));
    await classed('page', false);
    const id = await idOf('u1');
    for (const asked of [2, 5, 7]) {
      expect(await total(id, asked)).toBe(30);
      expect([await total(id, asked, 2), await total(id, asked, 5), await total(id, asked, 7)]).toEqual([
        30, 20, 30,
      ]);
    }
  });

  test('a contact joined to another was itself before, and the other held nothing of it', async () => {
    const { at, call } = story;
    at(day(1));
    await call(page({ anonymousId: 'a1' }));
    const visitor = await idOf('a1');
    at(day(2));
    await call(identify(u1, { title: 'VP' }));
    const known = await idOf('u1');
    at(day(5));
    await call(identify(u1, {}, { anonymousId: 'a1' }));
    expect(await idOf('a1')).toBe(known);
    // Known now, one person did it all; as it was known then, there were two.
    expect([await total(known, 3), await total(visitor, 3)]).toEqual([30, 30]);
    expect([await total(known, 3, 4), await total(visitor, 3, 4)]).toEqual([20, 10]);
    expect([await total(known, 1), await total(known, 1, 1)]).toEqual([10, null]);
    expect((await printedScore(visitor, 3, 4))?.id).toBe(visitor);
    expect((await printedScore(visitor, 3, 5))?.id).toBe(known);
    expect((await printedScore(visitor.toUpperCase(), 3, 4))?.id).toBe(visitor);
  });

  test('contacts joined one after the other are told apart at every step', async () => {
    const { at, call } = story;
    // The elder stays: the visitor goes to the middle one, and with it to the last.
    at('2026-02-28T10:00:00Z');
    await call(identify(u1, { email: 'ann@acme.com' }));
    at(day(1));
    await call(page({ anonymousId: 'a1' }));
    const first = await idOf('a1');
    at(day(2));
    await call(identify({ userId: 'u2' }, { title: 'VP' }));
    const [middle, last] = [await idOf('u2'), await idOf('u1')];
    at(day(3));
    await call(identify({ userId: 'u2' }, {}, { anonymousId: 'a1' }));
    at(day(4));
    await call(page({ userId: 'u2' }, { messageId: 'after' }));
    at(day(5));
    await call(identify({ userId: 'u2' }, { email: 'ann@acme.com' }));
    for (const who of ['a1', 'u1', 'u2']) expect(await idOf(who)).toBe(last);
    const then = async (knownAt: number) => [
      await total(first, 6, knownAt),
      await total(middle, 6, knownAt),
      await total(last, 6, knownAt),
    ];
    expect(await then(2)).toEqual([10, 20, 0]);
    expect(await then(3)).toEqual([30, 30, 0]);
    expect(await then(4)).toEqual([40, 40, 0]);
    expect(await then(5)).toEqual([40, 40, 40]);
  });

  test('before a contact was known there is no score, and no hint of one', async () => {
    const { at, call } = story;
    at(day(6));
    await call([page(u1, { timestamp: day(5) }), page(u1, { timestamp: day(3) })]);
    at(day(8));
    await call(identify(u1, { createdAt: day(2) }));
    const id = await idOf('u1');
    expect(await printedScore(id, 1, 7)).toEqual({ id, at: day(1), applies: false, nextChangeAt: null });
    expect(await printedScore(id, 4, 5)).toEqual({ id, at: day(4), applies: false, nextChangeAt: null });
    expect(await printedScore(id, 7, 5)).toEqual({ id, at: day(7), applies: false, nextChangeAt: null });
    expect([await total(id, 4, 7), await total(id, 2, 7), await total(id, 6, 7)]).toEqual([10, null, 20]);
    // The creation was given on the eighth; from then on the second counts.
    expect([await total(id, 2), await total(id, 2, 8)]).toEqual([0, 0]);
    expect(await printedScore(id, 1)).toEqual({ id, at: day(1), applies: false, nextChangeAt: day(2) });
  });

  test('an alias alone moves no creation back', async () => {
    const { at, call } = story;
    at(day(6));
    await call({ type: 'alias', ...u1, previousId: 'a1', timestamp: day(3) });
    const { id, createdAt } = await story.see('u1');
    expect(createdAt).toBe(day(6));
    expect([await total(id, 4), await total(id, 7)]).toEqual([null, 0]);
  });

  test('the breakdown frozen at a handoff is the score of that time as it was known then', async () => {
    const { at, call } = story;
    at(day(2));
    await call([
      identify(u1, { title: 'VP' }),
      demo(u1),
      { type: 'group', ...u1, groupId: 'g1', traits: { industry: 'Software' } },
    ]);
    at(day(5));
    await call([page(u1, { timestamp: day(1) }), identify(u1, { title: 'Clerk' }, { timestamp: day(1) })]);
    const { id, episodes } = await story.see('u1');
    expect(await printedScore(id, 2, 2)).toEqual(episodes[0]?.breakdown);
    expect(await total(id, 2)).not.toBe(episodes[0]?.total);
  });

  test('a company fact and a merge are recorded when their call came, whatever else is in its commit', async () => {
    const { at, call } = story;
    at(day(1));
    await call([page({ anonymousId: 'a1' }), identify(u1)]);
    at(day(3));
    await call([
      { type: 'group', ...u1, groupId: 'g1', traits: { industry: 'Software' } },
      identify(u1, {}, { anonymousId: 'a1' }),
    ]);
    const recorded = await story.query(
      { recorded_at: 'timestamptz' },
      'select recorded_at from company_fact union all select recorded_at from contact_merge',
    );
    expect(recorded.map(row => row.recorded_at)).toEqual([ms(3), ms(3)]);
  });

  test.skipIf(driver.name === 'pglite')(
    'contacts joined while a past is read show in all of it or in none',
    async () => {
      const { at, call } = story;
      at(day(1));
      await call([page({ anonymousId: 'a1' }), identify(u1, { title: 'VP' })]);
      const visitor = await idOf('a1');
      const [active] = await activeAgreements(db, db);
      if (active === undefined) throw new Error('no agreement is active');
      const { program } = active;
      const asked = { program, knownAt: LAST_INSTANT };
      const past = await readTogether(db, async sql => {
        const before = await loadPasts(sql, [visitor], asked);
        at(day(2));
        await call(identify(u1, {}, { anonymousId: 'a1' }));
        const meanwhile = await loadPasts(sql, [visitor], asked);
        expect([...meanwhile].map(([, { id, events }]) => [id, events.length])).toEqual(
          [...before].map(([, { id, events }]) => [id, events.length]),
        );
        return meanwhile.get(visitor);
      });
      expect([past?.id, past?.events.length]).toEqual([visitor, 1]);
      expect((await loadPasts(db, [visitor], asked)).get(visitor)?.id).toBe(await idOf('u1'));
    },
  );

  test('many contacts take as many statements as one', async () => {
    const { at, call } = story;
    at(day(1));
    for (let n = 0; n < 12; n++) {
      await call([
        identify({ userId: `u${n}` }, { email: `p${n}@c${n}.com` }),
        page({ anonymousId: `a${n}` }),
      ]);
      await call(identify({ userId: `u${n}` }, {}, { anonymousId: `a${n}` }));
      for (let m = 0; m < n; m++) await call(page({ userId: `u${n}` }));
    }
    const ids = (await story.query({ id: 'uuid' }, 'select id from contact')).map(row => row.id);
    const [active] = await activeAgreements(db, db);
    if (active === undefined) throw new Error('no agreement is active');
    const { program } = active;
    const counted = async (asked: readonly string[]) => {
      const ran: string[] = [];
      const sql: Sql = {
        run: (statement, params) => {
          ran.push(statement.name);
          return db.run(statement, params);
        },
      };
      const pasts = await loadPasts(sql, asked, { program, knownAt: LAST_INSTANT });
      return { ran, count: pasts.size };
    };
    const [one, all] = [await counted(ids.slice(0, 1)), await counted(ids)];
    expect(ids).toHaveLength(24);
    expect(all.count).toBe(24);
    expect(all.ran).toEqual(one.ran);
    expect(all.ran).toHaveLength(4);
  });
});
