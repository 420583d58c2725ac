import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COLD_DAYS } from '../../src/contract/api/board.ts';
import { compileCalendar, workingMsBetween } from '../../src/core/worktime/calendar.ts';
import { type Database, statement } from '../../src/db/database.ts';
import { countColdLeads } from '../../src/db/followup/board.ts';
import { openOffice } from '../../src/demo/office.ts';
import { partStories, playStories } from '../../src/demo/play.ts';
import { DAY, HOUR } from '../../src/demo/story/rhythm.ts';
import { drawStories } from '../../src/demo/story/story.ts';
import { type App, makeApp } from '../../src/loop/app.ts';
import { sweepClocks } from '../../src/loop/followup/clock.ts';
import { sweepNurture } from '../../src/loop/nurture/sweep.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { openMemory } from '../../src/server/operation/database.ts';
import { compileTemplate, workAfter } from './handoff.ts';

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

const STEPS = statement(
  'test_list_steps',
  { step: 'int4', track: 'text', at: 'timestamptz', before_at: 'timestamptz', left_at: 'timestamptz?' },
  `select s.step, n.track, s.at, coalesce(lag(s.at) over (partition by n.id order by s.step), n.entered_at) as before_at, n.left_at
   from nurture_step s join nurture n on n.id = s.nurture_id order by n.id, s.step`,
);
const LETTERS = statement(
  'test_list_letters',
  { state: 'text', created_at: 'timestamptz', ended_at: 'timestamptz?', step_at: 'timestamptz?' },
  `select l.state, l.created_at, l.ended_at, s.at as step_at from letter l left join nurture_step s on s.letter_id = l.id
   order by l.created_at`,
);
const TAKEN = statement(
  'test_list_taken',
  { at: 'timestamptz', due_at: 'timestamptz' },
  `select j.at, e.first_touch_due_at as due_at
   from journal j join episode e on e.id = j.episode_id where j.kind = 'taken_away' order by j.at`,
);

const TOUCHES = statement(
  'test_list_touches',
  { owner: 'text', from: 'timestamptz', to: 'timestamptz' },
  `select u.name as owner, e.handed_off_at as from, e.first_touch_at as to from episode e join app_user u on u.id = e.owner_id
   where e.first_touch_at is not null order by e.id`,
);
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const NOW = Date.UTC(2026, 10, 24, 14, 30);
const COUNT = 160;

describe('the year of a demo as it is written down', () => {
  let db: Database;
  let app: App;
  const seen: { readonly ids: readonly string[]; readonly isHistory: boolean }[] = [];
  const told: number[] = [];
  beforeAll(async () => {
    db = await openMemory();
    const { settings } = readSettings({});
    if (settings === null) throw new Error('the settings are not valid');
    app = makeApp({ db, settings, log: pino({ level: 'silent' }), clock: () => NOW });
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

  test('has each step of a track done at its time, its mail sent then, and some tracks still under way', async () => {
    const waits: Record<string, readonly number[]> = {
      stay_in_touch: [14, 30, 45],
      try_again: [3, 14],
      build_the_case: [7, 21],
    };
    const steps = await STEPS.rows(db);
    expect(steps.length).toBeGreaterThan(5);
    for (const { step, track, at, before_at: before } of steps)
      expect(at - before, `${track} ${step}`).toBe((waits[track]?.[step] ?? 0) * DAY);
    expect(steps.filter(({ left_at: left }) => left === null).length).toBeGreaterThan(0);
    const letters = await LETTERS.rows(db);
    expect(letters.filter(({ step_at: at }) => at !== null).length).toBeGreaterThan(5);
    const late = letters.filter(
      ({ state, created_at: at, ended_at: ended, step_at: step }) =>
        state === 'waiting' || ended !== at || (step !== null && step !== at),
    );
    expect(late.filter(({ created_at: at }) => at < NOW)).toEqual([]);
    expect(await sweepNurture(app, NOW)).toBe(0);
  });

  test('has leads taken from those who missed them two working hours after that', async () => {
    const taken = await TAKEN.rows(db);
    expect(taken.length).toBeGreaterThan(0);
    for (const { at, due_at: dueAt } of taken) expect(at).toBe(workAfter(dueAt, 2 * HOUR));
    expect((await sweepClocks(app, NOW)).contactIds).toEqual([]);
  });

  test('has one slow rep: what Freya Lindholm gets waits longer for its first touch', async () => {
    const business = compileTemplate().agreement.practice.calendars?.business;
    if (business === undefined) throw new Error('the template has no calendar');
    const hours = compileCalendar(business);
    const touches = await TOUCHES.rows(db);
    const waitsOf = (isHers: boolean) =>
      touches
        .filter(({ owner }) => (owner === 'Freya Lindholm') === isHers)
        .map(({ from, to }) => workingMsBetween(hours, from, to));
    expect(waitsOf(true).length).toBeGreaterThan(8);
    expect(median(waitsOf(true))).toBeGreaterThan(1.6 * median(waitsOf(false)));
  });

  test('leaves few of the accepted leads to go cold', async () => {
    const cold = await countColdLeads(db, NOW - COLD_DAYS * DAY);
    const count = cold.reduce((sum, row) => sum + row.cold, 0);
    const accepted = (await EPISODES.rows(db)).filter(
      ({ state, disqualifier }) => disqualifier === null && (state === 'accepted' || state === 'opportunity'),
    );
    expect(count).toBeGreaterThan(0);
    expect(count / accepted.length).toBeLessThan(0.25);
  });

  test('comes in steps of which none is a large part of the whole', () => {
    const calls = told.reduce((sum, count) => sum + count, 0);
    expect(Math.max(...told) / calls).toBeLessThan(0.25);
  });
});
