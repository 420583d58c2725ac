import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../src/contract/api/report.ts';
import type { Database } from '../../src/db/database.ts';
import { listEpisodes } from '../../src/server/api/queue.ts';
import { getReport } from '../../src/server/api/report.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  targets: { acceptance: [0.65, 0.75], floor: 0.5, minSample: 30 },
};

describe.each(DRIVERS)('reports on $name', ({ open }) => {
  let db: Database;
  let world: World;
  let contactId: string;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db, { body: BODY });
    contactId = await addContact(db);
    world = makeWorld(db, { now: NOW });
  });

  type Query = Partial<Parameters<typeof getReport>[1]['query']>;
  const report = (query: Query = {}): Promise<Report> =>
    getReport(world.as(person('ann')), {
      params: { report: 'acceptance' },
      query: { by: 'month', ...query },
      body: undefined,
    });
  const handOver = (at: string, given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId, handedOffAt: Date.parse(at), endedAt: Date.parse(at), ...given });

  test('with nothing handed over have twelve empty months and no rates', async () => {
    const { from, to, rows, total, timezone } = await report();
    expect([from, to, timezone]).toEqual(['2025-04-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z', 'UTC']);
    expect(rows).toHaveLength(12);
    expect(rows.map(({ key }) => key)).toEqual([...rows.map(({ key }) => key)].sort());
    expect([rows[0]?.key, rows.at(-1)?.key]).toEqual(['2025-04', '2026-03']);
    expect(rows.every(row => row.handedOff === 0 && row.acceptanceRate === null)).toBe(true);
    expect(total).toEqual({
      key: 'total',
      handedOff: 0,
      accepted: 0,
      rejected: 0,
      open: 0,
      acceptanceRate: null,
      conversionRate: null,
    });
  });

  test('count a handoff in the month of its handoff in UTC, to the millisecond', async () => {
    await handOver('2026-01-31T23:59:59.999Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 2, 1) });
    await handOver('2026-02-01T00:00:00.000Z', { decision: 'rejected' });
    await handOver('2026-02-28T23:59:59.999Z');
    const { rows } = await report({ from: '2026-01-01', to: '2026-03-01' });
    expect(rows).toEqual([
      {
        key: '2026-01',
        handedOff: 1,
        accepted: 1,
        rejected: 0,
        open: 0,
        acceptanceRate: 1,
        conversionRate: 1,
      },
      {
        key: '2026-02',
        handedOff: 2,
        accepted: 0,
        rejected: 1,
        open: 1,
        acceptanceRate: 0,
        conversionRate: 0,
      },
    ]);
  });

  test('take the beginning of the range in and leave its end out', async () => {
    await handOver('2026-01-10T00:00:00Z');
    await handOver('2026-01-20T00:00:00Z');
    const count = async (from: string, to: string) => (await report({ from, to })).total.handedOff;
    expect(await count('2026-01-10', '2026-01-20')).toBe(1);
    expect(await count('2026-01-10', '2026-01-20T00:00:00.001Z')).toBe(2);
    expect(await count('2026-01-10T00:00:00.001Z', '2026-01-20')).toBe(0);
  });

  test.each([
    {
      name: 'only an end: the twelve months before it',
      query: { to: '2025-07-01' },
      months: 12,
      last: '2025-06',
    },
    {
      name: 'only a beginning: from there to the current month',
      query: { from: '2026-02-10' },
      months: 2,
      last: '2026-03',
    },
    {
      name: 'a beginning in the future: nothing',
      query: { from: '2027-01-01' },
      months: 0,
      last: undefined,
    },
    {
      name: 'an empty range: nothing',
      query: { from: '2026-01-01', to: '2026-01-01' },
      months: 0,
      last: undefined,
    },
    {
      name: 'an offset: the same in UTC',
      query: { from: '2026-01-01T00:30:00+01:00', to: '2026-01-31' },
      months: 2,
      last: '2026-01',
    },
  ])('read $name', async ({ query, months, last }) => {
    const { rows } = await report(query);
    expect(rows).toHaveLength(months);
    expect(rows.at(-1)?.key).toBe(last);
  });

  test.each([
    { query: { from: 'yesterday' }, path: 'query.from' },
    { query: { to: '2026-02-30' }, path: 'query.to' },
    { query: { from: '0000-01-01' }, path: 'query.from' },
    { query: { from: '2026-02-01', to: '2026-01-01' }, path: 'query.to' },
    { query: { from: '1900-01-01', to: '2026-01-01' }, path: 'query.to' },
  ])('refuse $query, naming $path', async ({ query, path }) => {
    await expect(report(query)).rejects.toMatchObject({ status: 400, problems: [{ path }] });
  });

  test('by owner tell people of the same name apart and keep leads that nobody owns', async () => {
    await addUser(db, { id: 'a', name: 'Ann Lee', email: 'a@acme.example' });
    await addUser(db, { id: 'b', name: 'Ann Lee', email: 'b@acme.example' });
    await handOver('2026-01-01', { ownerId: 'a', decision: 'accepted' });
    await handOver('2026-01-02', { ownerId: 'a', decision: 'rejected' });
    await handOver('2026-01-03', { ownerId: 'b' });
    await handOver('2026-01-04', { ownerId: null });
    const { rows, total } = await report({ by: 'owner' });
    expect(rows.map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['Ann Lee (a@acme.example)', 2],
      ['Ann Lee (b@acme.example)', 1],
      ['Nobody', 1],
    ]);
    expect(total.handedOff).toBe(4);
  });

  test('by source put unknown sources together, and all beyond the hundred largest', async () => {
    await handOver('2026-01-01', { source: 'webinar', decision: 'accepted' });
    await handOver('2026-01-02', { source: ' webinar ' });
    await handOver('2026-01-03', { source: null });
    await handOver('2026-01-04', { source: '  ' });
    for (let index = 0; index < 120; index++) await handOver('2026-01-05', { source: `bot ${index}` });
    const { rows, total } = await report({ by: 'source' });
    expect(rows).toHaveLength(101);
    expect(rows.slice(0, 2).map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['webinar', 2],
      ['Unknown', 2],
    ]);
    expect(rows.at(-1)).toMatchObject({ key: 'All others', handedOff: 22 });
    expect(total.handedOff).toBe(124);
  });

  test.each(['segment', 'campaign'] as const)('by %s are told like sources', async by => {
    await handOver('2026-01-01', { [by]: 'Spring', decision: 'accepted' });
    await handOver('2026-01-02', { [by]: ' Spring ' });
    await handOver('2026-01-03', { source: 'Spring' });
    const { rows, total } = await report({ by });
    expect(rows.map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['Spring', 2],
      ['Unknown', 1],
    ]);
    expect(total.handedOff).toBe(3);
  });

  test('by path go by its id and show its latest label', async () => {
    await handOver('2026-01-01', { path: 'score', pathLabel: 'Old words' });
    await handOver('2026-01-02', { path: 'score', pathLabel: 'Fit and intent' });
    await handOver('2026-01-03', { path: 'hand_raiser', pathLabel: 'Asked for a demo' });
    const { rows } = await report({ by: 'path' });
    expect(rows.map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['Fit and intent', 2],
      ['Asked for a demo', 1],
    ]);
  });

  test('name the targets of the leading agreement, and none without one', async () => {
    await addAgreement(db, { id: 'later', createdAt: 1, body: { ...BODY, targets: { floor: 0.1 } } });
    expect((await report()).targets).toEqual({
      acceptance: [0.65, 0.75],
      floor: 0.5,
      ceiling: null,
      minSample: 30,
    });
    await clear(db);
    expect((await report()).targets).toEqual({
      acceptance: null,
      floor: null,
      ceiling: null,
      minSample: null,
    });
  });

  test('count what the list of episodes shows for the same month and outcome', async () => {
    const decisions = ['accepted', 'rejected', null] as const;
    for (let day = 0; day < 40; day++) {
      const at = new Date(Date.UTC(2026, 0, 1) + day * DAY).toISOString();
      await handOver(at, { decision: decisions[day % 3] ?? null });
    }
    const { rows } = await report({ from: '2026-01-01', to: '2026-03-01' });
    const months = [
      { from: '2026-01-01', to: '2026-02-01' },
      { from: '2026-02-01', to: '2026-03-01' },
    ];
    for (const [index, month] of months.entries()) {
      for (const outcome of ['accepted', 'rejected', 'open'] as const) {
        const { items } = await listEpisodes(world.as(person('ann')), {
          params: undefined,
          query: { ...month, outcome, limit: 200 },
          body: undefined,
        });
        expect(items).toHaveLength(rows[index]?.[outcome] ?? -1);
      }
    }
  });
});
