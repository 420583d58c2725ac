import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RotaStep, rotaOf } from '../../src/core/routing/rota.ts';
import type { Database } from '../../src/db/database.ts';
import {
  listAssigned,
  listEpisodeLedger,
  listRotaSteps,
  listTeamLedger,
} from '../../src/db/routing/ledger.ts';
import { addTimeOffRow, loadMembers, loadTeams, saveAvailabilityRow } from '../../src/db/routing/staff.ts';
import { rotaOfRows } from '../../src/loop/routing/staff.ts';
import { changeTeam } from '../../src/loop/routing/team.ts';
import { DRIVERS } from '../db/opened.ts';
import { addUser } from '../world/seed.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const FRIDAY = '2026-03-06T10:00:00Z';
const to = (...routing: readonly object[]) => ({
  ...AGREEMENT,
  routing: [
    ...routing.map((entry, index) => ({ id: `r${index}`, label: `Entry ${index}`, ...entry })),
    { fallback: 'queue' },
  ],
});
const BY_WEIGHT = to({ to: { team: 'crew', by: 'weighted' } });

/** Somebody who asks for a demo, and so is handed over. */
const ask = (id: string, traits: object = {}) => [
  { type: 'identify', userId: id, traits: { email: `${id}@${id}.com`, title: 'VP', name: id, ...traits } },
  { type: 'track', userId: id, event: 'Demo Requested' },
];

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await start(BY_WEIGHT);
  });

  async function start(agreement: object): Promise<Story> {
    // A database of its own to the cache of compiled versions: each agreement here is version 1.
    const begun = await begin({ ...db }, { agreement });
    await db.script('delete from availability; delete from time_off');
    for (const id of ['cat', 'dan', 'eli']) await addUser(db, { name: id, id });
    await crew(begun, { ann: {}, bob: {}, cat: {} });
    begun.at(FRIDAY);
    return begun;
  }

  const now = () => story.app.clock();
  const crew = (of: Story, members: Readonly<Record<string, object>>, name = 'crew') =>
    changeTeam(
      of.app,
      {
        name,
        label: name,
        members: Object.entries(members).map(([userId, more]) => ({ userId, ...more })),
      },
      { actor: 'mia', now: of.app.clock() },
    );
  const owners = async (ids: readonly string[]) => {
    const seen = await Promise.all(ids.map(async id => (await story.see(id)).owner));
    return seen;
  };
  const ledgerOf = async (id: string) => {
    const [episode] = (await story.see(id)).episodes;
    return listEpisodeLedger(db, episode?.id ?? '');
  };

  const stepShape = z
    .object({
      weight: z.number(),
      by: z.enum(['round_robin', 'weighted', 'least_open']),
      available: z.array(z.string()),
    })
    .partial();
  async function foldedLedger(team: string) {
    const steps = (await listRotaSteps(db, team)).map(({ kind, user_id: userId, particulars }): RotaStep => {
      const { weight = 0, by = 'weighted', available = [] } = stepShape.parse(particulars);
      if (kind === 'assigned') return { kind, userId, by, available };
      if (kind === 'left') return { kind, userId };
      return { kind: kind === 'joined' ? kind : 'weighed', userId, weight };
    });
    return { rota: rotaOf(steps), count: steps.length };
  }

  test('what the rows say of turns is the fold of the ledger, whatever joins, leaves and is given out', async () => {
    let made = 0;
    const give = async (count: number) => {
      const ids = Array.from({ length: count }, () => `x${++made}`);
      // Several in one batch, and batches after each other.
      await story.call(ids.flatMap(id => ask(id)));
    };
    await give(5);
    await crew(story, { ann: { weight: 3 }, bob: {}, cat: { weight: 0.5 } });
    await give(7);
    await crew(story, { ann: {}, cat: { capacity: { perDay: 1 } }, dan: { weight: 2 } });
    await db.script("update app_user set active = false where id = 'ann'");
    await give(4);
    await db.script("update app_user set active = true where id = 'ann'");
    await give(6);
    await crew(story, { bob: {}, dan: {} });
    await give(3);
    const { rota, count } = await foldedLedger('crew');
    const [team] = (await loadTeams(db, false)).filter(({ name }) => name === 'crew');
    const rows = (await loadMembers(db)).filter(row => row.team === 'crew');
    expect(count).toBeGreaterThan(30);
    expect(rotaOfRows(team?.turn ?? -1, rows)).toEqual(rota);
  });

  test('what was given out is listed by when, also where it was written in another order', async () => {
    const times = ['2026-03-06T12:00:00Z', '2026-03-06T10:00:00Z', '2026-03-06T11:00:00Z'];
    for (const [index, time] of times.entries()) {
      story.at(time);
      await story.call(ask(`x${index}`));
    }
    const given = async (before: number | null, limit: number) =>
      (await listTeamLedger(db, { team: 'crew', before, limit })).filter(({ kind }) => kind === 'assigned');
    const all = await given(null, 50);
    const sorted = times.map(time => Date.parse(time)).sort((a, b) => b - a);
    expect(all.map(({ at }) => at)).toEqual(sorted);
    expect((await given(all[0]?.id ?? 0, 1)).map(({ at }) => at)).toEqual(sorted.slice(1, 2));
    expect((await listAssigned(db, 2)).map(({ at }) => at)).toEqual(sorted.slice(0, 2).reverse());
  });

  test('each lead is given by the shares, and its ledger says who it could have been', async () => {
    await crew(story, { ann: { weight: 2 }, bob: {}, cat: {} });
    await story.call(['a', 'b', 'c', 'd'].flatMap(id => ask(id)));
    expect([...(await owners(['a', 'b', 'c', 'd']))].sort()).toEqual(['ann', 'ann', 'bob', 'cat']);
    expect(await ledgerOf('a')).toEqual([
      expect.objectContaining({
        kind: 'assigned',
        team: 'crew',
        entry: 'r0',
        actor: 'routing',
        at: now(),
        particulars: expect.objectContaining({
          available: ['ann', 'bob', 'cat'],
          passedOver: [],
          by: 'weighted',
        }),
      }),
    ]);
  });

  test('nobody on time off, paused, inactive, full or of another role gets a lead, and each is named with the reason', async () => {
    const monday = Date.parse('2026-03-09T08:00:00Z');
    const off = {
      id: '00000000-0000-4000-8000-000000000001',
      userId: 'ann',
      from: 0,
      to: monday,
      note: null,
    };
    await addTimeOffRow(db, { ...off, actor: 'ann', now: now() });
    const paused = { timezone: 'UTC', hours: null, holidays: [], open: '[]', pausedNote: null };
    await saveAvailabilityRow(db, { userId: 'bob', ...paused, pausedAt: now() });
    await crew(story, { ann: {}, bob: {}, cat: { capacity: { open: 2 } }, dan: {}, eli: {} });
    await db.script("update app_user set active = false where id = 'dan'");
    await db.script("update app_user set role = 'marketing' where id = 'eli'");
    for (const id of ['a', 'b', 'c']) await story.call(ask(id));
    expect(await owners(['a', 'b', 'c'])).toEqual(['cat', 'cat', null]);
    expect((await story.see('c')).episodes).toEqual([
      expect.objectContaining({
        team: 'queue',
        waitingFor: 'everybody there has as many leads as they take',
      }),
    ]);
    const [line] = await ledgerOf('c');
    expect(line).toMatchObject({
      kind: 'waiting',
      particulars: {
        passedOver: [
          { userId: 'ann', reason: 'time_off', until: monday },
          { userId: 'bob', reason: 'paused', until: null },
          { userId: 'cat', reason: 'open_capacity', until: null },
          { userId: 'dan', reason: 'inactive', until: null },
          { userId: 'eli', reason: 'role', until: null },
        ],
        waiting: { reason: 'team_full' },
      },
    });
  });

  test('leads of a day are counted by the day of the person, and fractions by working days', async () => {
    const hours = JSON.stringify({ 'mon-fri': ['09:00-17:30'] });
    const tokyo = {
      timezone: 'Asia/Tokyo',
      hours,
      holidays: [],
      open: '[]',
      pausedAt: null,
      pausedNote: null,
    };
    await saveAvailabilityRow(db, { userId: 'ann', ...tokyo });
    await crew(story, { ann: { capacity: { perDay: 1 } }, bob: { capacity: { perDay: 0.5 } } });
    const days: (string | null)[][] = [];
    let made = 0;
    for (const time of [
      '2026-03-02T01:00:00Z', // Monday 10:00 in Tokyo
      '2026-03-02T14:59:00Z', // Monday 23:59 there
      '2026-03-03T01:00:00Z', // Tuesday there and in UTC
      '2026-03-04T01:00:00Z',
    ]) {
      story.at(time);
      const ids = [1, 2, 3].map(() => `y${++made}`);
      await story.call(ids.flatMap(id => ask(id)));
      days.push([...(await owners(ids))].sort());
    }
    expect(days).toEqual([
      // Only Ann is at work by her hours; Bob is always: of both, each one lead.
      ['ann', 'bob', null],
      [null, null, null],
      ['ann', null, null],
      ['ann', 'bob', null],
    ]);
  });

  test('with nobody at work it goes to somebody who starts later, never to somebody who is off then', async () => {
    const hours = JSON.stringify({ 'mon-fri': ['09:00-17:30'] });
    const london = {
      timezone: 'Europe/London',
      hours,
      holidays: [],
      open: '[]',
      pausedAt: null,
      pausedNote: null,
    };
    for (const userId of ['ann', 'bob', 'cat']) await saveAvailabilityRow(db, { userId, ...london });
    story.at('2026-03-07T12:00:00Z');
    const [from, until] = [Date.parse('2026-03-09T00:00:00Z'), Date.parse('2026-03-10T00:00:00Z')];
    const off = { id: '00000000-0000-4000-8000-000000000002', userId: 'ann', from, to: until, note: null };
    await addTimeOffRow(db, { ...off, actor: 'ann', now: now() });
    await story.call(['a', 'b', 'c'].flatMap(id => ask(id)));
    expect([...(await owners(['a', 'b', 'c']))].sort()).toEqual(['bob', 'bob', 'cat']);
    const [line] = await ledgerOf('a');
    expect(line?.because).toMatch(
      /nobody is at work, (?:bob|cat) starts Mon 9 Mar, 09:00 Europe\/London and is next/,
    );
  });

  test('an open opportunity with the company goes before its latest lead, also within one batch', async () => {
    story = await start(
      to(
        { when: { 'contact.emailDomain': 'big.com' }, to: 'companyOwner' },
        { to: { team: 'crew', by: 'round_robin' } },
      ),
    );
    const big = (id: string) => ask(id, { email: `${id}@big.com` });
    await story.call(['p', 'q'].flatMap(big));
    const [first, second] = await owners(['p', 'q']);
    expect([first, second]).toEqual(['ann', 'ann']);
    await story.call(ask('r', { email: 'r@other.com' }));
    const other = (await owners(['r']))[0] ?? '';
    expect(other).not.toBe('ann');
    const { episodes } = await story.see('p');
    await story.reassign('p', other);
    await db.run({ name: '', text: "update episode set state = 'opportunity' where id = $1" }, [
      episodes[0]?.id,
    ]);
    story.at('2026-03-06T11:00:00Z');
    await story.call(big('s'));
    expect(await owners(['s'])).toEqual([other]);
    expect((await story.see('s')).episodes[0]).toMatchObject({ team: null });
  });

  test('a company belongs to nobody who may not work leads', async () => {
    story = await start(
      to(
        { when: { 'contact.emailDomain': 'big.com' }, to: 'companyOwner' },
        { to: { team: 'crew', by: 'round_robin' } },
      ),
    );
    const big = (id: string) => ask(id, { email: `${id}@big.com` });
    await story.call(big('p'));
    expect(await owners(['p'])).toEqual(['ann']);
    await db.script("update episode set state = 'opportunity'");
    await db.script("update app_user set role = 'marketing' where id = 'ann'");
    await story.call(big('s'));
    expect(await owners(['s'])).toEqual(['bob']);
    expect((await ledgerOf('s'))[0]?.because).toBe(
      'Entry 0: nobody owns the company yet; Entry 1: bob is next in team crew',
    );
  });

  test('what is missing to tell whose a lead is, is named', async () => {
    story = await start(
      to(
        { when: { 'contact.country': 'UK' }, to: { team: 'crew' } },
        { when: { 'company.employees': { gte: 50 } }, to: { team: 'crew' } },
      ),
    );
    await story.call(ask('a'));
    expect((await story.see('a')).episodes).toEqual([
      expect.objectContaining({ owner: null, waitingFor: 'something must be known of the lead first' }),
    ]);
  });

  test('a lead that waits is given out as soon as somebody is there, and the ledger tells both', async () => {
    const paused = {
      timezone: 'UTC',
      hours: null,
      holidays: [],
      open: '[]',
      pausedNote: null,
      pausedAt: now(),
    };
    for (const userId of ['ann', 'bob', 'cat']) await saveAvailabilityRow(db, { userId, ...paused });
    await story.call(ask('a'));
    expect(await owners(['a'])).toEqual([null]);
    story.at('2026-03-06T10:01:00Z');
    await story.tick();
    expect(await owners(['a'])).toEqual([null]);
    await crew(story, { ann: {}, bob: {}, cat: {}, dan: {} });
    await story.tick();
    expect(await owners(['a'])).toEqual(['dan']);
    expect((await ledgerOf('a')).map(({ kind, user_id }) => [kind, user_id])).toEqual([
      ['waiting', null],
      ['assigned', 'dan'],
    ]);
  });

  test('two at once are given out one after the other', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `z${index}`);
    await Promise.all(ids.map(id => story.call(ask(id))));
    const given = await owners(ids);
    for (const one of ['ann', 'bob', 'cat']) expect(given.filter(id => id === one)).toHaveLength(3);
    const { rota } = await foldedLedger('crew');
    const [team] = (await loadTeams(db, false)).filter(({ name }) => name === 'crew');
    expect(team?.turn).toBe(rota.turn);
  });
});
