import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { rejectLead } from '../../src/loop/decision/rejection.ts';
import { DRIVERS } from '../db/opened.ts';
import { begin, type Story } from './story.ts';

const identify = (userId: string, traits: object = {}, more: object = {}) => ({
  type: 'identify',
  userId,
  traits,
  ...more,
});
const demo = (ids: object, more: object = {}) => ({
  type: 'track',
  event: 'Demo Requested',
  ...ids,
  ...more,
});
const page = (ids: object, more: object = {}) => ({ type: 'page', ...ids, ...more });
const group = (userId: string, traits: object, more: object = {}) => ({
  type: 'group',
  userId,
  groupId: 'g1',
  traits,
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

  test('a visitor joined to a known contact brings its history, and the crossing that it reveals', async () => {
    const { at, call, see, count } = story;
    at('2026-03-01T10:00:00Z');
    await call(identify('u1', { title: 'VP' }));
    at('2026-03-02T10:00:00Z');
    await call(demo({ anonymousId: 'a1' }));
    at('2026-03-03T10:00:00Z');
    await call(identify('u1', { phone: '1' }));
    at('2026-03-04T10:00:00Z');
    await call(identify('u1', {}, { anonymousId: 'a1' }));
    const ann = await see('a1');
    expect(ann).toMatchObject({ total: 60, stage: 'mql', events: 1 });
    expect(ann.id).toBe((await see('u1')).id);
    expect(ann.episodes).toEqual([
      expect.objectContaining({
        qualifiedAt: '2026-03-02T10:00:00.000Z',
        handedOffAt: '2026-03-04T10:00:00.000Z',
      }),
    ]);
    expect(await count("journal where kind = 'merged'")).toBe(1);
    expect(await count('contact where merged_into is null')).toBe(1);
  });

  test('of two known contacts with open handoffs one stays open, and nothing of the other is lost', async () => {
    const { at, call, see, count, touch } = story;
    at('2026-03-02T10:00:00Z');
    await call([identify('u1', { title: 'VP', email: 'ann@acme.com' }), demo({ userId: 'u1' })]);
    at('2026-03-03T10:00:00Z');
    await call([identify('u2', { title: 'VP', phone: '2' }), demo({ userId: 'u2' })]);
    await touch('u2');
    expect(await count('episode where ended_at is null')).toBe(2);
    at('2026-03-04T10:00:00Z');
    await call(identify('u2', { email: 'ann@acme.com' }));
    const ann = await see('u2');
    expect(ann.id).toBe((await see('u1')).id);
    expect(ann.episodes.map(({ state }) => state).sort()).toEqual(['open', 'recycled']);
    expect(await count('episode where ended_at is null')).toBe(1);
    expect(ann).toMatchObject({ stage: 'mql', events: 2, contact: { phone: '2', email: 'ann@acme.com' } });
    expect(await count('task where done_at is null')).toBe(1);
    await call(page({ userId: 'u1' }));
    expect((await see('u1')).episodes).toHaveLength(2);
  });

  test('a double that a merge closed does not bring back a contact that sales has turned down for good', async () => {
    const { app, at, call, see } = story;
    at('2026-03-02T10:00:00Z');
    await call([identify('u1', { title: 'VP' }), demo({ userId: 'u1' })]);
    at('2026-03-02T11:00:00Z');
    await call([identify('u2', { title: 'VP', email: 'ann@gmail.com' }), demo({ userId: 'u2' })]);
    at('2026-03-02T12:00:00Z');
    await call(identify('u1', { email: 'ann@gmail.com' }));
    at('2026-03-02T13:00:00Z');
    await call(page({ userId: 'u1' }));
    const states = async () => (await see('u1')).episodes.map(({ state }) => state).sort();
    expect(await states()).toEqual(['open', 'recycled']);
    at('2026-03-02T14:00:00Z');
    const open = (await see('u1')).episodes.find(({ state }) => state === 'open');
    await rejectLead(app, open?.id ?? '', { reason: 'junk', note: null }, { actor: 'Ann', now: app.clock() });
    at('2026-03-02T15:00:00Z');
    await call(demo({ userId: 'u1' }));
    expect(await states()).toEqual(['disqualified', 'recycled']);
  });

  test('the handoff that sales has accepted stays, whichever contact it belonged to', async () => {
    const { at, call, see, accept } = story;
    at('2026-03-02T10:00:00Z');
    await call([identify('u1', { title: 'VP', email: 'ann@acme.com' }), demo({ userId: 'u1' })]);
    at('2026-03-03T10:00:00Z');
    await call([identify('u2', { title: 'VP' }), demo({ userId: 'u2' })]);
    await accept('u2');
    const accepted = (await see('u2')).episodes[0];
    at('2026-03-04T10:00:00Z');
    await call(identify('u2', { email: 'ann@acme.com' }));
    const ann = await see('u1');
    expect(ann.stage).toBe('sql');
    expect(ann.owner).toBe(accepted?.owner);
    expect(ann.episodes.map(({ id, state }) => [id === accepted?.id, state]).sort()).toEqual([
      [false, 'recycled'],
      [true, 'accepted'],
    ]);
    await call(demo({ userId: 'u1' }));
    expect((await see('u1')).episodes).toHaveLength(2);
  });

  test('a recycled lead stays in nurture when another of its browsers is recognised', async () => {
    const { at, call, see, reject } = story;
    at('2026-03-02T10:00:00Z');
    await call([identify('u1', { title: 'VP' }), demo({ userId: 'u1' })]);
    await reject('u1', 'timing');
    at('2026-03-03T10:00:00Z');
    await call(page({ anonymousId: 'a9' }));
    await call(identify('u1', {}, { anonymousId: 'a9' }));
    expect(await see('u1')).toMatchObject({ stage: 'nurture', events: 2 });
  });

  test('a visitor, somebody new and somebody known who turn out to be one in one batch become one', async () => {
    const { at, call, see, count } = story;
    at('2026-03-01T10:00:00Z');
    await call([identify('old', { email: 'ann@acme.com', title: 'VP' }), page({ anonymousId: 'a1' })]);
    at('2026-03-02T10:00:00Z');
    await call([
      identify('u1'),
      page({ userId: 'u1', anonymousId: 'a1' }),
      identify('u1', { email: 'ann@acme.com' }),
      demo({ anonymousId: 'a1' }),
    ]);
    const ids = await Promise.all(['old', 'u1', 'a1', 'ann@acme.com'].map(async who => (await see(who)).id));
    expect(new Set(ids).size).toBe(1);
    expect(await see('a1')).toMatchObject({ events: 3, stage: 'mql' });
    expect(await count('contact where merged_into is null')).toBe(1);
  });

  test('two people on one browser stay two leads', async () => {
    const { at, call, see, count } = story;
    at('2026-03-02T10:00:00Z');
    await call([
      identify('u1', { title: 'VP' }, { anonymousId: 'a1' }),
      demo({ anonymousId: 'a1', userId: 'u1' }),
    ]);
    await call([
      identify('u2', { title: 'Clerk' }, { anonymousId: 'a1' }),
      page({ anonymousId: 'a1', userId: 'u2' }),
    ]);
    expect(await count('contact where merged_into is null')).toBe(2);
    expect(await see('u2')).toMatchObject({ total: 10, events: 1, contact: { title: 'Clerk' } });
    expect(await see('u1')).toMatchObject({ total: 60, events: 1, contact: { title: 'VP' } });
  });

  test('what a company is told wakes the colleagues, with the exact crossing', async () => {
    const { at, call, see, tick } = story;
    at('2026-03-02T10:00:00Z');
    await call([
      identify('u1', { email: 'ann@acme.com', title: 'VP' }),
      identify('u2', { email: 'bob@acme.com' }),
      page({ userId: 'u1' }),
    ]);
    at('2026-03-05T10:00:00Z');
    await call(group('u2', { industry: 'Software' }));
    expect(await see('u2')).toMatchObject({ total: 20 });
    at('2026-03-05T10:00:01Z');
    await tick();
    expect(await see('u1')).toMatchObject({
      total: 50,
      stage: 'mql',
      episodes: [{ qualifiedAt: '2026-03-05T10:00:00.000Z', handedOffAt: '2026-03-05T10:00:01.000Z' }],
    });
    at('2026-03-06T10:00:00Z');
    await call(group('u2', { industry: 'Retail' }));
    await tick();
    expect(await see('u1')).toMatchObject({ total: 30 });
  });

  test('a product account and a mailbox are one company, whichever came first', async () => {
    const { at, call, count } = story;
    at('2026-03-02T10:00:00Z');
    await call(identify('u1', { email: 'ann@acme.com' }));
    await call(group('u1', { industry: 'Software' }));
    await call(group('u2', {}, { groupId: 'g2' }));
    await call(identify('u2', { email: 'bob@other.com' }));
    expect(await count('company')).toBe(2);
  });

  test('history that was imported qualifies since it did, by the profile of that day', async () => {
    const { at, call, see } = story;
    at('2026-03-10T10:00:00Z');
    await call(
      [
        identify('u1', { title: 'Clerk' }, { timestamp: '2026-03-01T10:00:00Z' }),
        demo({ userId: 'u1' }, { timestamp: '2026-03-04T10:00:00Z' }),
        identify('u1', { title: 'VP' }, { timestamp: '2026-03-05T10:00:00Z' }),
      ],
      { opens: 'never' },
    );
    await call(page({ userId: 'u1' }));
    expect((await see('u1')).episodes).toEqual([
      expect.objectContaining({ qualifiedAt: '2026-03-05T10:00:00.000Z' }),
    ]);
  });

  test('a contact exists from the earliest thing that is known of it, in whatever order that arrives', async () => {
    const { at, call, see } = story;
    at('2026-03-10T10:00:00Z');
    const calls = [
      identify('u1', {}, { timestamp: '2026-03-05T10:00:00Z' }),
      identify('u1', {}, { timestamp: '2026-03-04T10:00:00Z' }),
      page({ userId: 'u1' }, { timestamp: '2026-03-07T10:00:00Z' }),
    ];
    for (const one of calls) await call(one);
    expect((await see('u1')).createdAt).toBe('2026-03-04T10:00:00.000Z');
    await call(identify('u1', { createdAt: '2020-01-01T00:00:00Z' }));
    expect((await see('u1')).createdAt).toBe('2020-01-01T00:00:00.000Z');
  });

  describe('a public key', () => {
    test('fills gaps, marked as claims, and overwrites nothing', async () => {
      const { at, call, see } = story;
      at('2026-03-02T10:00:00Z');
      await call(identify('u1', { title: 'Clerk', email: 'ann@acme.com' }));
      const claim = { title: 'VP', phone: '7', email: 'x@rival.com', createdAt: '1999-01-01T00:00:00Z' };
      await call(identify('u1', claim), { trust: 'public' });
      expect(await see('u1')).toMatchObject({
        contact: { title: 'Clerk', phone: '7', email: 'ann@acme.com', emailDomain: 'acme.com' },
        unverified: ['contact.phone'],
        createdAt: '2026-03-02T10:00:00.000Z',
      });
      await call(identify('u1', { phone: '8' }));
      expect(await see('u1')).toMatchObject({ contact: { phone: '8' }, unverified: [] });
    });

    test('attaches a visitor but never joins two known contacts', async () => {
      const { at, call, see, count } = story;
      at('2026-03-02T10:00:00Z');
      await call([identify('u1', { email: 'ann@acme.com' }), identify('u2', { email: 'bob@acme.com' })]);
      await call(page({ anonymousId: 'a1' }), { trust: 'public' });
      await call(identify('u1', { email: 'bob@acme.com' }, { anonymousId: 'a1' }), { trust: 'public' });
      expect(await count('contact where merged_into is null')).toBe(2);
      expect((await see('a1')).id).toBe((await see('u1')).id);
      expect((await see('u1')).id).not.toBe((await see('u2')).id);
    });
  });
});
