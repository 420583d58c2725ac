import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { listEpisodes } from '../../src/server/api/queue.ts';
import { getSla } from '../../src/server/report/sla.ts';
import { getSources, getSourcesFile } from '../../src/server/report/source.ts';
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
  targets: { minSample: 2, decisionWindow: '7d' },
  calendars: { office: { timezone: 'UTC', hours: { 'mon-fri': ['09:00-17:00'] } } },
  sla: [{ id: 'usual', firstTouch: '1h', decision: '5d', calendar: 'office' }],
};

describe.each(DRIVERS)('reports on clocks and sources on $name', ({ open }) => {
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
  /** Hands over a lead that is due an hour later, with a clock. */
  const clocked = async (at: number, given: Partial<Parameters<typeof addEpisode>[1]> = {}) => {
    const id = await handOver(at, { firstTouchDueAt: at + HOUR, ...given });
    await db.script(`insert into clock (episode_id, kind, entry) values ('${id}', 'firstTouch', 'usual')`);
    return id;
  };
  const sla = (query: Readonly<Record<string, unknown>> = {}) =>
    getSla(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getSla', query),
    });
  const sources = (query: Readonly<Record<string, unknown>> = {}) =>
    getSources(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getSources', query),
    });
  const listed = async (leads: string, more: Readonly<Record<string, string>> = {}) => {
    const given = { ...Object.fromEntries(new URLSearchParams(leads)), ...more, limit: 200 };
    const { items } = await listEpisodes(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('listEpisodes', given),
    });
    return items.length;
  };

  test('a clock is kept by its due time to the millisecond, missed after it, and running before', async () => {
    const at = Date.UTC(2026, 2, 16, 9);
    await clocked(at, { firstTouchAt: at + HOUR });
    await clocked(at, { firstTouchAt: at + HOUR + 1 });
    await clocked(at);
    await clocked(NOW - HOUR);
    await clocked(NOW - HOUR + 1);
    await clocked(at, { decision: 'rejected', decidedAt: at + 1000, endedAt: at + 1000 });
    await handOver(at);
    const { total } = await sla();
    expect(total.clocks.firstTouch).toMatchObject({
      kept: 2,
      missed: 3,
      running: 1,
      keptRate: { n: 2, of: 5 },
    });
    expect(total.clocks.decision).toMatchObject({
      kept: 0,
      missed: 0,
      running: 0,
      keptRate: { value: null },
    });
    for (const state of ['kept', 'missed', 'running'] as const)
      expect(await listed(total.leads, { firstTouch: state })).toBe(total.clocks.firstTouch[state]);
  });

  test('how late is working time, and who is still late counts as long as that lasts', async () => {
    // Due on Friday at 16:30: an hour later is Monday at 9:30, half an hour of the office after it.
    const at = Date.UTC(2026, 2, 13, 15, 30);
    await clocked(at, { firstTouchAt: Date.UTC(2026, 2, 16, 9, 30) });
    const { lateMedianMs } = (await sla()).total.clocks.firstTouch;
    expect(lateMedianMs).toBe(HOUR);
    await clocked(at, { firstTouchAt: Date.UTC(2026, 2, 16, 10) });
    await clocked(at);
    const late = (await sla()).total.clocks.firstTouch;
    expect([late.lateMedianMs, late.lateP90Ms]).toEqual([1.5 * HOUR, null]);
    expect((await sla({ at: '2026-03-16T09:00:00Z' })).total.clocks.firstTouch).toMatchObject({
      ...{ missed: 3, lateMedianMs: null },
    });
    expect((await sla({ at: '2026-03-13T16:00:00Z' })).total.clocks.firstTouch).toMatchObject({ running: 3 });
  });

  test('a clock that was missed stays missed, whatever is said of earlier times since', async () => {
    const at = Date.UTC(2026, 2, 16, 9);
    const id = await clocked(at, { firstTouchAt: at + 1000 });
    await db.script(
      `update clock set missed_at = first_touch_due_at from episode e where e.id = episode_id and e.id = '${id}'`,
    );
    expect((await sla()).total.clocks.firstTouch).toMatchObject({ kept: 0, missed: 1, lateMedianMs: 0 });
  });

  test('by entry and by hour of the week in the zone of reports, each with its leads', async () => {
    const monday = Date.UTC(2026, 2, 16, 9);
    await clocked(monday);
    await clocked(monday + 10 * 60_000);
    await clocked(monday - DAY);
    await handOver(monday);
    const entries = await sla({ by: 'entry' });
    expect(entries.rows.map(({ key, clocks }) => [key, clocks.firstTouch.missed])).toEqual([
      ['usual', 3],
      ['unknown', 0],
    ]);
    expect(await Promise.all(entries.rows.map(({ leads }) => listed(leads)))).toEqual([3, 1]);
    const hours = await sla({ by: 'hour' });
    expect(hours.rows.map(({ key, label, clocks }) => [key, label, clocks.firstTouch.missed])).toEqual([
      ['1-09', 'Monday 09:00', 2],
      ['7-09', 'Sunday 09:00', 1],
    ]);
    expect(await Promise.all(hours.rows.map(({ leads }) => listed(leads)))).toEqual([3, 1]);
  });

  test('sources open into campaigns and contents, and each currency stands for itself', async () => {
    const at = NOW - 20 * DAY;
    const won = { decision: 'accepted', state: 'won', decidedAt: at + DAY, endedAt: at + 9 * DAY } as const;
    await handOver(at, { ...won, source: 'ads', campaign: 'spring', amount: 100.1, currency: 'EUR' });
    await handOver(at, { ...won, source: 'ads', campaign: 'spring', amount: 200.2, currency: 'EUR' });
    await handOver(at, { ...won, source: 'ads', campaign: 'autumn', amount: 50, currency: 'USD' });
    await handOver(at, { ...won, source: 'ads', campaign: 'autumn', amount: 7, currency: null });
    await handOver(at, {
      decision: 'rejected',
      decidedAt: at + 8 * DAY,
      source: 'ads',
      firstTouchAt: at + HOUR,
    });
    await handOver(at, { decision: 'accepted', decidedAt: at + 8 * DAY, source: 'fair' });
    const { rows, total } = await sources();
    expect(rows.map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['ads', 5],
      ['fair', 1],
    ]);
    const [ads] = rows;
    expect(ads).toMatchObject({ sql: 4, won: 4, value: { EUR: 300.3, USD: 50, unknown: 7 } });
    expect(ads?.acceptanceRate).toMatchObject({ n: 4, of: 5, value: 0.8, enough: true });
    expect(total).toMatchObject({ sql: 5, windowRate: { n: 4, of: 6 } });
    expect(ads?.children.map(({ key, label, handedOff }) => [key, label, handedOff])).toEqual([
      ['autumn', 'autumn', 2],
      ['spring', 'spring', 2],
      ['unknown', 'Unknown', 1],
    ]);
    for (const { leads, handedOff, children } of ads?.children ?? []) {
      expect(await listed(leads)).toBe(handedOff);
      for (const content of children) expect(await listed(content.leads)).toBe(content.handedOff);
    }
    expect(ads?.children.at(-1)?.medianFirstTouchMs).toBe(HOUR);
    const { text } = await getSourcesFile(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getSourcesFile', {}),
    });
    const lines = String(text).split('\r\n');
    expect(lines[0]).toContain('"source","label"');
    expect(lines[0]).toContain('"value.EUR"');
    expect(lines).toHaveLength(1 + 2 + 3 + 1 + 3 + 1 + 1 + 1);
  });
});
