import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { getConversion } from '../../src/server/report/conversion.ts';
import { getVelocity, getVelocityFile } from '../../src/server/report/velocity.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked } from '../world/asked.ts';
import { addAgreement, addContact, addEpisode, clear, DAY, HOUR } from '../world/seed.ts';

/** A Monday at noon. */
const NOW = Date.UTC(2026, 2, 16, 12);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  targets: { minSample: 2 },
  calendars: { office: { timezone: 'UTC', hours: { 'mon-fri': ['09:00-17:00'] } } },
  sla: [
    {
      id: 'calm',
      when: { 'contact.country': { in: ['JP'] } },
      firstTouch: '1d',
      decision: '5d',
      calendar: 'always',
    },
    { id: 'usual', firstTouch: '1h', decision: '5d', calendar: 'office' },
  ],
};

describe.each(DRIVERS)('what happens after a handoff on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db, { body: BODY });
    world = makeWorld(db, { now: NOW });
  });

  const handOver = async (handedOffAt: number, given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId: await addContact(db), handedOffAt, ...given });
  const entered = (id: string, entry: string) =>
    db.script(`insert into clock (episode_id, kind, entry) values ('${id}', 'firstTouch', '${entry}')`);
  const conversion = (query: Readonly<Record<string, unknown>> = {}) =>
    getConversion(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getConversion', query),
    });
  const velocity = (query: Readonly<Record<string, unknown>> = {}) =>
    getVelocity(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getVelocity', query),
    });

  describe('conversion', () => {
    test('counts a stage within its horizon to the millisecond, and a won lead in all three', async () => {
      const at = Date.UTC(2025, 10, 3);
      await handOver(at, { decision: 'accepted', decidedAt: at + 30 * DAY });
      await handOver(at, { decision: 'accepted', decidedAt: at + 30 * DAY + 1 });
      await handOver(at, { decision: 'rejected', decidedAt: at + DAY });
      await handOver(at, {
        ...{ decision: 'accepted', state: 'won', decidedAt: at + DAY, opportunityAt: at + 40 * DAY },
        endedAt: at + 80 * DAY,
      });
      await handOver(at, {
        decision: 'accepted',
        state: 'won',
        decidedAt: at + DAY,
        endedAt: at + 100 * DAY,
      });
      const { rows, total } = await conversion({ from: '2025-11-01', to: '2025-12-01' });
      const shares = (of: (typeof total)['reached']['sql']) =>
        [of.d30, of.d60, of.d90, of.ever].map(({ n, of: all, value }) => [n, all, value]);
      const of5 = (...counts: readonly number[]) => counts.map(n => [n, 5, n / 5]);
      expect(shares(total.reached.sql)).toEqual(of5(3, 4, 4, 4));
      expect(shares(total.reached.opportunity)).toEqual(of5(0, 1, 1, 2));
      expect(shares(total.reached.won)).toEqual(of5(0, 0, 1, 2));
      expect(rows[0]?.reached).toEqual(total.reached);
      expect(total.reached.sql.d90).not.toHaveProperty('maturesAt');
    });

    test('has no rate for what is not mature, and says when there will be one', async () => {
      await handOver(Date.UTC(2026, 0, 2), { decision: 'accepted', decidedAt: Date.UTC(2026, 0, 3) });
      const { rows, total } = await conversion({ from: '2026-01-01', to: '2026-03-01' });
      const january = rows[0]?.reached.sql;
      expect(january?.d30).toMatchObject({ value: 1, n: 1, of: 1 });
      expect(january?.d60).toMatchObject({ value: null, low: null, n: 1, of: 1, enough: false });
      expect(january?.d60.maturesAt).toBe('2026-04-02T00:00:00.000Z');
      expect(total.reached.sql.d30.maturesAt).toBe('2026-03-31T00:00:00.000Z');
      expect(total.reached.sql.ever.value).toBe(1);
      const before = await conversion({ from: '2026-01-01', to: '2026-02-01', at: '2026-01-02T12:00:00Z' });
      expect(before.total.reached.sql.ever).toMatchObject({ n: 0, of: 1, value: 0 });
    });

    test('of nothing is nothing', async () => {
      const { rows, total } = await conversion({ from: '2027-01-01', to: '2027-03-01' });
      expect(rows).toHaveLength(2);
      expect(total.reached.won.ever).toEqual({
        value: null,
        n: 0,
        of: 0,
        low: null,
        high: null,
        enough: false,
      });
    });
  });

  describe('velocity', () => {
    test('counts those who still wait for as long as they have waited', async () => {
      // Touched after 1, 2 and 3 hours; one ended untouched after 90 minutes, one has waited for 4 hours.
      const at = NOW - 5 * HOUR;
      for (const hours of [1, 2, 3]) await handOver(at, { firstTouchAt: at + hours * HOUR });
      await handOver(at, { decision: 'rejected', decidedAt: at + 1.5 * HOUR, endedAt: at + 1.5 * HOUR });
      await handOver(NOW - 4 * HOUR);
      const { firstTouch, decision } = (await velocity()).total.spans;
      // 4/5 after an hour; one gone; 2/3 of that after two; half of that after three.
      expect(firstTouch.calendar).toEqual({
        ...{ n: 5, events: 3, censored: 2, medianMs: 3 * HOUR, p90Ms: null },
        curve: [
          { ms: HOUR, share: 0.8 },
          { ms: 2 * HOUR, share: expect.closeTo(0.8 * (2 / 3), 12) },
          { ms: 3 * HOUR, share: expect.closeTo(0.8 / 3, 12) },
        ],
      });
      expect(decision.calendar).toMatchObject({ n: 5, events: 1, censored: 4, medianMs: null });
    });

    test('counts working time by the entry under which a lead is due', async () => {
      // From Friday 16:00 to Monday 10:00: two hours of the office, 66 of the clock.
      const at = Date.UTC(2026, 2, 13, 16);
      const touched = { firstTouchAt: Date.UTC(2026, 2, 16, 10), path: 'a' };
      await entered(await handOver(at, touched), 'usual');
      await entered(await handOver(at, { ...touched, path: 'b' }), 'calm');
      // Without a clock, such as imported: by the first entry.
      await handOver(at, { ...touched, path: 'c' });
      const { rows } = await velocity({ by: 'path' });
      const hours = rows.map(({ key, spans: { firstTouch: of } }) => [
        key,
        (of.calendar.medianMs ?? 0) / HOUR,
        (of.working.medianMs ?? 0) / HOUR,
      ]);
      expect(hours).toEqual([
        ['a', 66, 2],
        ['b', 66, 66],
        ['c', 66, 66],
      ]);
    });

    test('measures the opportunity from accepting, and winning from the opportunity', async () => {
      const at = NOW - 60 * DAY;
      await handOver(at, {
        ...{ decision: 'accepted', state: 'won', decidedAt: at + DAY, opportunityAt: at + 4 * DAY },
        endedAt: at + 14 * DAY,
      });
      await handOver(at, { decision: 'accepted', state: 'lost', decidedAt: at + DAY, endedAt: at + 3 * DAY });
      await handOver(at, { decision: 'rejected', decidedAt: at + DAY });
      const { opportunity, won } = (await velocity()).total.spans;
      expect(opportunity).toMatchObject({
        calendar: { n: 2, events: 1, censored: 1, medianMs: 3 * DAY, p90Ms: 3 * DAY },
        working: null,
      });
      expect(won.calendar).toMatchObject({ n: 1, events: 1, censored: 0, medianMs: 10 * DAY });
    });

    test('takes what an import dates before its handoff to have taken no time', async () => {
      const at = NOW - DAY;
      await handOver(at, { decision: 'accepted', decidedAt: at - HOUR, firstTouchAt: at - HOUR });
      const { decision, firstTouch } = (await velocity()).total.spans;
      expect([decision.calendar.medianMs, firstTouch.working.medianMs]).toEqual([0, 0]);
    });

    test('as of a past day waits for what came later', async () => {
      await handOver(NOW - 10 * DAY, { firstTouchAt: NOW - 5 * DAY });
      const at = new Date(NOW - 7 * DAY).toISOString();
      expect((await velocity({ at })).total.spans.firstTouch.calendar).toMatchObject({
        events: 0,
        censored: 1,
      });
      expect((await velocity()).total.spans.firstTouch.calendar).toMatchObject({
        events: 1,
        medianMs: 5 * DAY,
      });
    });

    test('of nothing is nothing, and its file has a column for each figure', async () => {
      expect((await velocity()).total.spans.won).toEqual({
        calendar: { n: 0, events: 0, censored: 0, medianMs: null, p90Ms: null, curve: [] },
        working: null,
      });
      const { text } = await getVelocityFile(world.as(person('ann')), {
        ...{ params: undefined, body: undefined },
        query: asked('getVelocityFile', {}),
      });
      expect(String(text)).toContain('"spans.firstTouch.calendar.n"');
      expect(String(text)).not.toContain('curve');
    });
  });
});
