import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { makeUser } from '../../src/loop/access/user.ts';
import type { Demo } from '../../src/loop/app.ts';
import { addDoor } from '../../src/server/http/door.ts';
import { openMemory } from '../../src/server/operation/database.ts';
import { cookieOf, type Started, startNode } from './started.ts';

let db: Database;
let people: Demo['people'] = [];
beforeAll(async () => {
  db = await openMemory();
});
afterAll(() => db.close());

/** A demo of two people, entered by the link that carries `token`. */
async function startDemo(): Promise<Started> {
  const node = await startNode(db, {
    demo: () => ({ loaded: 1, total: 1, people, writeKey: 'the-key-of-the-demo' }),
  });
  if (people.length === 0)
    people = await Promise.all(
      (['admin', 'rep'] as const).map(async role => {
        const person = { name: role, email: `${role}@acme.example`, role, passwordHash: '' };
        const { id } = await makeUser(node.app, person, { actor: 'test', now: 0 });
        return { id, name: role, role };
      }),
    );
  addDoor(node.server, node.app, () => ({ token: 'secret', userId: people[0]?.id ?? null }));
  return node;
}

function look(node: Started, userId: string | undefined, headers: Record<string, string>) {
  return node.server.inject({ method: 'POST', url: '/demo/look', payload: { userId }, headers });
}

const sessionOf = async (node: Started, cookie: string) =>
  (await node.server.inject({ url: '/api/session', headers: { cookie } })).json();

test('a visitor of a demo looks through the eyes of each of its people, without a password', async () => {
  const node = await startDemo();
  const entered = cookieOf(await node.server.inject('/demo/enter?token=secret'));
  const { user, demo } = await sessionOf(node, entered);
  expect(user.name).toBe('admin');
  expect(demo.people.map(({ name, role }: { name: string; role: string }) => [name, role])).toEqual([
    ['admin', 'admin'],
    ['rep', 'rep'],
  ]);
  expect(demo.writeKey).toBe('the-key-of-the-demo');
  const switched = await look(node, people[1]?.id, { cookie: entered });
  expect(switched.statusCode).toBe(200);
  expect((await sessionOf(node, cookieOf(switched))).user).toMatchObject({ name: 'rep', role: 'rep' });
  await node.close();
});

test('nobody switches without the link, to somebody else, or from another site', async () => {
  const node = await startDemo();
  const cookie = cookieOf(await node.server.inject('/demo/enter?token=secret'));
  expect(cookieOf(await node.server.inject('/demo/enter?token=other'))).toBe('');
  expect((await look(node, people[1]?.id, {})).statusCode).toBe(401);
  expect((await look(node, 'nobody', { cookie })).statusCode).toBe(422);
  expect((await look(node, undefined, { cookie })).statusCode).toBe(422);
  const foreign = await look(node, people[1]?.id, { cookie, origin: 'https://evil.example' });
  expect(foreign.statusCode).toBe(403);
  const stranger = await sessionOf(node, '');
  expect(stranger.demo).toEqual({ loaded: 1, total: 1, people: [], writeKey: null });
  await node.close();
});

test('a Baton that is not a demo has no switch', async () => {
  const node = await startNode(db);
  expect((await look(node, people[1]?.id, {})).statusCode).toBe(404);
  expect((await node.server.inject('/demo/enter?token=secret')).statusCode).not.toBe(302);
  await node.close();
});
