import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/db/database.ts';
import { ensureFixedKeys, makeKey } from '../../src/loop/access/key.ts';
import { changePermissions } from '../../src/loop/access/permission.ts';
import { openBatcher } from '../../src/loop/intake/batch.ts';
import { ADDRESS_RATE, countAgainst, KEY_RATE } from '../../src/loop/intake/limit.ts';
import { keepRejected, sweepRejected } from '../../src/loop/intake/rejected.ts';
import { addSegmentRoutes } from '../../src/server/http/segment.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { makeWorld } from '../world/app.ts';
import { addAgreement, clear } from '../world/seed.ts';
import { type Started, startNode } from './started.ts';

const KEYS = {
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_PUBLIC_WRITE_KEY: 'public-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};
const DAY = 86_400_000;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const answered = z.object({
  items: z.array(z.object({ id: z.string(), reason: z.string(), call: z.unknown() })),
  notKept: z.number(),
});

describe.each(DRIVERS)('write keys on $name', ({ open }) => {
  let db: Database;
  let node: Started;
  let marketing: ReturnType<typeof bearer>;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await clear(db);
    await db.script('delete from rejected_call; delete from rejected_day');
    await addAgreement(db, { body: AGREEMENT });
    node = await startNode(db, {
      environment: KEYS,
      intake: (scope, app) =>
        addSegmentRoutes(
          scope,
          app,
          openBatcher(app, () => {}),
        ),
    });
    await ensureFixedKeys(node.app);
    const asked = { name: 'M', kind: 'api', role: 'marketing' } as const;
    marketing = bearer((await makeKey(node.app, asked, { actor: 'a test', now: node.app.clock() })).secret);
    const permissions = { reviewDuplicates: false, classEvents: false, replayCalls: true };
    await changePermissions(node.app, permissions, { actor: 'a test', now: node.app.clock() });
    return () => node.close();
  });

  const send = (path: string, payload: object, more: object = {}) =>
    node.server.inject({ method: 'POST', url: `/v1/${path}`, payload, ...more });
  const server = { headers: bearer(KEYS.BATON_WRITE_KEY) };
  const web = { headers: bearer(KEYS.BATON_PUBLIC_WRITE_KEY) };
  const admin = bearer(KEYS.BATON_ADMIN_KEY);
  const rejected = async () =>
    answered.parse((await node.server.inject({ url: '/api/rejected', headers: admin })).json());
  /** Takes the newest rejected call in; a call that no program may write by recursion is given as JSON. */
  const replay = async (call: object | string, headers = admin) => {
    const [item] = (await rejected()).items;
    return node.server.inject({
      method: 'POST',
      url: `/api/rejected/${item?.id}/replay`,
      headers: { ...headers, 'content-type': 'application/json' },
      payload: `{"call":${typeof call === 'string' ? call : JSON.stringify(call)}}`,
    });
  };
  const contactsOf = async (q: string) =>
    z
      .object({ items: z.array(z.object({ id: z.string(), title: z.string().nullable() })) })
      .parse((await node.server.inject({ url: `/api/contacts?q=${q}`, headers: admin })).json()).items;

  test('no write key is kept with a call that cannot be used', async () => {
    const key = KEYS.BATON_WRITE_KEY;
    await send('track', { userId: 'y', writeKey: key });
    await send('batch', { writeKey: key, batch: [{ type: 'track', userId: 'y', writeKey: key }] });
    await send('batch', { batch: [{ type: 'page', context: { writeKey: key, note: key } }, key] }, server);
    expect((await rejected()).items).toHaveLength(4);
    const rows = await db.run({ name: '', text: 'select r::text as row from rejected_call r' }, []);
    expect(JSON.stringify([rows, node.logged])).not.toContain(key);
  });

  test('no write key is logged with a call that broke', async () => {
    await db.script('alter table access_key rename to access_key_away');
    const url = '/v1/projects/some-other-key/settings';
    const answer = await node.server
      .inject({ url, headers: { authorization: 'Basic c29tZS1vdGhlci1rZXk6' } })
      .finally(() => db.script('alter table access_key_away rename to access_key'));
    expect(answer.statusCode).toBe(500);
    expect(node.logged.join()).toContain('/v1/projects/:key/settings');
    expect(node.logged.join()).not.toMatch(/some-other-key|c29tZS1vdGhlci1rZXk6/);
  });

  describe('a call that is taken in after all', () => {
    const track = { userId: 'y', traits: { title: 'VP' } };

    test('is no larger and no deeper than the intake takes', async () => {
      await send('track', track, server);
      const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
      const mended = { ...track, type: 'track', event: 'E' };
      const large = await replay({ ...mended, properties: 'x'.repeat(40_000) });
      expect(large.statusCode).toBe(422);
      expect(large.json()).toMatchObject({ errors: [{ path: 'call' }] });
      expect((await replay(deep)).statusCode).toBe(400);
      expect(await contactsOf('y')).toEqual([]);
    });

    test('is taken in once, under its own id, and the journal says by whom', async () => {
      await send('track', { ...track, messageId: 'm1' }, server);
      const mended = { ...track, type: 'track', event: 'E', messageId: 'm2' };
      const answers = await Promise.all([replay(mended, marketing), replay(mended)]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
      const known = await db.run({ name: '', text: 'select id from message' }, []);
      expect(known).toEqual([{ id: 'm1' }]);
      const entries = await db.run(
        {
          name: '',
          text: `select particulars, contact_id is null as nobody from journal where kind = 'call_replayed'`,
        },
        [],
      );
      expect(entries).toEqual([
        {
          nobody: false,
          particulars: expect.objectContaining({
            isMended: true,
            trust: 'server',
            because: 'event: expected the name of the event',
          }),
        },
      ]);
    });

    test.each([
      ['marketing', 'Clerk', { type: 'identify', userId: 'ceo', traits: { title: 'VP' } }],
      ['admin', 'VP', { type: 'identify', userId: 'ceo', traits: { title: 'VP' } }],
    ] as const)(
      'counts as said by the person who changed whom it is about: %s',
      async (who, title, mended) => {
        await send('identify', { userId: 'ceo', traits: { title: 'Clerk' } }, server);
        await send('track', { userId: 'y' }, server);
        expect((await replay(mended, who === 'admin' ? admin : marketing)).statusCode).toBe(200);
        expect(await contactsOf('ceo')).toMatchObject([{ title }]);
      },
    );

    test('counts as its key while that stays as it came', async () => {
      await send('identify', { userId: 'ceo', traits: { title: 'Clerk' } }, server);
      const identify = { type: 'identify', userId: 'ceo', traits: { title: 'VP' } };
      await send('batch', { batch: [{ ...identify, timestamp: 'noon' }] }, server);
      node.move(1_000);
      expect((await replay(identify, marketing)).statusCode).toBe(200);
      expect(await contactsOf('ceo')).toMatchObject([{ title: 'VP' }]);
    });
  });

  describe('the rate of a public key', () => {
    const batch = (calls: number) => ({
      batch: Array.from({ length: calls }, () => ({ type: 'nonsense' })),
    });
    const from = (remoteAddress: string) => ({ ...web, remoteAddress });

    test('is bounded for an address, and says when to come again', async () => {
      const answers = [];
      for (let sent = 0; sent <= ADDRESS_RATE.burst; sent += 2_500)
        answers.push((await send('batch?strict=1', batch(2_500), from('192.0.2.1'))).statusCode);
      expect(answers).toEqual([422, 422, 429]);
      const refused = await send('batch?strict=1', batch(100), from('192.0.2.1'));
      expect(refused.statusCode).toBe(429);
      expect(refused.headers['retry-after']).toBe('2');
      expect(refused.json()).toMatchObject({ success: false });
      expect((await send('batch?strict=1', batch(100), from('192.0.2.2'))).statusCode).toBe(422);
      expect((await send('batch?strict=1', batch(2_500), server)).statusCode).toBe(422);
      node.move(2_000);
      expect((await send('batch?strict=1', batch(100), from('192.0.2.1'))).statusCode).toBe(422);
      const text = (await node.server.inject({ url: '/metrics' })).body;
      expect(text).toMatch(/baton_intake_refused_calls_total\{key="public",reason="address"\} \d{4}/);
    });

    test('is bounded for all addresses together, in bounded memory', () => {
      const { app } = node;
      const sent = (n: number, calls: number) =>
        countAgainst(app, {
          keyId: 'k',
          address: `2001:db8:${(n >> 8).toString(16)}:${(n & 255).toString(16)}::1`,
          calls,
        });
      let taken = 0;
      let by: string | null = null;
      for (let n = 0; n < 60_000; n++) {
        const throttled = sent(n, 1);
        if (throttled === null) taken += 1;
        else by = throttled.by;
      }
      expect([taken, by]).toEqual([KEY_RATE.burst, 'key']);
      expect(app.memory.buckets.size).toBeLessThanOrEqual(20_000);
    });
  });

  describe('the rejected inbox', () => {
    const nonsense = (calls: number) => ({ batch: Array.from({ length: calls }, () => ({ type: 'x' })) });

    test('keeps so many calls a day for a public key, and counts the others', async () => {
      await send('batch', nonsense(490), web);
      await Promise.all([send('batch', nonsense(15), web), send('batch', nonsense(20), web)]);
      await send('batch', nonsense(3), server);
      const kept = await db.run(
        { name: '', text: 'select key_kind, count(*)::int as n from rejected_call group by 1' },
        [],
      );
      expect(kept).toEqual(
        expect.arrayContaining([
          { key_kind: 'public', n: 500 },
          { key_kind: 'server', n: 3 },
        ]),
      );
      expect((await rejected()).notKept).toBe(25);
      node.move(DAY);
      await send('batch', nonsense(2), web);
      expect((await rejected()).notKept).toBe(25);
    });

    test('forgets calls after 30 days', async () => {
      const { app } = makeWorld(db, { now: Date.parse('2026-03-01T00:00:00Z') });
      const call = (id: string) => ({ id, reason: 'r', problems: [], call: {} });
      const keyId = '00000000-0000-4000-8000-000000000009';
      const keep = (day: number, id: string) =>
        keepRejected(app, [call(id)], { now: app.clock() + day * DAY, keyId, trust: 'public' });
      await keep(0, '00000000-0000-4000-8000-00000000000a');
      await keep(5, '00000000-0000-4000-8000-00000000000b');
      expect(await sweepRejected(app, app.clock() + 32 * DAY)).toBe(false);
      const left = await db.run({ name: '', text: 'select id from rejected_call' }, []);
      expect(left).toEqual([{ id: '00000000-0000-4000-8000-00000000000b' }]);
      expect(await db.run({ name: '', text: 'select seen from rejected_day' }, [])).toHaveLength(1);
    });
  });
});
