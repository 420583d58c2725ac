import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { scoreOfContact } from '../../src/loop/scoring/asof.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const ANN = {
  type: 'identify',
  userId: 'u1',
  traits: { email: 'ann@acme.com', title: 'VP', name: 'Ann Lee' },
};
const demo = (more: object = {}) => ({ type: 'track', userId: 'u1', event: 'Demo Requested', ...more });
const page = (more: object = {}) => ({
  type: 'page',
  userId: 'u1',
  properties: { path: '/pricing' },
  ...more,
});

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db);
  });

  test.each([
    [{ segment: 'Person', company: { segment: ' Enterprise ' } }, 'Enterprise'],
    [{ segment: 'Person', company: { segment: '' } }, 'Person'],
    [{ company: { segment: ['a', 'list'] } }, null],
  ])('a handoff keeps where the lead came from and its segment as they were: %j', async (traits, segment) => {
    const origin = { source: 'Ads', campaign: ' Spring ', content: ' Banner 2 ' };
    story.at('2026-03-06T16:00:00Z');
    await story.call([{ ...ANN, traits: { ...ANN.traits, ...origin, ...traits } }, demo()]);
    await story.call({
      ...ANN,
      traits: { source: 'x', campaign: 'x', content: 'x', segment: 'x', company: { segment: 'x' } },
    });
    expect(
      await story.query(
        { source: 'text?', segment: 'text?', campaign: 'text?', content: 'text?' },
        'select source, segment, campaign, content from episode',
      ),
    ).toEqual([{ source: 'Ads', segment, campaign: 'Spring', content: 'Banner 2' }]);
  });

  test('a visitor who becomes known and asks for a demo is handed over once, with all that was known', async () => {
    const { at, call, see, count } = story;
    at('2026-03-06T16:00:00Z');
    await call(page({ userId: undefined, anonymousId: 'a1' }));
    expect(await see('a1')).toMatchObject({
      name: 'Anonymous visitor',
      stage: 'lead',
      total: 10,
      episodes: [],
    });
    at('2026-03-06T16:30:00Z');
    await call({ ...ANN, anonymousId: 'a1' });
    expect(await see('u1')).toMatchObject({ name: 'Ann Lee', stage: 'lead', total: 30, events: 1 });
    at('2026-03-06T17:00:00Z');
    await call(demo());
    const { stage, owner, episodes, ...ann } = await see('a1');
    expect({ stage, owner, total: ann.total }).toEqual({ stage: 'mql', owner: 'ann', total: 70 });
    expect(episodes).toEqual([
      expect.objectContaining({
        state: 'open',
        path: 'hand_raiser',
        owner: 'ann',
        team: 'sales',
        waitingFor: null,
        total: 70,
        qualifiedAt: '2026-03-06T17:00:00.000Z',
        handedOffAt: '2026-03-06T17:00:00.000Z',
        // An hour of work from Friday 17:00 ends on Monday: 30 minutes were left.
        firstTouchDueAt: '2026-03-09T09:30:00.000Z',
        taskDueAt: '2026-03-09T09:30:00.000Z',
        isTaskDone: false,
        alertsTo: ['ann'],
        promised: ['in_app ann'],
      }),
    ]);
    expect(episodes[0]?.breakdown).toMatchObject({
      at: '2026-03-06T17:00:00.000Z',
      total: 70,
      scores: { fit: 20, intent: 50 },
      qualifies: 'hand_raiser',
      lines: [
        { rule: 'vp', points: 20 },
        { rule: 'demo', points: 40, count: 1, lastAt: '2026-03-06T17:00:00.000Z' },
        { rule: 'visit', points: 10, count: 1 },
      ],
    });
    expect(await count("journal where kind = 'handoff'")).toBe(1);
    await call([page(), demo(), demo()]);
    expect((await see('u1')).episodes).toHaveLength(1);
    expect(await count('outbox')).toBe(1);
  });

  test('alerts are promised on every channel that is set up', async () => {
    const { at, call, see } = await begin(db, {
      environment: { SMTP_URL: 'smtp://127.0.0.1:1', SLACK_WEBHOOK_URL: 'http://127.0.0.1:1/' },
    });
    at('2026-03-06T10:00:00Z');
    await call([ANN, demo()]);
    expect((await see('u1')).episodes[0]?.promised).toEqual([
      'email ann@acme.example',
      'in_app ann',
      'slack slack',
    ]);
  });

  test('reps take turns, and a lead that nobody can take waits with a reason and a watcher', async () => {
    const { at, call, see } = story;
    at('2026-03-06T10:00:00Z');
    const ask = (id: string) => [
      { type: 'identify', userId: id, traits: { email: `${id}@acme.com`, title: 'VP' } },
      demo({ userId: id }),
    ];
    await call(['x1', 'x2', 'x3'].flatMap(ask));
    await call(ask('x4'));
    const owners = await Promise.all(['x1', 'x2', 'x3', 'x4'].map(async id => (await see(id)).owner));
    expect([...owners].sort()).toEqual(['ann', 'ann', 'bob', 'bob']);
    await db.script("update app_user set active = false where id in ('ann', 'bob')");
    await call(ask('x5'));
    expect((await see('x5')).episodes).toEqual([
      expect.objectContaining({
        owner: null,
        team: 'queue',
        waitingFor: 'the team has no active member who may work leads',
        alertsTo: ['mia'],
        promised: ['in_app mia'],
        taskDueAt: '2026-03-06T11:00:00.000Z',
      }),
    ]);
  });

  test('a repeated call changes nothing, in one batch or in several', async () => {
    const { at, call, see, count } = story;
    at('2026-03-06T10:00:00Z');
    const calls = [
      { ...ANN, messageId: 'm1' },
      page({ messageId: 'm2' }),
      page({ messageId: 'm2' }),
      demo({ messageId: 'm3' }),
    ];
    await call(calls);
    const before = await see('u1');
    const tables = [
      'contact',
      'event',
      'profile_fact',
      'journal',
      'outbox',
      'alert',
      'task',
      'episode',
      'message',
    ];
    const sizes = await Promise.all(tables.map(count));
    expect(before.events).toBe(2);
    at('2026-03-07T10:00:00Z');
    await call(calls);
    await call({ ...demo({ messageId: 'm3' }), userId: 'somebody else' });
    expect(await see('u1')).toEqual(before);
    expect(await Promise.all(tables.map(count))).toEqual(sizes);
  });

  test('a late event moves the score and opens an episode whose crossing lies in the past', async () => {
    const { at, call, see } = story;
    at('2026-03-02T10:00:00Z');
    await call(ANN);
    at('2026-03-05T10:00:00Z');
    await call(page());
    at('2026-03-06T12:00:00Z');
    await call(demo({ timestamp: '2026-03-03T09:00:00Z' }));
    expect((await see('u1')).episodes).toEqual([
      expect.objectContaining({
        qualifiedAt: '2026-03-03T09:00:00.000Z',
        handedOffAt: '2026-03-06T12:00:00.000Z',
        firstTouchDueAt: '2026-03-06T13:00:00.000Z',
      }),
    ]);
  });

  test('the crossing is exact though the profile became what it is only later', async () => {
    const { at, call, see } = story;
    at('2026-03-01T10:00:00Z');
    await call([demo(), page()]); // 50 points of intent, but no path yet: total is 50
    expect((await see('u1')).episodes).toHaveLength(1);
    await begin(db).then(async again => {
      again.at('2026-03-01T10:00:00Z');
      await again.call(demo());
      again.at('2026-03-02T10:00:00Z');
      await again.call({ ...ANN, traits: { ...ANN.traits, title: 'Clerk' } });
      again.at('2026-03-05T10:00:00Z');
      await again.call({ ...ANN, traits: { title: 'VP' }, timestamp: '2026-03-04T08:00:00Z' });
      expect((await again.see('u1')).episodes).toEqual([
        expect.objectContaining({
          qualifiedAt: '2026-03-04T08:00:00.000Z',
          handedOffAt: '2026-03-05T10:00:00.000Z',
        }),
      ]);
    });
  });

  test('a span that a late fact reveals but that is over opens nothing', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-01T10:00:00Z');
    await call(ANN);
    at('2026-04-20T10:00:00Z');
    await call(demo({ timestamp: '2026-03-02T10:00:00Z' }));
    await tick();
    expect(await see('u1')).toMatchObject({ total: 20, qualifies: null, stage: 'lead', episodes: [] });
  });

  test('a score cools by mere time, exactly when it was said to', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call([ANN, page()]);
    expect(await see('u1')).toMatchObject({ total: 30, nextChangeAt: '2026-03-12T10:00:00.000Z' });
    at('2026-03-12T09:59:59.999Z');
    await tick();
    expect(await see('u1')).toMatchObject({ total: 30 });
    at('2026-03-12T10:00:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({ total: 20, nextChangeAt: null });
  });

  test('a lead that qualifies by mere time is handed over then, with the exact crossing', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call({ ...ANN, traits: { ...ANN.traits, trialEndsAt: '2026-03-04T07:30:00Z' } });
    expect(await see('u1')).toMatchObject({
      total: 20,
      nextChangeAt: '2026-03-05T07:30:00.000Z',
      episodes: [],
    });
    at('2026-03-05T09:15:00Z');
    await tick();
    expect(await see('u1')).toMatchObject({
      total: 50,
      stage: 'mql',
      episodes: [
        { path: 'score', qualifiedAt: '2026-03-05T07:30:00.000Z', handedOffAt: '2026-03-05T09:15:00.000Z' },
      ],
    });
  });

  test('imported history moves scores but opens nothing, nor does a later sweep; a live call does', async () => {
    const { at, call, see, tick, count } = story;
    at('2026-03-02T10:00:00Z');
    await call([ANN, demo({ timestamp: '2026-03-01T10:00:00Z' })], { opens: 'never' });
    expect(await see('u1')).toMatchObject({
      total: 60,
      qualifies: 'hand_raiser',
      stage: 'lead',
      episodes: [],
    });
    for (const later of ['2026-03-02T11:00:00Z', '2026-03-08T10:00:00Z', '2026-03-09T00:00:00Z']) {
      at(later);
      await tick();
      expect((await see('u1')).episodes).toEqual([]);
    }
    expect(await count('outbox')).toBe(0);
    at('2026-03-09T12:00:00Z');
    await call(page());
    expect((await see('u1')).episodes).toEqual([
      expect.objectContaining({ path: 'score', handedOffAt: '2026-03-09T12:00:00.000Z' }),
    ]);
  });

  test('what machines do is kept and does not count', async () => {
    const { at, call, see } = story;
    at('2026-03-02T10:00:00Z');
    const bot = { context: { userAgent: 'Mozilla/5.0 (compatible; LinkScanner/2.0)' } };
    await call([ANN, demo(bot), page(bot)]);
    expect(await see('u1')).toMatchObject({ events: 2, total: 20, stage: 'lead', episodes: [] });
  });

  test('a disqualifier keeps a lead back whatever it asks for', async () => {
    const { at, call, see } = story;
    at('2026-03-02T10:00:00Z');
    await call([{ ...ANN, traits: { email: 'spy@rival.com', title: 'VP' } }, demo()]);
    const closed = { state: 'disqualified', owner: null, alertsTo: [], promised: [] };
    const spy = { total: 60, qualifies: null, stage: 'disqualified', episodes: [closed] };
    expect(await see('u1')).toMatchObject(spy);
    at('2026-03-02T11:00:00Z');
    await call(demo());
    expect((await see('u1')).episodes).toHaveLength(1);
  });

  test('the score of a past day is what was printed then, as long as no fact came late', async () => {
    const { at, call, see, tick, app } = story;
    const printed: { readonly at: number; readonly total: number | null }[] = [];
    const steps: readonly (readonly [string, object | null])[] = [
      ['2026-03-02T10:00:00Z', ANN],
      ['2026-03-03T10:00:00Z', page()],
      ['2026-03-04T10:00:00Z', page()],
      [
        '2026-03-05T10:00:00Z',
        { type: 'group', userId: 'u1', groupId: 'g', traits: { industry: 'Software' } },
      ],
      ['2026-03-06T10:00:00Z', demo()],
      ['2026-03-07T10:00:00Z', { ...ANN, traits: { title: 'Clerk' } }],
      ['2026-03-13T11:00:00Z', null],
      ['2026-03-20T10:00:00Z', { type: 'group', userId: 'u1', groupId: 'g', traits: { industry: 'Retail' } }],
      ['2026-04-20T10:00:00Z', null],
    ];
    for (const [time, said] of steps) {
      at(time);
      if (said !== null) await call({ ...said });
      await tick();
      printed.push({ at: Date.parse(time), total: (await see('u1')).total });
    }
    expect(new Set(printed.map(({ total }) => total)).size).toBeGreaterThan(5);
    const { id, episodes } = await see('u1');
    for (const { at: then, total } of printed) {
      const asked = { contactId: id, at: then, knownAt: then, agreementId: null, version: null };
      const scored = await scoreOfContact(app.db, asked);
      expect([then, scored !== null && 'total' in scored ? scored.total : null]).toEqual([then, total]);
    }
    const handedOffAt = Date.parse(episodes[0]?.handedOffAt ?? '');
    const asked = { contactId: id, at: handedOffAt, knownAt: handedOffAt, agreementId: null, version: null };
    expect(await scoreOfContact(app.db, asked)).toEqual(episodes[0]?.breakdown);
  });
});
