import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { episode, episodeHead } from '../../src/contract/api/episode.ts';
import type { Database } from '../../src/db/database.ts';
import { getEpisode, mustFindEpisode } from '../../src/server/api/episode.ts';
import { listEpisodes, listQueue } from '../../src/server/api/queue.ts';
import type { Caller } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import { asked } from '../world/asked.ts';
import {
  addActivity,
  addAgreement,
  addContact,
  addEpisode,
  addStanding,
  addUser,
  clear,
  DAY,
  HOUR,
} from '../world/seed.ts';

const NOW = Date.UTC(2026, 2, 15, 10);
const line = (rule: string | null, points: number) => ({ rule, label: `${rule}`, score: 'fit', points });
const BREAKDOWN = {
  id: 'c1',
  at: '2026-03-15T09:00:00.000Z',
  scores: { fit: 21, intent: 40 },
  total: 61,
  lines: [line('a', 10), line('b', -30), line('c', 20), line('d', 11), line(null, -50)],
  grade: 'B1',
  disqualified: [],
  qualifies: 'score',
  nextChangeAt: null,
};

describe.each(DRIVERS)('the queue on $name', ({ open }) => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await addAgreement(db);
    await addUser(db, { name: 'Ann Lee' });
    await addUser(db, { name: 'Bob Ray' });
    world = makeWorld(db, { now: NOW });
  });

  const lead = async (name: string, given: Partial<Parameters<typeof addEpisode>[1]> = {}) => {
    const contactId = await addContact(db, { name });
    return addEpisode(db, { contactId, handedOffAt: NOW - HOUR, ...given });
  };
  type Query = Parameters<typeof listQueue>[1]['query'];
  const queue = (query: Partial<Query> = {}, caller: Caller = person('ann')) =>
    listQueue(world.as(caller), {
      params: undefined,
      query: { limit: 50, part: 'all', sort: 'due', ...query },
      body: undefined,
    });
  const names = (page: { readonly items: readonly { readonly contact: { readonly name: string } }[] }) =>
    page.items.map(({ contact }) => contact.name);

  test('is empty when nothing is open', async () => {
    await lead('Accepted', { decision: 'accepted' });
    expect(await queue()).toEqual({
      items: [],
      nextCursor: null,
      counts: {
        mine: 0,
        unassigned: 0,
        all: 0,
        others: 0,
        overdue: 0,
        fresh: 0,
        snoozed: 0,
        snoozedOverdue: 0,
      },
      nextReturnAt: null,
      options: { owners: [], teams: [], grades: [], sources: [], campaigns: [] },
    });
  });

  test('has what is due first on top, whatever kind of deadline it is, and what has none at the end', async () => {
    await lead('never due');
    await lead('decision in 2 h', {
      firstTouchDueAt: NOW - DAY,
      decisionDueAt: NOW + 2 * HOUR,
      firstTouchAt: NOW - DAY,
    });
    await lead('first touch in 1 h', { firstTouchDueAt: NOW + HOUR, decisionDueAt: NOW + DAY });
    await lead('overdue', { firstTouchDueAt: NOW - HOUR, decisionDueAt: NOW + DAY });
    const page = await queue();
    expect(names(page)).toEqual(['overdue', 'first touch in 1 h', 'decision in 2 h', 'never due']);
    expect(page.items.map(({ due }) => due)).toEqual([
      { kind: 'firstTouch', at: '2026-03-15T09:00:00.000Z' },
      { kind: 'firstTouch', at: '2026-03-15T11:00:00.000Z' },
      { kind: 'decision', at: '2026-03-15T12:00:00.000Z' },
      null,
    ]);
    expect((await queue({}, person('mia', 'manager'))).counts.overdue).toBe(1);
    expect(names(await queue({ overdue: 'yes' }))).toEqual(['overdue']);
    // To a rep the whole company's are not overdue.
    expect(page.counts.overdue).toBe(0);
  });

  test('shows the leads of one owner, of nobody, or all, and counts them all the same', async () => {
    await lead('of Ann', { ownerId: 'ann' });
    await lead('of Bob', { ownerId: 'bob', firstTouchDueAt: NOW - 1 });
    await lead('of nobody', { waitingFor: 'nobody to take it', team: 'sales' });
    const counts = {
      mine: 1,
      unassigned: 1,
      all: 3,
      others: 0,
      overdue: 0,
      fresh: 0,
      snoozed: 0,
      snoozedOverdue: 0,
    };
    for (const [owner, expected] of [
      ['me', ['of Ann']],
      ['bob', ['of Bob']],
      ['none', ['of nobody']],
      ['somebody else', []],
    ] as const) {
      const page = await queue({ owner });
      expect([names(page), page.counts]).toEqual([expected, counts]);
    }
    expect(names(await queue())).toHaveLength(3);
    const key = { id: null, name: 'a key', role: 'admin' } as const;
    expect(names(await queue({ owner: 'me' }, key))).toEqual([]);
    expect((await queue({}, key)).counts).toEqual({ ...counts, mine: 0, overdue: 1 });
  });

  test('is due exactly at its time, not before', async () => {
    await lead('due now', { firstTouchDueAt: NOW, ownerId: 'ann' });
    expect((await queue()).counts.overdue).toBe(0);
    world.setNow(NOW + 1);
    expect((await queue()).counts.overdue).toBe(1);
  });

  test('pages through every lead once, also through equal and missing deadlines', async () => {
    for (let index = 0; index < 23; index++) {
      await lead(`lead ${index}`, { firstTouchDueAt: index < 16 ? NOW + (index % 4) * HOUR : null });
    }
    for (const [sort, limit] of [
      ['due', 1],
      ['due', 5],
      ['due', 22],
      ['due', 23],
      ['-total', 5],
      ['-handedOffAt', 5],
    ] as const) {
      const whole = names(await queue({ sort }));
      expect(new Set(whole).size).toBe(23);
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await queue({ sort, limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.items.length).toBeGreaterThan(0);
        paged.push(...names(page));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toEqual(whole);
    }
    const { nextCursor } = await queue({ limit: 1 });
    await expect(queue({ sort: '-total', cursor: nextCursor ?? '' })).rejects.toMatchObject({ status: 400 });
  });

  test('is narrowed by team, grade now, source, campaign and text, and ordered by score now and by handoff', async () => {
    const rich = await lead('Rich', { total: 50, source: 'web', campaign: 'spring', team: 'sales' });
    await lead('Per%cent', { total: 60, source: 'fair', handedOffAt: NOW - DAY, ownerId: 'bob' });
    await lead('Late_r', { total: 55, handedOffAt: NOW - 2 * DAY });
    const [row] = await db.run<{ contact_id: string }>(
      { name: '', text: 'select contact_id from episode where id = $1' },
      [rich],
    );
    await addStanding(db, { contactId: row?.contact_id ?? '', total: 90, grade: 'C3' });
    for (const [query, expected] of [
      [{ team: 'sales' }, ['Rich']],
      [{ grade: 'C3' }, ['Rich']],
      [{ grade: 'A1', sort: '-total' }, ['Per%cent', 'Late_r']],
      [{ source: 'fair' }, ['Per%cent']],
      [{ campaign: 'spring' }, ['Rich']],
      [{ q: 'r%c' }, ['Per%cent']],
      [{ q: 'E_R' }, ['Late_r']],
      [{ q: '_' }, ['Late_r']],
      [{ sort: '-total' }, ['Rich', 'Per%cent', 'Late_r']],
      [{ sort: '-handedOffAt' }, ['Rich', 'Per%cent', 'Late_r']],
    ] as const)
      expect([query, names(await queue(query))]).toEqual([query, expected]);
    expect((await queue()).options).toEqual({
      owners: ['bob'],
      teams: ['sales'],
      grades: ['A1', 'C3'],
      sources: ['fair', 'web'],
      campaigns: ['spring'],
    });
  });

  test('keeps the leads for other teams apart from those of sales, also in what is overdue', async () => {
    await lead('For sales', { firstTouchDueAt: NOW - HOUR });
    const routed = await lead('A customer', { firstTouchDueAt: NOW - DAY, team: 'success' });
    await db.script(
      `update episode set disqualifier = 'customer', disqualifier_label = 'Customer' where id = '${routed}'`,
    );
    const counts = {
      mine: 0,
      unassigned: 1,
      all: 1,
      others: 1,
      overdue: 1,
      fresh: 0,
      snoozed: 0,
      snoozedOverdue: 0,
    };
    for (const [part, expected] of [
      ['sales', ['For sales']],
      ['others', ['A customer']],
      ['all', ['A customer', 'For sales']],
    ] as const) {
      const page = await queue({ part }, person('mia', 'manager'));
      expect([names(page), page.counts]).toEqual([expected, counts]);
    }
  });

  test('counts what others got within the last hour and have not touched', async () => {
    await lead('fresh', { ownerId: 'bob', handedOffAt: NOW - HOUR + 1 });
    await lead('touched', { ownerId: 'bob', handedOffAt: NOW - HOUR + 1, firstTouchAt: NOW });
    await lead('older', { ownerId: 'bob', handedOffAt: NOW - HOUR });
    await lead('own', { ownerId: 'ann', handedOffAt: NOW });
    expect((await queue()).counts.fresh).toBe(1);
    expect((await queue({}, person('bob'))).counts.fresh).toBe(1);
  });

  test('shows the score at the handoff and now, with what made the difference', async () => {
    const id = await lead('Ann', { breakdown: BREAKDOWN, total: 61 });
    const [row] = await db.run<{ contact_id: string }>(
      { name: '', text: 'select contact_id from episode where id = $1' },
      [id],
    );
    await addStanding(db, { contactId: row?.contact_id ?? '', total: 101, grade: 'A1' });
    const demo = {
      ...line('demo', 40),
      label: 'Asked for a demo',
      count: 1,
      lastAt: '2026-03-15T09:30:00.000Z',
    };
    await db.run({ name: '', text: 'update standing set lines = $1' }, [
      JSON.stringify([...BREAKDOWN.lines, demo]),
    ]);
    expect((await queue()).items[0]).toMatchObject({
      total: 61,
      now: { total: 101, grade: 'A1', because: 'Asked for a demo since' },
    });
  });

  test('says a reason that was stored as prose anew, or with the day of the handoff', async () => {
    const said = async (sentence: string, lines: readonly object[]) => {
      await db.script('delete from episode');
      await lead('Ann', { handedOffAt: NOW - 9 * DAY, breakdown: { ...BREAKDOWN, lines } });
      await db.run({ name: '', text: 'update episode set sentence = $1' }, [sentence]);
      return (await queue()).items[0]?.sentence;
    };
    const at = '2026-03-06T10:00:00.000Z';
    const lines = [
      { ...line('demo', 40), label: 'Asked for a demo', count: 1, lastAt: at },
      { ...line('price', 9), label: 'Pricing page visit', count: 2, lastAt: '2026-03-04T10:00:00.000Z' },
    ];
    const sentence = 'Good fit (VP), asked for a demo today and two pricing page visits (the last this week)';
    expect(await said(sentence, lines)).toBe(
      'Good fit (VP), asked for a demo 9 days ago and two pricing page visits (the last 11 days ago)',
    );
    expect(await said('Good fit and a visit today', [])).toBe(
      'Good fit and a visit today (as of 6 Mar 2026)',
    );
    expect(await said('Good fit', [])).toBe('Good fit');
  });

  test.each(['nonsense', '', Buffer.from('{"due":"x","id":1}').toString('base64url')])(
    'refuses the cursor %j',
    async cursor => {
      await expect(queue({ cursor })).rejects.toMatchObject({ status: 400 });
    },
  );

  test('gives an episode in full: contact, path, frozen breakdown, activities, owner and team by name', async () => {
    await db.script(`insert into team (name, label) values ('sales', 'Inside sales')`);
    const contactId = await addContact(db, {
      name: 'Cy Fox',
      title: 'CFO',
      email: 'cy@fox.example',
      company: 'Fox',
    });
    const id = await addEpisode(db, {
      contactId,
      handedOffAt: NOW - DAY,
      breakdown: BREAKDOWN,
      total: 61,
      ownerId: 'bob',
      team: 'sales',
      decision: 'rejected',
      decidedAt: NOW - HOUR,
      firstTouchAt: NOW - 2 * HOUR,
      decisionDueAt: NOW + HOUR,
      reason: 'timing',
      reasonLabel: 'Bad timing',
    });
    await addActivity(db, { episodeId: id, contactId, at: NOW - HOUR, kind: 'email', note: 'sent' });
    await addActivity(db, { episodeId: id, contactId, at: NOW - 2 * HOUR });
    const found = await getEpisode(world.as(person('ann')), {
      params: { id },
      query: undefined,
      body: undefined,
    });
    expect(episode.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      contact: { id: contactId, name: 'Cy Fox', title: 'CFO', email: 'cy@fox.example', company: 'Fox' },
      state: 'recycled',
      path: { id: 'score', label: 'Fit and intent' },
      scores: { fit: 21, intent: 40 },
      breakdown: BREAKDOWN,
      owner: { id: 'bob', name: 'Bob Ray' },
      team: 'Inside sales',
      due: null,
      firstTouchAt: '2026-03-15T08:00:00.000Z',
      decidedAt: '2026-03-15T09:00:00.000Z',
      reason: { id: 'timing', label: 'Bad timing' },
    });
    expect(found.topLines.map(({ rule }) => rule)).toEqual(['b', 'c', 'd']);
    expect(found.activities.map(({ kind, note }) => [kind, note])).toEqual([
      ['call', null],
      ['email', 'sent'],
    ]);
    expect(await mustFindEpisode(world.as(person('ann')), id)).toEqual(found);
  });

  test.each([
    { name: 'no breakdown', breakdown: {} },
    {
      name: 'a breakdown that does not apply',
      breakdown: { id: 'c1', at: '2026-03-15T09:00:00.000Z', applies: false, nextChangeAt: null },
    },
  ])('shows an imported handoff with $name without lines', async ({ breakdown }) => {
    const id = await lead('Imported', { breakdown, total: 0 });
    const found = await mustFindEpisode(world.as(person('ann')), id);
    expect(found?.breakdown).toMatchObject({ total: 0, lines: [], scores: {} });
    expect(found?.topLines).toEqual([]);
  });

  test.each([randomUUID(), 'e1', '', "' or 1=1", '\u0000'])('has no episode %j', async id => {
    await expect(
      getEpisode(world.as(person('ann')), { params: { id }, query: undefined, body: undefined }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test('shows an episode that has ended as waiting for nothing, whatever it waited for', async () => {
    const given = { ownerId: null, waitingFor: 'nobody is there' };
    const double = await lead('Double', { ...given, state: 'recycled', endedAt: NOW });
    const left = await lead('Left', { ...given, decision: 'accepted' });
    expect((await mustFindEpisode(world.as(person('ann')), double)).waitingFor).toBeNull();
    expect((await mustFindEpisode(world.as(person('ann')), left)).waitingFor).toBe('nobody is there');
    const { items } = await listEpisodes(world.as(person('ann')), {
      params: undefined,
      query: asked('listEpisodes', { state: 'recycled' }),
      body: undefined,
    });
    expect(items.map(({ waitingFor }) => waitingFor)).toEqual([null]);
  });

  test('lists episodes by the time of their handoff, newest first, page by page', async () => {
    for (let index = 0; index < 7; index++) await lead(`lead ${index}`, { handedOffAt: NOW - index * DAY });
    await lead('twin', { handedOffAt: NOW - 3 * DAY });
    const list = (query: { readonly limit: number; readonly cursor?: string; readonly from?: string }) =>
      listEpisodes(world.as(person('ann')), {
        params: undefined,
        query: asked('listEpisodes', query),
        body: undefined,
      });
    const whole = await list({ limit: 50 });
    expect(whole.items.map(item => episodeHead.parse(item).handedOffAt)).toEqual(
      whole.items
        .map(({ handedOffAt }) => handedOffAt)
        .sort()
        .reverse(),
    );
    const first = await list({ limit: 4 });
    const second = await list({ limit: 4, cursor: first.nextCursor ?? '' });
    expect([...names(first), ...names(second)]).toEqual(names(whole));
    expect(second.nextCursor).toBeNull();
    expect(names(await list({ limit: 50, from: new Date(NOW - DAY).toISOString() }))).toEqual([
      'lead 0',
      'lead 1',
    ]);
  });

  test('lists the episodes of one state', async () => {
    await lead('open');
    await lead('won', { state: 'won', decision: 'accepted' });
    const { items } = await listEpisodes(world.as(person('ann')), {
      params: undefined,
      query: asked('listEpisodes', { state: 'won' }),
      body: undefined,
    });
    expect(items.map(({ contact }) => contact.name)).toEqual(['won']);
  });
});
