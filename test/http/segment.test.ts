import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Call } from '../../src/core/intake/call.ts';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { activateAgreement } from '../../src/loop/agreement/activate.ts';
import { type Batcher, makeBatcher } from '../../src/loop/intake/batch.ts';
import { readSettings } from '../../src/loop/settings.ts';
import { addSegmentRoutes } from '../../src/server/http/segment.ts';
import { lockFolder } from '../../src/server/operation/folderlock.ts';
import { makeLog } from '../../src/server/operation/log.ts';
import { type Running, startServer } from '../../src/server/start.ts';
import { DRIVERS, describeOnPostgres } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { openProxy } from '../world/proxy.ts';
import { startNode } from './started.ts';

const KEYS = {
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_PUBLIC_WRITE_KEY: 'public-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};

async function start(database: Database): Promise<Running> {
  const { settings, problems } = readSettings({ ...KEYS, BATON_PORT: '0', LOG_LEVEL: 'silent' });
  if (problems !== null) throw new Error(problems.join('; '));
  await activateAgreement(database, JSON.stringify(AGREEMENT), { actor: 'a test', now: Date.now() });
  return startServer({ settings, database, log: makeLog(settings) });
}

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const SERVER = bearer(KEYS.BATON_WRITE_KEY);
const ADMIN = bearer(KEYS.BATON_ADMIN_KEY);
const contacts = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      email: z.string().nullable(),
      total: z.number().nullable(),
      stage: z.string(),
    }),
  ),
});
const rejectedCalls = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      reason: z.string(),
      replayedAt: z.string().nullable(),
      problems: z.array(z.object({ path: z.string(), message: z.string() })),
      call: z.unknown(),
    }),
  ),
});

let made = 0;
/** A user that no other test has. */
function someone(): string {
  made += 1;
  return `user-${made}`;
}

