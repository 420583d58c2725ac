import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

const ANN = { type: 'identify', userId: 'u1', traits: { email: 'ann@acme.com', title: 'VP' } };
const demo = (more: object = {}) => ({ type: 'track', userId: 'u1', event: 'Demo Requested', ...more });
const page = (more: object = {}) => ({ type: 'page', userId: 'u1', ...more });

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
    story.at('2026-03-02T10:00:00Z');
    await story.call([ANN, demo()]);
  });

  test('an accepted lead is no longer an MQL, is still to be touched, and is not handed over again', async () => {
    const { at, accept, call, see } = story;
    at('2026-03-02T11:00:00Z');
    await accept('u1');
    await call([demo(), page()]);
    expect(await see('u1')).toMatchObject({
      stage: 'sql',
      episodes: [{ state: 'accepted', isTaskDone: false }],
    });
    await expect(accept('u1')).rejects.toMatchObject({ code: 'conflict' });
    await expect(story.reject('u1', 'busy')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a rejection needs one of the reasons', async () => {
    await expect(story.reject('u1', 'because')).rejects.toMatchObject({ code: 'invalid' });
    expect(await story.see('u1')).toMatchObject({ stage: 'mql', episodes: [{ state: 'open' }] });
  });

  test('a recycled lead comes back only after the wait, and only with something new', async () => {
    const { at, call, see, tick, reject } = story;
    at('2026-03-03T10:00:00Z');
    await reject('u1', 'timing');
    expect(await see('u1')).toMatchObject({
      stage: 'nurture',
      episodes: [{ state: 'recycled', requalifyAt: '2026-04-02T10:00:00.000Z' }],
    });
    at('2026-03-20T10:00:00Z');
    await call([demo(), page()]);
    await tick();
    expect((await see('u1')).episodes).toHaveLength(1);
    expect((await see('u1')).stage).toBe('nurture');
    at('2026-04-02T09:59:59Z');
    await tick();
    expect((await see('u1')).episodes).toHaveLength(1);
    // Still over the line when the wait ends: 20 for the title and 40 for the demo request of 20 March.
    at('2026-04-02T10:00:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({
      stage: 'mql',
      episodes: [
        { state: 'recycled' },
        {
          state: 'open',
          path: 'score',
          qualifiedAt: '2026-04-02T10:00:00.000Z',
          handedOffAt: '2026-04-02T10:00:00.000Z',
        },
      ],
    });
  });

  test('without anything new the wait may end and nothing happens, until something does', async () => {
    const { at, call, see, tick, reject } = story;
    at('2026-03-03T10:00:00Z');
    await reject('u1', 'busy');
    at('2026-03-04T10:00:00Z');
    await tick();
    await call({ ...ANN, traits: { phone: '1' } });
    await call(page({ timestamp: '2026-03-03T09:00:00Z' }));
    await tick();
    expect((await see('u1')).episodes).toHaveLength(1);
    at('2026-03-05T10:00:00Z');
    await call(page());
    expect(await see('u1')).toMatchObject({
      stage: 'mql',
      episodes: [
        { state: 'recycled' },
        {
          state: 'open',
          qualifiedAt: '2026-03-05T10:00:00.000Z',
          handedOffAt: '2026-03-05T10:00:00.000Z',
        },
      ],
    });
  });

  describe('under an agreement that says who gets a lead again, and who need not wait', () => {
    beforeEach(async () => {
      story = await begin(db, {
        agreement: {
          ...AGREEMENT,
          mql: AGREEMENT.mql.map(path => (path.id === 'hand_raiser' ? { ...path, overrides: 'wait' } : path)),
          reasons: [...AGREEMENT.reasons, { id: 'call', then: 'recycle', wait: '30d', sameOwner: true }],
        },
      });
      story.at('2026-03-02T10:00:00Z');
      await story.call([ANN, demo()]);
    });
    const pathsOf = async () => (await story.see('u1')).episodes.map(({ path }) => path);

    test.each([
      ['timing', 'bob'],
      ['call', 'ann'],
    ])('one that was rejected for %s goes to %s when it is the turn of who had it', async (reason, owner) => {
      await story.call([
        { type: 'identify', userId: 'u2', traits: { email: 'eve@other.com', title: 'VP' } },
        { ...demo(), userId: 'u2' },
      ]);
      expect([(await story.see('u1')).owner, (await story.see('u2')).owner]).toEqual(['ann', 'bob']);
      await story.reject('u1', reason);
      story.at('2026-05-02T10:00:00Z');
      await story.call(demo());
      expect((await story.see('u1')).episodes).toMatchObject([
        { state: 'recycled' },
        { state: 'open', owner },
      ]);
    });

    test('one that nobody else can take goes to who had it all the same', async () => {
      await story.reject('u1', 'timing');
      await db.script(`delete from team_member where user_id = 'bob'`);
      story.at('2026-05-02T10:00:00Z');
      await story.call(demo());
      expect((await story.see('u1')).episodes.at(-1)).toMatchObject({ state: 'open', owner: 'ann' });
    });

    test('who asks again is handed over at once; by nothing else before the wait is over', async () => {
      await story.reject('u1', 'timing');
      story.at('2026-03-05T10:00:00Z');
      await story.call([page(), page(), demo({ timestamp: '2026-03-02T09:00:00Z' })]);
      await story.tick();
      expect(await pathsOf()).toEqual(['hand_raiser']);
      await story.call(demo());
      expect((await story.see('u1')).episodes.at(-1)).toMatchObject({
        path: 'hand_raiser',
        state: 'open',
        handedOffAt: '2026-03-05T10:00:00.000Z',
      });
      expect(await pathsOf()).toHaveLength(2);
    });

    test('a lead that was rejected for good is not handed over again by asking', async () => {
      await story.reject('u1', 'junk');
      story.at('2026-03-05T10:00:00Z');
      await story.call(demo());
      expect(await pathsOf()).toHaveLength(1);
    });
  });

  test('a disqualified lead stays so', async () => {
    const { at, call, see, tick, reject } = story;
    await reject('u1', 'junk');
    at('2026-09-03T10:00:00Z');
    await call([demo(), page()]);
    await tick();
    expect(await see('u1')).toMatchObject({ stage: 'disqualified', episodes: [{ state: 'disqualified' }] });
  });

  test('a decision can be taken back, but not once the lead was handed over again', async () => {
    const { at, call, see, reject, reopen, accept } = story;
    at('2026-03-03T10:00:00Z');
    await reject('u1', 'busy');
    await reopen('u1');
    expect(await see('u1')).toMatchObject({
      stage: 'mql',
      episodes: [{ state: 'open', reason: null, requalifyAt: null }],
    });
    await call(page());
    expect((await see('u1')).episodes).toHaveLength(1);
    await accept('u1');
    await reopen('u1');
    at('2026-03-04T10:00:00Z');
    await reject('u1', 'busy');
    const first = (await see('u1')).episodes[0]?.id;
    at('2026-03-05T10:00:00Z');
    await call(page());
    const [before] = await story.query({ id: 'uuid' }, 'select id from episode where id = $1', first);
    expect(before?.id).toBe(first);
    expect((await see('u1')).episodes).toHaveLength(2);
    await accept('u1');
    at('2026-03-06T10:00:00Z');
    await expect(
      import('../../src/loop/decision/reopening.ts').then(({ reopenLead }) =>
        reopenLead(story.app, first ?? '', { actor: 'Ann', now: Date.parse('2026-03-06T10:00:00Z') }),
      ),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a decision is no touch, and takes none back', async () => {
    const { at, see, reject, reopen, touch } = story;
    const firstTouch = async () => {
      const [row] = await story.query({ at: 'timestamptz?' }, 'select first_touch_at as at from episode');
      return row?.at ?? null;
    };
    at('2026-03-03T10:00:00Z');
    await reject('u1', 'busy');
    expect(await firstTouch()).toBeNull();
    expect(await see('u1')).toMatchObject({ episodes: [{ state: 'recycled', isTaskDone: true }] });
    await reopen('u1');
    expect(await firstTouch()).toBeNull();
    expect(await see('u1')).toMatchObject({ episodes: [{ state: 'open', isTaskDone: false }] });
    at('2026-03-04T10:00:00Z');
    await touch('u1');
    at('2026-03-05T10:00:00Z');
    await reject('u1', 'busy');
    await reopen('u1');
    expect(await firstTouch()).toBe(Date.parse('2026-03-04T10:00:00Z'));
  });

  test('a person who takes a lead over is its owner, and a touch finishes the task', async () => {
    const { at, see, reassign, touch } = story;
    at('2026-03-02T10:30:00Z');
    await reassign('u1', 'bob');
    await touch('u1');
    expect(await see('u1')).toMatchObject({ owner: 'bob', episodes: [{ owner: 'bob', isTaskDone: true }] });
    await expect(reassign('u1', 'nobody')).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a decision and a call at the same moment do not undo each other', async () => {
    for (let round = 0; round < 6; round++) {
      const user = `r${round}`;
      const own = { userId: user };
      await story.call([{ ...ANN, userId: user, traits: { title: 'VP' } }, demo(own)]);
      const many = Array.from({ length: 30 }, () => page(own));
      await Promise.all([story.call(many), story.reject(user, 'timing'), story.call(page(own))]);
      expect(await story.see(user)).toMatchObject({ stage: 'nurture', episodes: [{ state: 'recycled' }] });
    }
  });
});
