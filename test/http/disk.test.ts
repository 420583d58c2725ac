import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diagnosis } from '../../src/contract/api/diagnosis.ts';
import type { Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/driver/migrate.ts';
import { openPglite } from '../../src/db/driver/pglite.ts';
import { type Command, ensureBuilt, runBaton, startBaton } from '../world/process.ts';
import { cookieOf, type Started, startNode } from './started.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-disk-'));
const settings = {
  BATON_DATA_DIR: join(folder, 'data'),
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};

/** Makes the disk so large; a disk in memory takes no more of it than lies there. */
function mount(megabytes: number, ...more: readonly string[]): boolean {
  try {
    const options = [...more, `size=${megabytes}m`].join(',');
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'baton-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canMount = mount(800);

afterAll(() => {
  if (canMount) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

const problem = z.object({ title: z.string(), detail: z.string() });
const contacts = z.object({ items: z.array(z.object({ id: z.string() })) });
type Server = Awaited<ReturnType<typeof startBaton>>;

async function send({ url }: Server, number: number) {
  const reply = await fetch(`${url}/v1/identify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${settings.BATON_WRITE_KEY}` },
    body: JSON.stringify({ userId: `u${number}`, traits: { email: `u${number}@acme.example` } }),
  });
  const { message = '' } = z.object({ message: z.string().optional() }).parse(await reply.json());
  return { status: reply.status, message };
}

async function call({ url }: Server, path: string, body?: object) {
  const reply = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${settings.BATON_ADMIN_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: z.unknown().parse(await reply.json()) };
}

/** Waits for what the next look at the disk brings. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error('it did not come about');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

describe('a disk that says that it is short of room', () => {
  let shortage: string | null = null;
  let db: Database;
  let node: Started;
  beforeAll(async () => {
    db = await openPglite(null, undefined, { freeBytes: () => 7, shortage: () => shortage });
    await migrate(db);
    node = await startNode(db);
  });
  afterAll(async () => {
    await node.close();
    await db.close();
  });
  const kept = async () =>
    (await db.run<{ n: number }>({ name: '', text: 'select count(*) as n from setting' }, []))[0]?.n ?? 0;
  const keep = (name: string) => ({
    name: '',
    text: `insert into setting (name, value) values ('${name}', '1')`,
  });

  test('lets statements and transactions read, and fails what writes with its reason', async () => {
    await db.run(keep('before'), []);
    shortage = 'the disk has only 7 bytes left';
    const before = await kept();
    await expect(db.run(keep('alone'), [])).rejects.toThrow(shortage);
    const works = [1, 2, 3].map(number => db.transaction(sql => sql.run(keep(`t${number}`), [])));
    for (const work of works) await expect(work).rejects.toThrow(shortage);
    const counted = db.transaction(sql => sql.run({ name: '', text: 'select 1 as one' }, []));
    expect(await counted).toEqual([{ one: 1 }]);
    expect(await kept()).toBe(before);
    shortage = null;
    await db.transaction(sql => sql.run(keep('after'), []));
    expect(await kept()).toBe(before + 1);
  });

  test('leaves people signed in whose session would be renewed', async () => {
    const setup = await node.server.inject({
      method: 'POST',
      url: '/api/setup',
      payload: { name: 'Ada', email: 'ada@acme.example', password: 'correct horse battery' },
    });
    expect(setup.statusCode).toBe(200);
    await db.script("update user_session set expires_at = expires_at - interval '20 days'");
    shortage = 'the disk has only 7 bytes left';
    const headers = { cookie: cookieOf(setup) };
    const session = await node.server.inject({ url: '/api/session', headers });
    expect(session.json()).toMatchObject({ user: { name: 'Ada' } });
    expect((await node.server.inject({ url: '/api/contacts', headers })).statusCode).toBe(200);
    const again = await node.server.inject({
      method: 'POST',
      url: '/api/sign-in',
      payload: { email: 'ada@acme.example', password: 'correct horse battery' },
    });
    expect(again.statusCode).toBe(503);
    expect(again.headers['retry-after']).toBeDefined();
    expect(again.json()).toMatchObject({ detail: 'The disk has only 7 bytes left.' });
    shortage = null;
    expect((await node.server.inject({ url: '/api/session', headers })).json()).toMatchObject({
      user: { name: 'Ada' },
    });
    expect(node.logged.filter(line => /database is away/.test(line))).toEqual([]);
  });
});

describe.skipIf(!canMount)('a disk that fills up (needs the right to mount)', () => {
  let server: Server;
  let taken = 0;
  beforeAll(async () => {
    ensureBuilt();
    server = await startBaton([], { ...settings, LOG_LEVEL: 'warn' });
    for (; taken < 3; taken++) expect((await send(server, taken)).status).toBe(200);
  }, 150_000);
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  });

  test('refuses what writes, in words, and goes on to answer what reads', async () => {
    expect((await call(server, '/readyz')).status).toBe(200);
    mount(250, 'remount');
    await until(async () => {
      const { status } = await send(server, taken);
      if (status === 200) taken += 1;
      return status !== 200;
    });
    expect(await send(server, 99)).toEqual({
      status: 503,
      message: expect.stringMatching(
        /^the disk of the data folder has only \d+ MB left; Baton stops taking writes below 256 MB and/,
      ),
    });
    const refused = await call(server, '/api/keys', { kind: 'server', name: 'Shop' });
    expect(refused.status).toBe(503);
    expect(problem.parse(refused.body)).toEqual({
      title: 'The database takes no writes at present',
      detail: expect.stringMatching(/^The disk of the data folder has only \d+ MB left; .*\.$/),
    });
    const ready = await call(server, '/readyz');
    expect(ready.status).toBe(503);
    expect(problem.parse(ready.body).detail).toMatch(/^The disk of the data folder has only \d+ MB left/);
    expect((await call(server, '/healthz')).status).toBe(200);
    const listed = await call(server, '/api/contacts');
    expect(contacts.parse(listed.body).items).toHaveLength(taken);
    const doctor = await call(server, '/api/doctor');
    expect(diagnosis.parse(doctor.body).checks).toContainEqual(
      expect.objectContaining({ name: 'disk', state: 'wrong', text: expect.stringMatching(/only \d+ MB/) }),
    );
    const lines = server.stderr().split('\n');
    expect(lines.filter(line => /"level":50,.*has only \d+ MB left/.test(line))).toHaveLength(1);
    expect(lines.length).toBeLessThan(20);
  }, 60_000);

  test('takes writes again once there is room, and has lost nothing', async () => {
    mount(800, 'remount');
    await until(async () => (await send(server, taken)).status === 200);
    taken += 1;
    expect((await call(server, '/readyz')).status).toBe(200);
    expect(contacts.parse((await call(server, '/api/contacts')).body).items).toHaveLength(taken);
    expect(server.stderr()).toMatch(/has room again/);
  }, 60_000);

  test('does not keep a server from stopping, and lets none start', async () => {
    mount(250, 'remount');
    await until(async () => (await call(server, '/readyz')).status === 503);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const inWords = async (command: Command) => {
      expect(await command.ended).toBe(1);
      return command.stderr() + command.stdout();
    };
    expect(await inWords(runBaton(['start', '--port', '0'], settings))).toMatch(
      /^the disk of the data .* MB/,
    );
    expect(await inWords(runBaton(['doctor'], settings))).toMatch(/^WRONG {4}disk: the disk of the data/m);
    mount(800, 'remount');
    server = await startBaton([], settings);
    expect(contacts.parse((await call(server, '/api/contacts')).body).items).toHaveLength(taken);
  }, 60_000);
});
