import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { makeKey } from '../../src/loop/access/key.ts';
import { changeUser, makeUser } from '../../src/loop/access/user.ts';
import { openSession } from '../../src/server/access/session.ts';
import { connectionsFor, limitConnections, makeCloser, type Patience } from '../../src/server/http/limit.ts';
import { refuseUnderPressure } from '../../src/server/http/pressure.ts';
import { DRIVERS } from '../db/opened.ts';
import { clearPeople, type Started, startNode } from './started.ts';

const QUICK: Patience = { headMs: 150, requestMs: 300, idleMs: 5_000, silenceMs: 5_000, lookMs: 50 };

let db: Database;
let node: Started | undefined;
beforeAll(async () => {
  db = (await DRIVERS[0]?.open()) ?? expect.unreachable();
  return () => db.close();
});
afterEach(async () => {
  await node?.close();
  node = undefined;
});

async function listening(parts: Parameters<typeof startNode>[1] = {}) {
  const started = await startNode(db, parts);
  node = started;
  const close = makeCloser(started.server);
  const url = await started.server.listen({ host: '127.0.0.1', port: 0 });
  return { ...started, close, url };
}

/** Opens a connection, says something, and gives what comes back until it ends. */
function say(url: string, text: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', chunk => chunks.push(chunk));
  socket.on('error', () => {});
  const answer = new Promise<string>(resolve =>
    socket.on('close', () => resolve(Buffer.concat(chunks).toString())),
  );
  if (text !== '') socket.write(text);
  return { socket, answer };
}

test.each([
  [20_000, 10_000],
  [Number.POSITIVE_INFINITY, 10_000],
  [1_024, 624],
  [256, 128],
])('of %d descriptors connections may take %d', (descriptors, connections) => {
  expect(connectionsFor(descriptors)).toBe(connections);
});

test('connections beyond the most are dropped, counted and logged once; the others are answered', async () => {
  const { server, url, logged } = await listening();
  limitConnections(server, node?.app.log ?? expect.unreachable(), 5);
  const held = Array.from({ length: 5 }, () => say(url, ''));
  await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
  const beyond = Array.from({ length: 20 }, () => say(url, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'));
  expect(await Promise.all(beyond.map(({ answer }) => answer))).toEqual(beyond.map(() => ''));
  held[0]?.socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  expect(await held[0]?.answer).toMatch(/baton_connections_dropped_total [1-9]/);
  expect(logged.filter(line => line.includes('too many connections'))).toHaveLength(1);
  for (const { socket } of held) socket.destroy();
});

describe('a client that takes its time is cut', () => {
  const head = 'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
  test.each([
    ['saying nothing', ''],
    ['half a head', 'POST /api/sess'],
    ['half a body', `${head}content-length: 100\r\n\r\n{"half`],
  ])('%s', async (_name, text) => {
    const { url } = await listening({ patience: QUICK });
    const from = performance.now();
    const answer = await say(url, text).answer;
    expect(performance.now() - from).toBeLessThan(2_000);
    if (text !== '') expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*application\/problem\+json/);
  });
});

describe('what cannot be read is answered as a problem', () => {
  test.each([
    ['an address that cannot be decoded', 'GET /% HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
    [
      'a part of an address that is too long',
      `DELETE /api/keys/${'x'.repeat(300)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      414,
    ],
    ['what is not HTTP', 'hello\r\n\r\n', 400],
    ['headers that are too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ])('%s', async (_name, text, status) => {
    const { url } = await listening();
    const answer = await say(url, text).answer;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json`));
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1))).toMatchObject({ status });
  });
});

