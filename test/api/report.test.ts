import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { ensureSetting } from '../../src/db/setting.ts';
import { reopenLead } from '../../src/loop/decision/reopening.ts';
import { getAcceptance, getAcceptanceFile } from '../../src/server/report/acceptance.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked, listedLeads } from '../world/asked.ts';
import { addAgreement, addContact, addEpisode, addUser, clear, DAY, HOUR } from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const BODY = {
  agreement: 1,
  name: 'Core',
  scores: { fit: {} },
  targets: { acceptance: [0.65, 0.75], floor: 0.5, minSample: 2, decisionWindow: '7d' },
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

  const report = (query: Readonly<Record<string, unknown>> = {}) =>
    getAcceptance(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getAcceptance', query),
    });
  const handOver = (at: string, given: Partial<Parameters<typeof addEpisode>[1]> = {}) =>
    addEpisode(db, { contactId, handedOffAt: Date.parse(at), endedAt: Date.parse(at), ...given });
  const listed = (leads: string, more: Readonly<Record<string, string>> = {}) =>
    listedLeads(world, leads, more);

  test('with nothing handed over have thirteen empty months and no rates', async () => {
    const { from, to, rows, total, timezone, at } = await report();
    expect([from, to, timezone]).toEqual(['2025-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z', 'UTC']);
    expect(at).toBe('2026-03-15T10:00:00.000Z');
    expect(rows).toHaveLength(13);
    expect([rows[0]?.key, rows.at(-1)?.key]).toEqual(['2025-03', '2026-03']);
    expect(rows.every(row => row.handedOff === 0 && row.acceptanceRate.value === null)).toBe(true);
    const none = { value: null, n: 0, of: 0, low: null, high: null, enough: false };
    expect(total).toEqual({
      ...{ handedOff: 0, accepted: 0, rejected: 0, open: 0, elsewhere: 0 },
      ...{ acceptanceRate: none, windowRate: none, verdict: 'not_enough' },
      leads: 'from=2025-03-01T00%3A00%3A00.000Z&to=2026-04-01T00%3A00%3A00.000Z&elsewhere=exclude',
    });
  });

  test('count a handoff in its month, to the millisecond, and what went elsewhere apart', async () => {
    await handOver('2026-01-31T23:59:59.999Z', { decision: 'accepted', decidedAt: Date.UTC(2026, 1, 9) });
    await handOver('2026-02-01T00:00:00.000Z', { decision: 'rejected' });
    await handOver('2026-02-28T23:59:59.999Z');
    const sent = await handOver('2026-02-10T00:00:00Z');
    await db.script(`update episode set disqualifier = 'rival' where id = '${sent}'`);
    const { rows } = await report({ from: '2026-01-01', to: '2026-03-01' });
    expect(rows).toMatchObject([
      {
        ...{ key: '2026-01', handedOff: 1, accepted: 1, rejected: 0, open: 0, elsewhere: 0 },
        ...{
          acceptanceRate: { value: 1, n: 1, of: 1, enough: false },
          windowRate: { value: 0, n: 0, of: 1 },
        },
      },
      {
        ...{ key: '2026-02', handedOff: 2, accepted: 0, rejected: 1, open: 1, elsewhere: 1 },
        ...{ acceptanceRate: { value: 0 }, windowRate: { value: 0, of: 2 }, verdict: 'not_enough' },
      },
    ]);
  });

  test('begin days in the zone of the workspace, else of the first calendar of the agreement', async () => {
    await handOver('2026-01-31T15:30:00Z');
    const february = async () => (await report({ from: '2026-02-01', to: '2026-03-01' })).total.handedOff;
    expect(await february()).toBe(0);
    await addAgreement(db, {
      ...{ id: 'early', createdAt: -1 },
      body: {
        ...BODY,
        calendars: { office: { timezone: 'Asia/Tokyo', hours: { 'mon-fri': ['09:00-17:00'] } } },
      },
    });
    expect(await february()).toBe(1);
    await ensureSetting(db, { name: 'reporting', value: { timezone: 'Europe/London' } });
    expect(await february()).toBe(0);
    expect((await report()).timezone).toBe('Europe/London');
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
      name: 'only an end: the thirteen months before it',
      query: { to: '2025-07-01' },
      months: 13,
      last: '2025-06',
    },
    { name: 'only a beginning: from there on', query: { from: '2026-02-10' }, months: 2, last: '2026-03' },
    { name: 'a beginning in the future: nothing', query: { from: '2027-01-01' }, months: 0, last: undefined },
    {
      name: 'an empty range: nothing',
      ...{ query: { from: '2026-01-01', to: '2026-01-01' }, months: 0, last: undefined },
    },
    {
      name: 'weeks: Monday to Sunday',
      ...{ query: { from: '2026-01-01', to: '2026-01-12', by: 'week' }, months: 2, last: '2026-W02' },
    },
  ])('read $name', async ({ query, months, last }) => {
    const { rows } = await report(query);
    expect(rows).toHaveLength(months);
    expect(rows.at(-1)?.key).toBe(last);
  });

  test.each([
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
    expect(rows.map(({ key, label, handedOff }) => [key, label, handedOff])).toEqual([
      ['a@acme.example', 'Ann Lee (a@acme.example)', 2],
      ['b@acme.example', 'Ann Lee (b@acme.example)', 1],
      ['unknown', 'Nobody', 1],
    ]);
    expect(total.handedOff).toBe(4);
  });

  test('by source put unknown ones together, and show three thousand', async () => {
    await handOver('2026-01-01', { source: 'webinar', decision: 'accepted' });
    await handOver('2026-01-02', { source: ' webinar ' });
    await handOver('2026-01-03', { source: null });
    await handOver('2026-01-04', { source: '  ' });
    const one = await handOver('2026-01-05');
    await db.script(`insert into episode (id, contact_id, agreement_id, version, state, path, path_label, total, sentence, breakdown,
        qualified_at, handed_off_at, routed_because, source, ended_at)
      select gen_random_uuid(), contact_id, agreement_id, version, state, path, path_label, total, sentence, breakdown,
        qualified_at, handed_off_at, routed_because, 'bot ' || n, ended_at
      from episode, generate_series(1, 3000) n where id = '${one}'`);
    const { rows, total } = await report({ by: 'source' });
    expect(rows).toHaveLength(3002);
    expect(rows.slice(0, 2).map(({ key, handedOff }) => [key, handedOff])).toEqual([
      ['unknown', 3],
      ['webinar', 2],
    ]);
    expect(total.handedOff).toBe(3005);
  });

  test('narrow down by any of several values, and by none that is there', async () => {
    await handOver('2026-01-01', { source: 'ads', campaign: 'spring' });
    await handOver('2026-01-02', { source: 'fair', campaign: 'spring' });
    await handOver('2026-01-03', { source: 'fair' });
    await handOver('2026-01-04');
    const count = async (query: Readonly<Record<string, unknown>>) => (await report(query)).total.handedOff;
    expect(await count({ source: 'fair' })).toBe(2);
    expect(await count({ source: ['fair', 'ads'] })).toBe(3);
    expect(await count({ source: 'unknown' })).toBe(1);
    expect(await count({ source: ['fair', 'ads'], campaign: 'spring' })).toBe(2);
    expect(await count({ source: 'nothing of the kind' })).toBe(0);
    expect(await count({ agreement: 'core', version: '1', path: 'score', grade: 'A1' })).toBe(4);
    expect(await count({ imported: 'only' })).toBe(0);
  });

  test('list exactly the leads that they count', async () => {
    const decisions = ['accepted', 'rejected', null] as const;
    const sources = ['a&b=c', ' fair ', null, 'ads, "x"'] as const;
    for (let day = 0; day < 40; day++) {
      const at = new Date(Date.UTC(2026, 0, 1) + day * DAY).toISOString();
      const id = await handOver(at, {
        decision: decisions[day % 3] ?? null,
        source: sources[day % 4] ?? null,
      });
      if (day % 10 === 9) await db.script(`update episode set disqualifier = 'rival' where id = '${id}'`);
    }
    const range = { from: '2026-01-01', to: '2026-02-08' };
    for (const by of ['month', 'source', 'team'] as const) {
      const { rows, total } = await report({ ...range, by });
      for (const row of [...rows, total]) {
        expect(await listed(row.leads)).toHaveLength(row.handedOff);
        for (const outcome of ['accepted', 'rejected', 'open'] as const)
          expect(await listed(row.leads, { outcome })).toHaveLength(row[outcome]);
        expect(await listed(row.leads, { elsewhere: 'only' })).toHaveLength(row.elsewhere);
      }
    }
  });

  test('asked as of a past day say what they said on it, also of what was taken back since', async () => {
    await addUser(db, { name: 'Ann' });
    const other = await addContact(db);
    await handOver('2026-03-02', {
      contactId: other,
      decision: 'accepted',
      decidedAt: NOW - 3 * DAY,
      ownerId: 'ann',
      endedAt: null,
    });
    const id = await handOver('2026-03-01', {
      ...{ decision: 'rejected', decidedAt: NOW - HOUR, reason: 'no_budget', ownerId: 'ann' },
    });
    const figures = async (query: Readonly<Record<string, unknown>> = {}) => {
      const { accepted, rejected, open, leads } = (await report({ ...query, from: '2026-03-01' })).total;
      expect(await listed(leads, { outcome: 'rejected' })).toHaveLength(rejected);
      return { accepted, rejected, open };
    };
    const said = await figures();
    expect(said).toEqual({ accepted: 1, rejected: 1, open: 0 });
    await reopenLead(world.app, id, { actor: 'Ann', userId: 'ann', now: NOW, scope: 'all' });
    expect(await figures()).toEqual({ accepted: 1, rejected: 0, open: 1 });
    expect(await figures({ at: new Date(NOW - 1).toISOString() })).toEqual(said);
    expect(await figures({ at: new Date(NOW - 2 * HOUR).toISOString() })).toEqual({
      accepted: 1,
      rejected: 0,
      open: 1,
    });
    expect(await figures({ at: '2026-03-05' })).toEqual({ accepted: 0, rejected: 0, open: 2 });
  });

  test('say which versions came into force, what each figure is, and what is aimed at', async () => {
    const { marks, definitions, targets } = await report({ from: '1969-12-31', to: '1970-01-02' });
    expect(marks).toEqual([
      { at: '1970-01-01T00:00:00.000Z', text: 'Version 1 of core came into force', version: 1 },
    ]);
    expect(definitions.find(({ id }) => id === 'windowRate')?.text).toContain('within 7 days of the handoff');
    expect(targets).toEqual({ acceptance: [0.65, 0.75], floor: 0.5, ceiling: null, minSample: 2 });
    await clear(db);
    expect((await report()).targets).toEqual({ acceptance: null, floor: null, ceiling: null, minSample: 30 });
  });

  test('come as a file with the same figures', async () => {
    await handOver('2026-03-01', { decision: 'accepted', source: '=HYPERLINK("x")' });
    const { name, text } = await getAcceptanceFile(world.as(person('ann')), {
      ...{ params: undefined, body: undefined },
      query: asked('getAcceptanceFile', { by: 'source' }),
    });
    expect(name).toBe('acceptance-by-source.csv');
    expect(String(text).split('\r\n')[1]).toMatch(
      /^"'=HYPERLINK\(""x""\)","'=HYPERLINK\(""x""\)","1","1","0","0"/,
    );
  });
});