describe.each(DRIVERS)('on $name', driver => {
  let running: Running;
  let base: string;
  beforeAll(async () => {
    running = await start(await driver.open());
    base = running.url;
  });
  afterAll(() => running.stop());

  const post = (path: string, body: object | string, headers: Readonly<Record<string, string>> = SERVER) =>
    fetch(`${base}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body:
        typeof body === 'string'
          ? body
          : Buffer.isBuffer(body)
            ? new Blob([new Uint8Array(body)])
            : JSON.stringify(body),
    });
  const api = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${base}/api/${path}`, { ...init, headers: { ...ADMIN, ...init.headers } })).json();
  const find = async (q: string) => contacts.parse(await api(`contacts?q=${encodeURIComponent(q)}`)).items;
  const rejected = async () => rejectedCalls.parse(await api('rejected?limit=100')).items;
  const identify = (userId: string) => ({ userId, traits: { email: `${userId}@acme.com`, name: userId } });

  describe('the key', () => {
    const body = () => identify(someone());
    test.each([
      ['as Basic user name', () => post('identify', body(), basic(KEYS.BATON_WRITE_KEY)), 200],
      ['as Bearer', () => post('identify', body(), bearer(KEYS.BATON_WRITE_KEY)), 200],
      [
        'as bearer in lower case',
        () => post('identify', body(), { authorization: `bearer ${KEYS.BATON_WRITE_KEY}` }),
        200,
      ],
      ['in the body', () => post('identify', { ...body(), writeKey: KEYS.BATON_WRITE_KEY }, {}), 200],
      [
        'in the body of a batch',
        () => post('batch', { batch: [], writeKey: KEYS.BATON_PUBLIC_WRITE_KEY }, {}),
        200,
      ],
      ['none', () => post('identify', body(), {}), 401],
      ['a wrong one', () => post('identify', body(), basic('wrong')), 401],
      [
        'an API key instead of a write key',
        () => post('identify', body(), bearer(KEYS.BATON_ADMIN_KEY)),
        401,
      ],
      ['nonsense for Basic', () => post('identify', body(), { authorization: 'Basic %%%' }), 401],
      [
        'another scheme',
        () => post('identify', body(), { authorization: `Digest ${KEYS.BATON_WRITE_KEY}` }),
        401,
      ],
      [
        'a wrong header goes before the body',
        () => post('identify', { ...body(), writeKey: KEYS.BATON_WRITE_KEY }, bearer('x')),
        401,
      ],
    ] as const)('%s', async (_name, send, status) => {
      const answer = await send();
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ success: status === 200 });
    });

    test('made and revoked in the app works and stops', async () => {
      const { key, secret } = await makeKey(
        running.app,
        { name: 'Site', kind: 'public' },
        { actor: 'a test', now: Date.now() },
      );
      expect((await post('page', { anonymousId: someone() }, basic(secret))).status).toBe(200);
      await api(`keys/${key.id}`, { method: 'DELETE' });
      expect((await post('page', { anonymousId: someone() }, basic(secret))).status).toBe(401);
    });
  });

  test.each([
    ['identify', 'i', {}],
    ['track', 't', { event: 'Seen' }],
    ['page', 'p', {}],
    ['screen', 's', { name: 'Home' }],
    ['group', 'g', { groupId: 'g' }],
    ['alias', 'a', { previousId: 'before' }],
  ])('/v1/%s and /v1/%s take calls, durable and scored when answered', async (long, short, more) => {
    for (const path of [long, short]) {
      const userId = someone();
      await post('identify', identify(userId));
      const answer = await post(path, {
        userId,
        ...more,
        ...(path.startsWith('a') ? { previousId: someone() } : {}),
      });
      expect([path, answer.status, await answer.json()]).toEqual([path, 200, { success: true }]);
      expect(await find(`${userId}@`)).toMatchObject([{ total: long === 'page' ? 10 : 0 }]);
    }
  });

  test.each(['batch', 'b'])('/v1/%s takes calls of all kinds at once', async path => {
    const userId = someone();
    const answer = await post(path, {
      sentAt: new Date().toISOString(),
      batch: [
        { type: 'identify', userId, traits: { email: `${userId}@acme.com`, title: 'VP' } },
        { type: 'track', userId, event: 'Demo Requested', messageId: `${userId}-demo` },
        { type: 'track', userId, event: 'Demo Requested', messageId: `${userId}-demo` },
      ],
    });
    expect([answer.status, await answer.json()]).toEqual([200, { success: true }]);
    expect(await find(userId)).toMatchObject([{ total: 60, stage: 'mql' }]);
  });

  describe('CORS', () => {
    test('a preflight is answered for any site, without a key', async () => {
      for (const path of ['t', 'batch', 'projects/x/settings', 'unknown']) {
        const answer = await fetch(`${base}/v1/${path}`, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://shop.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type, authorization',
          },
        });
        expect([path, answer.status]).toEqual([path, 204]);
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
        expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization/);
        expect(answer.headers.get('access-control-allow-headers')).toMatch(/content-type/);
        expect(answer.headers.get('access-control-allow-methods')).toMatch(/POST/);
      }
    });

    test('answers and refusals may be read by any site', async () => {
      for (const answer of [
        await post('page', { anonymousId: 'x' }),
        await post('page', '{', SERVER),
        await post('page', {}, {}),
      ])
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    });

    test('text/plain, which needs no preflight, is JSON all the same; so is a body without a type', async () => {
      const body = () => JSON.stringify({ anonymousId: someone(), writeKey: KEYS.BATON_PUBLIC_WRITE_KEY });
      for (const type of ['text/plain', 'text/plain;charset=UTF-8', 'application/json; charset=utf-8'])
        expect((await post('p', body(), { 'content-type': type })).status).toBe(200);
      const bare = await running.app.db.run<{ n: number }>(
        { name: '', text: 'select count(*) as n from message' },
        [],
      );
      const answer = await fetch(`${base}/v1/p`, { method: 'POST', body: new TextEncoder().encode(body()) });
      expect(answer.status).toBe(200);
      const after = await running.app.db.run<{ n: number }>(
        { name: '', text: 'select count(*) as n from message' },
        [],
      );
      expect((after[0]?.n ?? 0) - (bare[0]?.n ?? 0)).toBe(1);
    });
  });

  describe('limits', () => {
    const sized = (bytes: number) => {
      const body = JSON.stringify({ userId: 'big', event: 'E', properties: { pad: '' } });
      return body.replace('"pad":""', `"pad":"${'x'.repeat(bytes - Buffer.byteLength(body))}"`);
    };
    const batchOf = (calls: readonly unknown[]) => JSON.stringify({ batch: calls });
    const call = (pad: number, text = 'x') => ({
      type: 'track',
      userId: 'big',
      event: 'E',
      properties: { pad: text.repeat(pad) },
    });
    const callBytes = Buffer.byteLength(JSON.stringify(call(0)));

    test.each([
      ['a call of 32 KB', 'track', sized(32 * 1024), 200],
      ['a call of one byte more', 'track', sized(32 * 1024 + 1), 400],
      ['a call of 2 MB', 'track', sized(2 * 1024 * 1024), 400],
      ['32 KB in a batch', 'batch', batchOf([call(32 * 1024 - callBytes)]), 200],
      ['more in a batch', 'batch', batchOf([call(1), call(32 * 1024 - callBytes + 1)]), 400],
      ['32 KB in bytes, not characters', 'batch', batchOf([call(12 * 1024, '€')]), 400],
      [
        'a batch of 500 KB',
        'batch',
        batchOf(Array.from({ length: 20 }, () => call(25_000))).padEnd(500 * 1024),
        200,
      ],
      ['a batch of one byte more', 'batch', batchOf([call(1)]).padEnd(500 * 1024 + 1), 400],
      ['a batch of 3 MB', 'batch', batchOf([call(1)]).padEnd(3 * 1024 * 1024), 400],
      [
        '2,500 calls',
        'batch',
        batchOf(Array.from({ length: 2500 }, () => ({ type: 'page', userId: 'many' }))),
        200,
      ],
      [
        '2,501 calls',
        'batch',
        batchOf(Array.from({ length: 2501 }, () => ({ type: 'page', userId: 'many' }))),
        400,
      ],
      ['no calls', 'batch', batchOf([]), 200],
      ['no batch', 'batch', '{}', 400],
      ['a batch that is not a list', 'batch', '{"batch":{}}', 400],
      ['no body', 'track', '', 400],
      ['half a body', 'track', '{"userId":"u"', 400],
      ['a list', 'track', '[]', 400],
      ['a word', 'track', '"hello"', 400],
      ['not UTF-8', 'track', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
      [
        'nesting without end',
        'track',
        `{"userId":"u","event":"E","properties":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
        400,
      ],
      [
        'lists without end',
        'track',
        `{"userId":"u","event":"E","properties":${'['.repeat(15_000)}${']'.repeat(15_000)}}`,
        400,
      ],
      [
        'nesting of real calls',
        'track',
        `{"userId":"u","event":"E","properties":${'{"a":'.repeat(30)}1${'}'.repeat(30)}}`,
        200,
      ],
      ['compressed without saying so', 'track', gzipSync(sized(1000)), 400],
    ])('%s', async (_name, path, body, status) => {
      const answer = await post(path, body);
      expect(answer.status).toBe(status);
      const told = z
        .object({ success: z.boolean(), message: z.string().optional() })
        .parse(await answer.json());
      expect(told.success).toBe(status === 200);
      if (status !== 200) expect(told.message).toMatch(/\w/);
    });

    test('a refused batch leaves nothing', async () => {
      const userId = someone();
      await post('batch', { batch: [{ type: 'identify', ...identify(userId) }, call(40_000)] });
      expect(await find(userId)).toEqual([]);
    });
  });

  describe('what cannot be used', () => {
    test('is answered 200, kept with its reason, and the rest of its batch is taken', async () => {
      const userId = someone();
      const bad = { type: 'track', userId, messageId: `${userId}-bad` };
      const answer = await post('batch', { batch: [bad, { type: 'identify', ...identify(userId) }, 7] });
      expect([answer.status, await answer.json()]).toEqual([200, { success: true }]);
      expect(await find(userId)).toHaveLength(1);
      const kept = await rejected();
      expect(kept).toContainEqual(
        expect.objectContaining({
          reason: 'event: expected the name of the event',
          problems: [{ path: 'batch[0].event', message: 'expected the name of the event' }],
          call: bad,
          replayedAt: null,
        }),
      );
      expect(kept).toContainEqual(expect.objectContaining({ reason: 'call: expected an object', call: 7 }));
    });

    test('with strict=1 is refused with pointers, and nothing of the batch is taken', async () => {
      const userId = someone();
      const before = (await rejected()).length;
      const answer = await post('batch?strict=1', {
        batch: [{ type: 'identify', ...identify(userId) }, { type: 'track', userId }, null],
      });
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({
        success: false,
        errors: [
          { path: 'batch[1].event', pointer: '/batch/1/event', message: 'expected the name of the event' },
          { path: 'batch[2]', pointer: '/batch/2', message: 'expected an object' },
        ],
      });
      const alone = await post('track?strict=1', { userId });
      expect(await alone.json()).toMatchObject({ errors: [{ path: 'event', pointer: '/event' }] });
      const single = await post('batch?strict=1', { batch: [{ type: 'track', userId }] });
      expect(await single.json()).toMatchObject({
        errors: [{ path: 'batch[0].event', pointer: '/batch/0/event' }],
      });
      expect(await find(userId)).toEqual([]);
      expect(await rejected()).toHaveLength(before);
      expect((await post('track?strict=1', { userId, event: 'Fine' })).status).toBe(200);
    });

    test('can be replayed once it is mended, and a second time is refused', async () => {
      const userId = someone();
      await post('identify', { userId, traits: { email: `${userId}@acme.com`, title: 'VP' } });
      await post('track', { userId, messageId: `${userId}-1` });
      const kept = (await rejected()).find(({ call }) => JSON.stringify(call).includes(`${userId}-1`));
      const path = `rejected/${kept?.id}/replay`;
      const headers = { 'content-type': 'application/json' };
      const asIs = await fetch(`${base}/api/${path}`, {
        method: 'POST',
        headers: { ...ADMIN, ...headers },
        body: '{}',
      });
      expect(asIs.status).toBe(422);
      const call = { type: 'track', userId, messageId: `${userId}-1`, event: 'Demo Requested' };
      for (const status of [200, 409]) {
        const answer = await fetch(`${base}/api/${path}`, {
          method: 'POST',
          headers: { ...ADMIN, ...headers },
          body: JSON.stringify({ call }),
        });
        expect(answer.status).toBe(status);
      }
      expect(await find(userId)).toMatchObject([{ total: 60, stage: 'mql' }]);
      expect((await rejected()).find(({ id }) => id === kept?.id)?.replayedAt).not.toBeNull();
    });

    test('text that no database can hold is taken like any other', async () => {
      const userId = someone();
      const answer = await post(
        'batch',
        `{"batch":[{"type":"identify","userId":"${userId}","traits":{"email":"${userId}@acme.com","name":"a\\u0000b\\ud800","title":"C:\\\\u0000"}},{"type":"track","userId":"${userId}"},{"type":"\\u0000\\udfff"}]}`,
      );
      expect(answer.status).toBe(200);
      expect(await find(userId)).toHaveLength(1);
    });
  });

  test.each(['', 'x', 'text/plain; charset', 'application/json; charset=utf-99', ';'])(
    'a content type of "%s" is answered as the tracking API answers',
    async type => {
      const body = JSON.stringify({ userId: someone(), event: 'x' });
      const answer = await new Promise<{ readonly status: number; readonly text: string }>(
        (resolve, reject) => {
          const headers = { ...SERVER, 'content-type': type, 'content-length': Buffer.byteLength(body) };
          const call = request(`${base}/v1/track`, { method: 'POST', headers }, response => {
            response.setEncoding('utf8');
            let text = '';
            response.on('data', chunk => {
              text += chunk;
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          });
          call.on('error', reject).end(body);
        },
      );
      expect([200, 400]).toContain(answer.status);
      expect(JSON.parse(answer.text)).toMatchObject({ success: answer.status === 200 });
    },
  );

  test('the browser client is told where to send calls', async () => {
    const answer = await fetch(`${base}/v1/projects/${KEYS.BATON_PUBLIC_WRITE_KEY}/settings`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toMatchObject({
      integrations: {
        'Segment.io': {
          apiKey: KEYS.BATON_PUBLIC_WRITE_KEY,
          apiHost: `${new URL(base).host}/v1`,
          protocol: 'http',
        },
      },
    });
    // A server key must not stand where such an answer is of use.
    for (const key of ['wrong', KEYS.BATON_ADMIN_KEY, KEYS.BATON_WRITE_KEY])
      expect((await fetch(`${base}/v1/projects/${key}/settings`)).status).toBe(404);
  });

  test("Segment's own client for Node works with a host and a key", async () => {
    const userId = someone();
    const anonymousId = `anon-${userId}`;
    const analytics = new Analytics({
      writeKey: KEYS.BATON_WRITE_KEY,
      host: base,
      flushAt: 3,
      flushInterval: 50,
    });
    const failures: unknown[] = [];
    analytics.on('error', failure => failures.push(failure));
    analytics.page({ anonymousId, name: 'Pricing', properties: { path: '/pricing' } });
    analytics.identify({
      userId,
      anonymousId,
      traits: { email: `${userId}@acme.com`, title: 'VP', name: 'Ann Lee' },
    });
    analytics.group({ userId, groupId: `g-${userId}`, traits: { industry: 'Software' } });
    analytics.track({ userId, event: 'Demo Requested', properties: { plan: 'Pro' } });
    analytics.alias({ userId, previousId: `old-${userId}` });
    analytics.track({ userId: `old-${userId}`, event: 'Something Else' });
    await analytics.flush({ close: true });
    expect(failures).toEqual([]);
    const [found] = await find(`${userId}@acme.com`);
    expect(found).toMatchObject({ total: 90, stage: 'mql' });
    const contact = z
      .object({ identities: z.array(z.object({ kind: z.string(), value: z.string() })), name: z.string() })
      .parse(await api(`contacts/${found?.id}`));
    expect(contact.name).toBe('Ann Lee');
    expect(contact.identities).toEqual(
      expect.arrayContaining([
        { kind: 'user', value: userId },
        { kind: 'user', value: `old-${userId}` },
        { kind: 'anonymous', value: anonymousId },
        { kind: 'email', value: `${userId}@acme.com` },
      ]),
    );
  });

  test('more calls than may wait are turned away with 429, and none of them is kept', async () => {
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const taken: Call[] = [];
    const batcher = makeBatcher(
      async calls => {
        await held;
        taken.push(...calls);
        return { contactIds: [], handoffs: [] };
      },
      { lanes: 1, onDone: () => {} },
    );
    let submitted = 0;
    const counted: Batcher = {
      ...batcher,
      submit: calls => {
        submitted += 1;
        return batcher.submit(calls);
      },
    };
    const node = await startNode(running.app.db, {
      intake: scope => addSegmentRoutes(scope, running.app, counted),
    });
    const send = (size: number, extra: readonly unknown[] = []) =>
      node.server.inject({
        method: 'POST',
        url: '/v1/batch',
        headers: SERVER,
        payload: {
          batch: [...Array.from({ length: size }, () => ({ type: 'page', userId: 'w' })), ...extra],
        },
      });
    const before = (await rejected()).length;
    const waiting = Array.from({ length: 9 }, () => send(2_400));
    await expect.poll(() => submitted).toBe(9);
    const full = await send(2_400, [{ type: 'nonsense' }]);
    expect(full.statusCode).toBe(429);
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);
    expect(full.json()).toMatchObject({ success: false });
    expect(await rejected()).toHaveLength(before);
    release();
    for (const answer of await Promise.all(waiting)) expect(answer.statusCode).toBe(200);
    expect(taken).toHaveLength(9 * 2_400);
    expect((await send(1)).statusCode).toBe(200);
    await node.close();
  });
});

describeOnPostgres('when PostgreSQL goes away', driver => {
  test('calls are answered 503 until it is back, and nothing that was acknowledged is missing', {
    timeout: 60_000,
  }, async () => {
    const owner = await driver.open();
    const [row] = await owner.run<{ readonly name: string }>(
      { name: '', text: 'select current_database()::text as name' },
      [],
    );
    const url = new URL(process.env.DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    const proxy = await openProxy(url.href);
    const running = await start(openPostgres(proxy.url, () => {}));
    const send = async (id: string) => {
      const answer = await fetch(`${running.url}/v1/batch`, {
        method: 'POST',
        headers: SERVER,
        body: JSON.stringify({ batch: [{ type: 'page', anonymousId: id, messageId: id }] }),
      });
      return { id, status: answer.status, retryAfter: answer.headers.get('retry-after') };
    };
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    const sendMany = async (name: string, count: number) => {
      const answers = await Promise.all(
        Array.from({ length: count }, (_, index) => send(`${name}-${index}`)),
      );
      for (const { id, status, retryAfter } of answers) {
        statuses.add(status);
        if (status === 200) acknowledged.push(id);
        else expect(Number(retryAfter)).toBeGreaterThan(0);
      }
      return answers.map(({ status }) => status);
    };
    expect(new Set(await sendMany('before', 20))).toEqual(new Set([200]));
    const amid = sendMany('amid', 60);
    proxy.cut();
    await amid;
    const started = Date.now();
    expect(new Set(await sendMany('away', 20))).toEqual(new Set([503]));
    expect(Date.now() - started).toBeLessThan(10_000);
    expect((await fetch(`${running.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
    proxy.mend();
    await expect.poll(async () => (await send('probe')).status, { timeout: 15_000 }).toBe(200);
    expect(new Set(await sendMany('after', 20))).toEqual(new Set([200]));
    // The backends are ended by the server: the next calls find dead connections in the pool.
    await owner.script(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await expect.poll(async () => (await send('again')).status, { timeout: 15_000 }).toBe(200);
    expect([...statuses].sort()).toEqual([200, 503]);
    const rows = await owner.run<{ readonly id: string }>(
      { name: '', text: 'select message_id as id from event' },
      [],
    );
    const stored = rows.map(({ id }) => id);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter(id => !stored.includes(id))).toEqual([]);
    await running.stop();
    await proxy.close();
    await owner.close();
  });
});

describe('a bad start', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'baton-'));
    folders.push(made);
    return made;
  };
  afterAll(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
  });

  test('wrong settings are all named, secrets masked', () => {
    const { problems } = readSettings({
      BATON_PORT: '99999',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      BATON_SECRET: 'short-secret',
      LOG_LEVEL: 'loud',
      BATON_URL: '',
    });
    expect(problems).toHaveLength(4);
    const text = (problems ?? []).join('\n');
    expect(text).toMatch(/BATON_PORT is "99999"; expected a port/);
    expect(text).toMatch(/DATABASE_URL is \(secret, not shown\); expected a URL/);
    expect(text).toMatch(/LOG_LEVEL is "loud"; expected fatal/);
    expect(text).not.toMatch(/hunter2|short-secret/);
  });

  test.each([
    'from=notanaddress',
    'from=',
    'from=Baton',
    'from=Baton+<baton>',
    'from=a@acme.example,b@acme.example',
  ])('a mail server whose sender is not an address stops the start: %s', query => {
    const { problems } = readSettings({ SMTP_URL: `smtp://mail.acme.example?${query}` });
    expect(problems).toEqual([
      expect.stringMatching(/^SMTP_URL is \(secret, not shown\); expected .*from.* an e-mail address/),
    ]);
  });

  test('a mail server whose user cannot be decoded stops the start', () => {
    const { problems } = readSettings({ SMTP_URL: 'smtp://us%zzer:secret@mail.acme.example' });
    expect(problems).toEqual([expect.stringMatching(/^SMTP_URL is \(secret, not shown\)/)]);
  });

  test.each([
    '',
    '?from=baton@acme.example',
    '?from=root@localhost',
    '?from=Acme,+Inc.+<leads@acme.example>',
  ])('a mail server is taken with %s', query => {
    expect(readSettings({ SMTP_URL: `smtp://ann:p@mail.acme.example${query}` }).problems).toBeNull();
  });

  test('a folder that another process holds is left alone, one of a dead process is taken over', () => {
    const data = folder();
    const unlock = lockFolder(data);
    unlock();
    writeFileSync(join(data, 'baton.lock'), String(process.ppid));
    expect(() => lockFolder(data)).toThrow(new RegExp(`in use by process ${process.ppid}.*--data-dir`));
    writeFileSync(join(data, 'baton.lock'), '999999999');
    lockFolder(data)();
    writeFileSync(join(data, 'baton.lock'), 'nonsense');
    lockFolder(data)();
  });
});