test('nothing is said behind an answer that has begun', async () => {
  const { server } = await startedWithSlowAnswer();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const { socket, answer } = say(url, 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  socket.write('this is not HTTP\r\n\r\n');
  expect((await answer).match(/HTTP\/1\.1/g)).toHaveLength(1);
});

/** A server with an answer that begins and does not end. */
async function startedWithSlowAnswer(): Promise<Started> {
  const started = await startNode(db, {
    intake: async scope => {
      scope.get('/slow', (_request, reply) => {
        reply.raw.writeHead(200, { 'content-length': '100' });
        reply.raw.write('half');
        reply.hijack();
      });
    },
  });
  node = started;
  return started;
}

test('a client that goes away amid its body is not a database that is away', async () => {
  const { url, logged } = await listening();
  const { socket } = say(
    url,
    'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"half',
  );
  await once(socket, 'connect');
  await setTimeout(30);
  socket.resetAndDestroy();
  await setTimeout(50);
  expect(logged.filter(line => line.includes('database is away'))).toEqual([]);
});

describe('a server that stops', () => {
  test('lets go of a connection that has asked for nothing at once', async () => {
    const { url, close } = await listening();
    const { socket, answer } = say(url, '');
    await once(socket, 'connect');
    await setTimeout(20);
    const from = performance.now();
    expect(await close(5_000)).toBe(0);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(await answer).toBe('');
  });

  test.each([
    ['half a head', 'POST /api/sess'],
    ['half a body', 'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half'],
  ])('cuts %s after the time for it', async (_name, text) => {
    const { url, close } = await listening();
    const { socket } = say(url, text);
    await once(socket, 'connect');
    await setTimeout(20);
    expect(await close(100)).toBe(1);
  });

  test('answers the call under way, and closes its connection, which the client would keep', async () => {
    let go = () => {};
    const isAllowed = new Promise<void>(resolve => {
      go = resolve;
    });
    const { url, close } = await listening({
      handlers: {
        getSession: async () => {
          await isAllowed;
          const permissions = { reviewDuplicates: false, classEvents: false, replayCalls: false };
          const first = { passwordGiven: false, resetByMail: false, firstSteps: false };
          return { user: null, permissions, setupNeeded: true, tokenNeeded: false, ...first, demo: null };
        },
      },
    });
    const { socket, answer } = say(url, 'GET /api/session HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'connect');
    await setTimeout(50);
    const closing = close(5_000);
    await setTimeout(20);
    go();
    expect(await closing).toBe(0);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/i);
  });
});

describe('streams', () => {
  test('one person has so many and no more', async () => {
    await clearPeople(db);
    const { app, url } = await listening();
    const key = await makeKey(
      app,
      { name: 'k', kind: 'api', role: 'rep' },
      { actor: 'a test', now: app.clock() },
    );
    const head = `GET /api/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key.secret}\r\n\r\n`;
    const held = Array.from({ length: 30 }, () => say(url, head));
    await Promise.all(held.map(({ socket }) => once(socket, 'data')));
    const beyond = say(url, head.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
    expect(await beyond.answer).toMatch(/^HTTP\/1\.1 429 [\s\S]*30 streams/);
    for (const { socket } of held) socket.destroy();
  });

  test('who is switched off loses theirs at once', async () => {
    await clearPeople(db);
    const { app, url } = await listening();
    const by = { actor: 'a test', userId: null, role: 'admin' as const, now: app.clock() };
    const wanted = { name: 'Ann', email: 'ann@acme.example', passwordHash: 'x' };
    await makeUser(app, { ...wanted, email: 'boss@acme.example', role: 'admin' }, by);
    const { id } = await makeUser(app, { ...wanted, role: 'rep' }, by);
    const [cookie = ''] = (await openSession(app, id)).split(';');
    const { socket, answer } = say(url, `GET /api/stream HTTP/1.1\r\nhost: x\r\ncookie: ${cookie}\r\n\r\n`);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200/);
    await changeUser(app, id, { active: false }, by);
    socket.end();
    expect(await answer).toMatch(/retry:/);
  });
});

test('a process that is late again and again refuses calls, but not what an operator asks', async () => {
  const started = await startNode(db);
  node = started;
  refuseUnderPressure(started.server, { everyMs: 10, byMs: 20 });
  const status = async (url: string) => (await started.server.inject({ url })).statusCode;
  const block = () => {
    const until = performance.now() + 50;
    while (performance.now() < until);
  };
  expect(await status('/api/session')).toBe(200);
  block();
  await setTimeout(0);
  expect(await status('/api/session')).toBe(200);
  for (let time = 0; time < 3; time++) {
    block();
    await setTimeout(1);
  }
  expect([await status('/api/session'), await status('/healthz'), await status('/metrics?all')]).toEqual([
    503, 200, 200,
  ]);
  await setTimeout(60);
  expect(await status('/api/session')).toBe(200);
});
