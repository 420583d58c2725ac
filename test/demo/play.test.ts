import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, statement } from '../../src/db/database.ts';
import { openOffice } from '../../src/demo/office.ts';
import { partStories, playStories } from '../../src/demo/play.ts';
import { DAY } from '../../src/demo/story/rhythm.ts';
import { drawStories } from '../../src/demo/story/story.ts';
import { makeApp } from '../../src/loop/app.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { openMemory } from '../../src/server/operation/database.ts';

const EPISODES = statement(
  'test_list_episodes',
  {
    id: 'uuid',
    state: 'text',
    handed_off_at: 'timestamptz',
    disqualifier: 'text?',
    first_touch_at: 'timestamptz?',
  },
  'select id, state, handed_off_at, disqualifier, first_touch_at from episode order by id',
);
const DELIVERIES = statement(
  'test_list_deliveries',
  { state: 'text', created_at: 'timestamptz', sent_at: 'timestamptz?' },
  'select state, created_at, sent_at from outbox',
);

const NOW = Date.UTC(2026, 10, 24, 14, 30);
const COUNT = 160;

describe('the year of a demo as it is written down', () => {
  let db: Database;
  const seen: { readonly ids: readonly string[]; readonly isHistory: boolean }[] = [];
  const told: number[] = [];
  beforeAll(async () => {
    db = await openMemory();
    const { settings } = readSettings({});
    if (settings === null) throw new Error('the settings are not valid');
    const app = makeApp({ db, settings, log: pino({ level: 'silent' }), clock: () => NOW });
    const players = await openOffice(app, { now: NOW, password: 'not used here' });
    const { open, history } = partStories(drawStories({ seed: 8, now: NOW, count: COUNT }), NOW);
    let isHistory = false;
    const looks: Promise<unknown>[] = [];
    const onTold = (calls: number) => {
      told.push(calls);
      const at = isHistory;
      looks.push(openIds().then(ids => seen.push({ ids, isHistory: at })));
    };
    const play = { now: NOW, players, onSettled: () => {}, onTold, isStopped: () => false };
    await playStories(app, open, play);
    isHistory = true;
    await playStories(app, history, play);
    await Promise.all(looks);
  }, 60_000);
  afterAll(() => db.close());

  const openIds = async () =>
    (await EPISODES.rows(db)).filter(({ state }) => state === 'open').map(({ id }) => id);

  test('never shows a lead as open that is not open in the end', async () => {
    const last = new Set(await openIds());
    expect(last.size).toBeGreaterThan(5);
    expect(seen.length).toBeGreaterThan(10);
    for (const { ids } of seen) expect(ids.filter(id => !last.has(id))).toEqual([]);
  });

  test('has the whole queue before the history begins', async () => {
    const last = await openIds();
    for (const { ids } of seen.filter(({ isHistory }) => isHistory)) expect(ids).toEqual(last);
  });

  test('hands nothing over after its end, and leaves no lead of a customer unworked for weeks', async () => {
    const episodes = await EPISODES.rows(db);
    expect(episodes.filter(({ handed_off_at: at }) => at > NOW)).toEqual([]);
    const routed = episodes.filter(
      ({ state, disqualifier }) => state !== 'disqualified' && disqualifier !== null,
    );
    expect(routed.length).toBeGreaterThan(0);
    const isOld = (at: number) => at < NOW - 21 * DAY;
    expect(routed.filter(({ state, handed_off_at: at }) => state === 'open' && isOld(at))).toEqual([]);
  });

  test('has its messages sent when they were promised, but for those of its last moment, which are news', async () => {
    const deliveries = (await DELIVERIES.rows(db)).filter(({ created_at: at }) => at < NOW);
    expect(deliveries.length).toBeGreaterThan(20);
    expect(
      deliveries.filter(({ state, created_at: at, sent_at: sent }) => state !== 'sent' || sent !== at),
    ).toEqual([]);
  });

  test('comes in steps of which none is a large part of the whole', () => {
    const calls = told.reduce((sum, count) => sum + count, 0);
    expect(Math.max(...told) / calls).toBeLessThan(0.25);
  });
});
