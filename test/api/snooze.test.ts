import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { acceptEpisode, addActivity, reopenEpisode } from '../../src/server/api/decision.ts';
import { getEpisode } from '../../src/server/api/episode.ts';
import {
  reassignEpisode,
  reassignEpisodes,
  snoozeEpisode,
  wakeEpisode,
} from '../../src/server/api/ownership.ts';
import { listQueue } from '../../src/server/api/queue.ts';
import type { Caller } from '../../src/server/handler/handler.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { begin, type Story } from '../loop/story.ts';
import { addUser, HOUR } from '../world/seed.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const TO_SALES = {
  ...AGREEMENT,
  routing: [{ id: 'all', to: { team: 'sales', by: 'round_robin' } }, { fallback: 'queue' }],
};
const ANN: Caller = { id: 'ann', name: 'ann', role: 'rep' };
const ADA: Caller = { id: 'ada', name: 'ada', role: 'admin' };
const LATER = '2026-03-02T14:00:00.000Z';

const ask = (id: string) => [
  { type: 'identify', userId: id, traits: { email: `${id}@${id}.com`, title: 'VP', name: id } },
  { type: 'track', userId: id, event: 'Demo Requested' },
];

describe.each(DRIVERS)('the queue of somebody on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin({ ...db }, { agreement: TO_SALES });
    story.at('2026-03-02T10:00:00Z');
    await addUser(db, { id: 'ada', name: 'ada', role: 'admin' });
    await addUser(db, { id: 'mark', name: 'mark', role: 'marketing' });
  });

  const as = (caller: Caller, now = NOW) => ({
    app: story.app,
    now,
    caller,
    headers: new Headers(),
    address: '127.0.0.1',
    setHeader: () => {},
  });
  const on = (id: string) => ({ params: { id }, query: undefined });
  const leadOf = async (who: string) => {
    await story.call(ask(who));
    return (await story.see(who)).episodes[0]?.id ?? '';
  };
  type Query = Parameters<typeof listQueue>[1]['query'];
  const queue = (query: Partial<Query> = {}, at = NOW, caller = ANN) =>
    listQueue(as(caller, at), {
      params: undefined,
      query: { limit: 50, part: 'sales', sort: 'due', owner: 'me', ...query },
      body: undefined,
    });
  const size = async (query: Partial<Query> = {}, at = NOW) => (await queue(query, at)).items.length;
  const snooze = (id: string, until = LATER, note?: string) =>
    snoozeEpisode(as(ANN), { ...on(id), body: { until, ...(note === undefined ? {} : { note }) } });
  const journal = async () =>
    (
      await story.query(
        { kind: 'text' },
        `select kind from journal where kind in ('snoozed', 'unsnoozed', 'activity') order by id`,
      )
    ).map(({ kind }) => kind);

  test('is without a snoozed lead until its time, which everybody else sees, and its clocks run on', async () => {
    const id = await leadOf('u1');
    const before = await getEpisode(as(ANN), { ...on(id), body: undefined });
    const after = await snooze(id, LATER, 'After lunch');
    expect(after).toMatchObject({ snooze: { until: LATER, note: 'After lunch' }, due: before.due });
    expect(await size()).toBe(0);
    expect(await size({ snoozed: 'yes' })).toBe(1);
    expect(await size({ snoozed: 'all' })).toBe(1);
    expect((await queue({ owner: undefined })).items).toHaveLength(1);
    expect((await queue()).counts).toMatchObject({ mine: 0, snoozed: 1, all: 1 });
    expect((await queue()).nextReturnAt).toBe(LATER);
    const at = Date.parse(LATER);
    expect(await size({}, at - 1)).toBe(0);
    const back = await queue({}, at);
    expect(back.items).toMatchObject([{ snooze: { until: LATER, note: 'After lunch' } }]);
    expect(back.counts).toMatchObject({ mine: 1, snoozed: 0, overdue: 1 });
    expect(back.nextReturnAt).toBeNull();
    expect(await size({ snoozed: 'yes' }, at)).toBe(0);
    expect(await journal()).toEqual(['snoozed']);
  });

  test('counts what is overdue among the snoozed ones apart, as its list does', async () => {
    const id = await leadOf('u1');
    await snooze(id, '2026-03-05T10:00:00Z');
    const late = NOW + 30 * HOUR;
    expect((await queue({}, late)).counts).toMatchObject({ overdue: 0, snoozedOverdue: 1 });
    expect(await size({ overdue: 'yes' }, late)).toBe(0);
    expect(await size({ overdue: 'yes', snoozed: 'yes' }, late)).toBe(1);
  });

  test('has a lead back that is woken, and one snoozed anew goes for the new time', async () => {
    const id = await leadOf('u1');
    await snooze(id);
    const { snooze: none } = await wakeEpisode(as(ANN), { ...on(id), body: undefined });
    expect(none).toBeNull();
    expect(await size()).toBe(1);
    await wakeEpisode(as(ANN), { ...on(id), body: undefined });
    await snooze(id, '2026-03-02T11:00:00Z');
    await snooze(id, '2026-03-03T11:00:00Z', 'Call back');
    expect(await size({}, NOW + 2 * HOUR)).toBe(0);
    expect(await journal()).toEqual(['snoozed', 'unsnoozed', 'snoozed', 'snoozed']);
  });

  test('shows the note of a snooze that is over until something is logged', async () => {
    const id = await leadOf('u1');
    await snooze(id, LATER, 'After lunch');
    await addActivity(as(ANN), { ...on(id), body: { kind: 'note' } });
    expect((await queue({ snoozed: 'yes' })).items).toHaveLength(1);
    const later = Date.parse(LATER) + 1;
    await addActivity(as(ANN, later), { ...on(id), body: { kind: 'call' } });
    expect((await queue({}, later)).items).toMatchObject([{ snooze: null }]);
  });

  test('is spared no lead of somebody else: a new owner sees it at once', async () => {
    const id = await leadOf('u1');
    await snooze(id);
    await reassignEpisode(as(ADA), { ...on(id), body: { ownerId: 'bob' } });
    const { items } = await queue({}, NOW, { id: 'bob', name: 'bob', role: 'rep' });
    expect(items).toMatchObject([{ snooze: null }]);
  });

  test('has a lead that was decided and reopened', async () => {
    const id = await leadOf('u1');
    await snooze(id);
    await acceptEpisode(as(ANN), { ...on(id), body: {} });
    await reopenEpisode(as(ANN), { ...on(id), body: undefined });
    expect(await size()).toBe(1);
  });

  test('is spared nothing until a time that has passed, nor what is decided', async () => {
    const id = await leadOf('u1');
    await expect(snooze(id, '2026-03-02T10:00:00Z')).rejects.toMatchObject({
      code: 'invalid',
      problems: [{ path: 'until', message: 'expected a time that lies ahead' }],
    });
    await acceptEpisode(as(ANN), { ...on(id), body: {} });
    await expect(snooze(id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(snooze('nothing')).rejects.toMatchObject({ code: 'notFound' });
  });

  describe('several leads', () => {
    const give = (ids: readonly string[], ownerId: string | null, caller = ADA) =>
      reassignEpisodes(as(caller), {
        params: undefined,
        query: undefined,
        body: { ids: [...ids], ownerId, note: 'Leave' },
      });
    const owners = async (...who: readonly string[]) =>
      Promise.all(who.map(async one => (await story.see(one)).episodes.at(-1)?.owner));
    const statements = async (work: () => Promise<unknown>) => {
      const { run } = db;
      let n = 0;
      const counting: Database['run'] = (asked, values) => {
        n += 1;
        return run(asked, values);
      };
      story = { ...story, app: { ...story.app, db: { ...story.app.db, run: counting } } };
      await work();
      return n;
    };

    test('go to one person in one call, each written down and answered for itself', async () => {
      const ids = [await leadOf('u1'), await leadOf('u2'), await leadOf('u3')];
      expect(await owners('u1', 'u2', 'u3')).toEqual(['ann', 'bob', 'ann']);
      const gone = story.app.newId();
      const { items } = await give([...ids, gone, 'x'], 'ann');
      expect(items.map(({ id, refused }) => [id, refused])).toEqual([
        [ids[0], 'ann has the lead already'],
        [ids[1], null],
        [ids[2], 'ann has the lead already'],
        [gone, 'There is no such lead.'],
        ['x', 'There is no such lead.'],
      ]);
      expect(items[1]).toMatchObject({
        contact: { name: 'u2' },
        owner: { id: 'ann' },
        previousOwner: { id: 'bob' },
        waitingFor: null,
      });
      expect(await owners('u1', 'u2', 'u3')).toEqual(['ann', 'ann', 'ann']);
      const [entries] = await story.query(
        { n: 'int8' },
        `select count(*) as n from journal where kind = 'reassigned'`,
      );
      expect(entries?.n).toBe(1);
      const tasks = await story.query(
        { owner_id: 'text?' },
        'select distinct owner_id from task where done_at is null',
      );
      expect(tasks).toEqual([{ owner_id: 'ann' }]);
    });

    test('are routed anew, to anybody but who had them', async () => {
      const ids = [await leadOf('u1'), await leadOf('u2')];
      const { items } = await give(ids, null);
      expect(items.map(({ owner, previousOwner }) => [previousOwner?.id, owner?.id])).toEqual([
        ['ann', 'bob'],
        ['bob', 'ann'],
      ]);
      expect(items.every(({ refused }) => refused === null)).toBe(true);
    });

    test('stay where they are as a whole for somebody who may not have them, and are refused to who may move none', async () => {
      const ids = [await leadOf('u1'), await leadOf('u2')];
      await expect(give(ids, 'mark')).rejects.toMatchObject({ code: 'invalid' });
      await expect(give([ids[1] ?? ''], 'ann', ANN)).rejects.toMatchObject({ code: 'forbidden' });
      const { items } = await give(ids, 'bob', ANN);
      expect(items.map(({ refused }) => refused)).toEqual([
        null,
        'This lead belongs to bob. A manager or an admin can reassign it.',
      ]);
      expect(await owners('u1', 'u2')).toEqual(['bob', 'bob']);
    });

    test('that are decided are given to somebody, and not routed', async () => {
      const id = await leadOf('u1');
      await acceptEpisode(as(ANN), { ...on(id), body: {} });
      expect((await give([id], null)).items).toMatchObject([
        { refused: 'the lead is accepted; give it to somebody instead' },
      ]);
      expect((await give([id], 'bob')).items).toMatchObject([{ refused: null, owner: { id: 'bob' } }]);
    });

    test('take as many statements as one', async () => {
      const ids: string[] = [];
      for (const who of ['u1', 'u2', 'u3', 'u4', 'u5']) ids.push(await leadOf(who));
      const one = await statements(() => give(ids.slice(1, 2), 'ann'));
      const four = await statements(() => give(ids, 'bob'));
      expect(four).toBeLessThanOrEqual(one + 2);
    });
  });
});
