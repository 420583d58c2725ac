import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { openBatcher } from '../../src/loop/intake/batch.ts';
import { addSegmentRoutes } from '../../src/server/http/segment.ts';
import { DRIVERS } from '../db/opened.ts';
import { type Started, startNode } from './started.ts';

const [driver] = DRIVERS;
let db: Database;
let node: Started;
let writeKey: string;
let apiKey: string;
const by = { actor: 'a test', now: Date.now() };

beforeAll(async () => {
  if (driver === undefined) throw new Error('there is no database');
  db = await driver.open();
  node = await startNode(db, {
    intake: (scope, app) =>
      addSegmentRoutes(
        scope,
        app,
        openBatcher(app, () => {}),
      ),
  });
  ({ secret: writeKey } = await makeKey(node.app, { name: 'Site', kind: 'server' }, by));
  ({ secret: apiKey } = await makeKey(node.app, { name: 'Script', kind: 'api', role: 'admin' }, by));
});
afterAll(async () => {
  await node.close();
  await db.close();
});

let made = 0;
const call = () => ({ type: 'track', userId: `packed-${++made}`, event: 'Demo Requested' });
const batch = () => JSON.stringify({ batch: [call()] });
const contacts = async () =>
  (await db.run<{ n: number }>({ name: '', text: 'select count(*)::int as n from contact' }, []))[0]?.n ?? 0;

const reply = z.object({ success: z.boolean(), message: z.string().optional() });

async function post(path: string, payload: Buffer | string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await node.server.inject({
    method: 'POST',
    url: path,
    payload,
    headers: { authorization: `Bearer ${writeKey}`, 'content-type': 'application/json', ...headers },
  });
  return { status: answer.statusCode, ...reply.parse(answer.json()) };
}

const twice = (text: string) => brotliCompressSync(gzipSync(text));
/** A body of a hundred million bytes in a hundred thousand. */
const bomb = () => gzipSync(Buffer.alloc(100_000_000, 'a'));

describe('a body', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    [' GZIP ', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
    ['', Buffer.from],
    ['gzip, br', twice],
    ['identity, gzip', gzipSync],
  ] as const)('packed as "%s" is read', async (encoding, pack) => {
    const before = await contacts();
    for (const path of ['/v1/batch', '/v1/import'])
      expect(await post(path, pack(batch()), { 'content-encoding': encoding })).toEqual({
        status: 200,
        success: true,
      });
    expect(await contacts()).toBe(before + 2);
  });

  test.each([
    [
      'an unknown encoding',
      '/v1/batch',
      Buffer.from('x'),
      'zstd',
      415,
      /"zstd" is not understood; expected gzip, deflate, br or identity/,
    ],
    ['an unknown one among known ones', '/v1/batch', gzipSync('{}'), 'gzip, lzma', 415, /lzma/],
    ['too many', '/v1/batch', gzipSync('{}'), 'gzip, gzip, gzip', 415, /at most 2/],
    ['what is not packed', '/v1/batch', batch(), 'gzip', 400, /is not gzip, as its content-encoding says/],
    [
      'what is cut off',
      '/v1/batch',
      gzipSync(batch()).subarray(0, 30),
      'gzip',
      400,
      /unexpected end of file/,
    ],
    ['nonsense', '/v1/batch', Buffer.from([1, 2, 3]), 'deflate', 400, /is not deflate/],
    ['nothing', '/v1/batch', '', 'gzip', 400, /expected a JSON body/],
    ['what is not JSON', '/v1/batch', gzipSync('{'), 'gzip', 400, /not JSON/],
    ['a bomb', '/v1/batch', bomb(), 'gzip', 413, /at most 512000 bytes when it is unpacked/],
    ['a bomb in a bomb', '/v1/import', gzipSync(bomb()), 'gzip, gzip', 413, /512000/],
    [
      'a batch that is just too large',
      '/v1/batch',
      gzipSync(Buffer.alloc(512_001, ' ')),
      'gzip',
      413,
      /512000/,
    ],
    ['a call that is just too large', '/v1/track', gzipSync(Buffer.alloc(32_769, ' ')), 'gzip', 413, /32768/],
    ['too much of what is packed', '/v1/batch', Buffer.alloc(600_000), 'gzip', 413, /512000/],
  ] as const)('with %s is refused with the reason', async (_name, path, body, encoding, status, message) => {
    expect(await post(path, body, { 'content-encoding': encoding })).toEqual({
      status,
      success: false,
      message: expect.stringMatching(message),
    });
  });

  test('may be packed for the API, too', async () => {
    const save = (payload: Buffer, encoding = 'gzip') =>
      node.server.inject({
        method: 'PUT',
        url: '/api/permissions',
        payload,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'content-encoding': encoding,
        },
      });
    const wanted = { reviewDuplicates: true, classEvents: false, replayCalls: false };
    expect((await save(gzipSync(JSON.stringify(wanted)))).json()).toEqual(wanted);
    for (const [payload, encoding, status] of [
      [bomb(), 'gzip', 413],
      [Buffer.from('{}'), 'gzip', 400],
      [Buffer.from('{}'), 'zstd', 415],
    ] as const)
      expect((await save(payload, encoding)).json()).toMatchObject({ status, errors: [] });
  });
});

describe('the addresses of clients', () => {
  test.each(['batch', 'import', 'b'])('/v1/%s takes a batch', async path => {
    const before = await contacts();
    for (const end of ['', '/', '?writeKey=x'])
      expect(await post(`/v1/${path}${end}`, batch())).toEqual({ status: 200, success: true });
    expect(await contacts()).toBe(before + 3);
    expect(await post(`/v1/${path}`, '{"batch":7}')).toMatchObject({ status: 400 });
    expect(await post(`/v1/${path}`, batch(), { authorization: 'Bearer x' })).toMatchObject({ status: 401 });
  });

  test('a single call may end in a slash', async () => {
    for (const path of ['identify', 'track', 'page', 'screen', 'group', 'alias', 'i'])
      expect(
        await post(`/v1/${path}/`, JSON.stringify({ ...call(), groupId: 'g', previousId: `${made}-before` })),
      ).toEqual({ status: 200, success: true });
  });

  test('a page may send what is packed', async () => {
    const answer = await node.server.inject({ method: 'OPTIONS', url: '/v1/import' });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['access-control-allow-headers']).toMatch(/content-encoding/);
  });
});
