import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { serializers } from '../../src/server/operation/log.ts';
import { DRIVERS } from '../db/opened.ts';
import { startNode } from './started.ts';

let db: Database;
beforeAll(async () => {
  db = (await DRIVERS[0]?.open()) ?? expect.unreachable();
});
afterAll(() => db.close());

test('an error is logged with its message, code and causes, and nothing that hangs on it', () => {
  const lines: string[] = [];
  const log = pino({ serializers }, { write: line => void lines.push(line) });
  const client = { processID: 7, secretKey: 12_345, query: { text: 'select secret' } };
  const cause = Object.assign(new Error('terminating connection'), { code: '57P01', client });
  log.warn({ err: Object.assign(new Error('lost', { cause }), { client }) }, 'a call broke');
  const [line = ''] = lines;
  expect(JSON.parse(line).err).toMatchObject({
    type: 'Error',
    message: 'lost',
    cause: { message: 'terminating connection', code: '57P01' },
  });
  expect(line).not.toMatch(/secretKey|12345|select secret/);
});

test('a call that broke is logged without its query, in which people are named', async () => {
  const node = await startNode(db, {
    handlers: {
      getSession: () => {
        throw new Error('broken on purpose');
      },
    },
  });
  const answer = await node.server.inject({ url: '/api/session?q=ann@acme.example' });
  expect(answer.statusCode).toBe(500);
  expect(node.logged.join('')).toContain('/api/session');
  expect(node.logged.join('')).not.toContain('ann@acme.example');
  await node.close();
});

test('a database that says nothing is reported within the time for it', async () => {
  const node = await startNode({ ...db, run: () => new Promise(() => {}) }, { readyMs: 20 });
  const answer = await node.server.inject({ url: '/readyz' });
  expect([answer.statusCode, answer.json().detail]).toEqual([503, 'The database does not answer.']);
  expect((await node.server.inject({ url: '/healthz' })).statusCode).toBe(200);
  await node.close();
});
