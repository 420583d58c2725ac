import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { episode, episodeHead } from '../../src/contract/api/episode.ts';
import type { Database } from '../../src/db/database.ts';
import { getEpisode, mustFindEpisode } from '../../src/server/api/episode.ts';
import { listEpisodes, listQueue } from '../../src/server/api/queue.ts';
import { DRIVERS } from '../db/opened.ts';
import { makeWorld, person, type World } from '../world/app.ts';
import {
  addActivity,
  addAgreement,
  addContact,
  addEpisode,
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
  const queue = (
    query: { readonly owner?: string; readonly limit?: number; readonly cursor?: string } = {},
    caller = person('ann'),
  ) => listQueue(world.as(caller), { params: undefined, query: { limit: 50, ...query }, body: undefined });
  const names = (page: { readonly items: readonly { readonly contact: { readonly name: string } }[] }) =>
    page.items.map(({ contact }) => contact.name);

  test('is empty when nothing is open', async () => {
    await lead('Accepted', { decision: 'accepted' });
    expect(await queue()).toEqual({
      items: [],
      nextCursor: null,
      counts: { mine: 0, unassigned: 0, all: 0, overdue: 0 },
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
    expect(page.counts.overdue).toBe(1);
  });

  test('shows the leads of one owner, of nobody, or all, and counts them all the same', async () => {
    await lead('of Ann', { ownerId: 'ann' });
    await lead('of Bob', { ownerId: 'bob', firstTouchDueAt: NOW - 1 });
    await lead('of nobody', { waitingFor: 'nobody to take it', team: 'sales' });
    const counts = { mine: 1, unassigned: 1, all: 3, overdue: 1 };
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
    expect((await queue({}, key)).counts).toEqual({ ...counts, mine: 0 });
  });

  test('is due exactly at its time, not before', async () => {
    await lead('due now', { firstTouchDueAt: NOW });
    expect((await queue()).counts.overdue).toBe(0);
    world.setNow(NOW + 1);
    expect((await queue()).counts.overdue).toBe(1);
  });

  test('pages through every lead once, also through equal and missing deadlines', async () => {
    for (let index = 0; index < 23; index++) {
      await lead(`lead ${index}`, { firstTouchDueAt: index < 16 ? NOW + (index % 4) * HOUR : null });
    }
    const whole = names(await queue());
    for (const limit of [1, 5, 22, 23]) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await queue({ limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.items.length).toBeGreaterThan(0);
        paged.push(...names(page));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toEqual(whole);
    }
    expect(new Set(whole).size).toBe(23);
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
      query: { limit: 50, state: 'recycled' },
      body: undefined,
    });
    expect(items.map(({ waitingFor }) => waitingFor)).toEqual([null]);
  });

  test('lists episodes by the time of their handoff, newest first, page by page', async () => {
    for (let index = 0; index < 7; index++) await lead(`lead ${index}`, { handedOffAt: NOW - index * DAY });
    await lead('twin', { handedOffAt: NOW - 3 * DAY });
    const list = (query: { readonly limit: number; readonly cursor?: string; readonly from?: string }) =>
      listEpisodes(world.as(person('ann')), { params: undefined, query, body: undefined });
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
    await expect(list({ limit: 50, from: 'soon' })).rejects.toMatchObject({ status: 400 });
  });

  test('lists the episodes of one state', async () => {
    await lead('open');
    await lead('won', { state: 'won', decision: 'accepted' });
    const { items } = await listEpisodes(world.as(person('ann')), {
      params: undefined,
      query: { state: 'won', limit: 50 },
      body: undefined,
    });
    expect(items.map(({ contact }) => contact.name)).toEqual(['won']);
  });
});
