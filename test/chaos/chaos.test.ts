import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { describeOnPostgres } from '../db/opened.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import { ensureBuilt, startBaton } from '../world/process.ts';

/** How often each kind of trouble happens: a few times in CI, more when asked. */
const ROUNDS = Number(process.env.BATON_CHAOS ?? '4');
/** A server that is told to stop has ended after this long, in ms, whatever hangs. */
const STOP_MS = 10_000;
/** How many connections a process may open in the test of descriptors; the strangers open twice as many. */
const DESCRIPTORS = 256;

const KEYS = {
  BATON_WRITE_KEY: 'server-write-key-0001',
  BATON_PUBLIC_WRITE_KEY: 'public-write-key-0001',
  BATON_ADMIN_KEY: 'admin-api-key-000001',
};
const bearer = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

type Server = Awaited<ReturnType<typeof startBaton>>;

const folder = mkdtempSync(join(tmpdir(), 'baton-chaos-'));
const agreement = join(folder, 'agreement.json');
beforeAll(() => {
  ensureBuilt();
  writeFileSync(agreement, JSON.stringify(DATED));
}, 150_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started: Server[] = [];
afterEach(() => {
  for (const server of started.splice(0)) server.child.kill('SIGKILL');
});

/** Starts a server that does not outlive its test. */
async function start(
  settings: Readonly<Record<string, string>>,
  prefix: readonly string[] = [],
): Promise<Server> {
  const server = await startBaton(['--agreement', agreement], { ...KEYS, ...settings }, prefix);
  started.push(server);
  return server;
}

/** Rules that read a date which a contact brings along: in both directions, so that far ones change a score some day. */
const DATED = {
  ...AGREEMENT,
  rules: [
    ...AGREEMENT.rules,
    {
      id: 'renewal',
      label: 'Renewal near',
      score: 'fit',
      points: 7,
      when: { 'contact.trialEndsAt': { within: '30d' } },
    },
  ],
};

/** Sends a call; null where nothing answered. */
async function send(url: string, path: string, body: object, key: string, more: object = {}) {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...bearer(key), ...more },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  }).catch(() => null);
  if (answer === null) return null;
  return { status: answer.status, text: await answer.text().catch(() => '') };
}

const lead = (userId: string) => ({
  batch: [
    {
      type: 'identify',
      messageId: `${userId}-1`,
      userId,
      traits: { name: userId, email: `${userId}@firm.example`, title: 'VP' },
    },
    { type: 'track', messageId: `${userId}-2`, userId, event: 'Demo Requested' },
  ],
});

/** Clients that send new leads and repeat what was not answered; gives how many were acknowledged. */
function startLoad(url: string) {
  let acknowledged = 0;
  let isOver = false;
  const client = async (name: number) => {
    for (let number = 0; !isOver; number++) {
      while ((await send(url, '/v1/batch', lead(`c${name}-${number}`), KEYS.BATON_WRITE_KEY))?.status !== 200)
        await setTimeout(25);
      acknowledged += 1;
    }
  };
  const clients = [1, 2, 3].map(client);
  return async () => {
    isOver = true;
    await Promise.all(clients);
    return acknowledged;
  };
}

/** Tells a server to stop; gives its exit code and how long it took, in ms. */
async function stop(
  server: Server,
): Promise<{ readonly code: number | NodeJS.Signals; readonly ms: number }> {
  const from = performance.now();
  server.child.kill('SIGTERM');
  const code = await server.ended;
  return { code, ms: performance.now() - from };
}

/** Opens connections that say what they are given and then nothing. */
function openSilent(url: string, count: number, text = ''): readonly Socket[] {
  const { hostname, port } = new URL(url);
  return Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('error', () => {});
    return socket;
  });
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
  return answer?.status === 200;
}

describeOnPostgres('a database that comes and goes', driver => {
  let db: Database;
  let own: URL;
  let overseer: Database;
  const rows = <Row>(on: Database, text: string) => on.run<Row>({ name: '', text }, []);
  beforeAll(async () => {
    db = await driver.open();
    const [row] = await rows<{ readonly name: string }>(db, 'select current_database()::text as name');
    own = new URL(process.env.DATABASE_URL ?? '');
    overseer = openPostgres(own.href, () => {});
    own.pathname = `/${row?.name}`;
  });
  afterAll(async () => {
    await overseer.close();
    await db.close();
  });

  const name = () => own.pathname.slice(1);
  const connections = async () =>
    (
      await rows<{ readonly n: number }>(
        overseer,
        `select count(*)::int as n from pg_stat_activity where datname = '${name()}' and backend_type = 'client backend'`,
      )
    )[0]?.n ?? 0;
  /** What a fast restart does: every connection ends, and none is let in for a while. */
  const restart = async () => {
    await overseer.script(`alter database ${name()} allow_connections false`);
    await overseer.script(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}' and pid <> pg_backend_pid()`,
    );
    await setTimeout(200);
    await overseer.script(`alter database ${name()} allow_connections true`);
  };

  test(`${ROUNDS} restarts under load lose nothing, leave no connection behind, and do not hold up the end`, {
    timeout: 60_000 + ROUNDS * 10_000,
  }, async () => {
    const server = await start({ DATABASE_URL: own.href });
    const endLoad = startLoad(server.url);
    await setTimeout(500);
    for (let round = 0; round < ROUNDS; round++) {
      await restart();
      await expect.poll(() => isReady(server.url), { timeout: 10_000 }).toBe(true);
      await setTimeout(300);
    }
    const acknowledged = await endLoad();
    expect(acknowledged).toBeGreaterThan(ROUNDS);
    await setTimeout(1_500);
    // The pools' twelve, one that listens, and one of this test.
    expect(await connections()).toBeLessThanOrEqual(14);
    const ended = await stop(server);
    expect([ended.code, ended.ms < STOP_MS]).toEqual([0, true]);
    await expect.poll(connections, { timeout: 5_000 }).toBeLessThanOrEqual(1);
    const [stored] = await rows<{ readonly n: number }>(db, 'select count(*)::int as n from event');
    expect(stored?.n).toBe(acknowledged);
  });
});

const places = [
  {
    name: 'the embedded database',
    settings: async () => ({ BATON_DATA_DIR: mkdtempSync(join(folder, 'd-')) }),
  },
] as const;

describe.each(places)('strangers before a server on $name', place => {
  test('connections that say nothing take no descriptor that is needed, and do not hold up the end', {
    timeout: 60_000,
  }, async () => {
    const server = await startBaton(['--agreement', agreement], { ...KEYS, ...(await place.settings()) }, [
      'prlimit',
      `--nofile=${DESCRIPTORS}`,
    ]);
    expect((await send(server.url, '/v1/batch', lead('before'), KEYS.BATON_WRITE_KEY))?.status).toBe(200);
    const silent = openSilent(server.url, 2 * DESCRIPTORS);
    await setTimeout(1_500);
    expect(server.child.exitCode).toBe(null);
    for (const socket of silent) socket.destroy();
    for (let number = 0; number < 5; number++)
      expect(
        (await send(server.url, '/v1/batch', lead(`after-${number}`), KEYS.BATON_WRITE_KEY))?.status,
      ).toBe(200);
    const left = [
      ...openSilent(server.url, 5),
      ...openSilent(server.url, 5, 'POST /v1/batch HTTP/1.1\r\nhost: '),
      ...openSilent(
        server.url,
        5,
        'POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"batch',
      ),
    ];
    await setTimeout(200);
    const ended = await stop(server);
    for (const socket of left) socket.destroy();
    expect([ended.code, ended.ms < STOP_MS]).toEqual([0, true]);
  });

  test('the public key stops the clock for nobody, and a doubled key does its work once', {
    timeout: 60_000,
  }, async () => {
    const server = await start(await place.settings());
    const far = ['9999-12-31', '9999-12-31T23:59:59-23:59', '-271821-04-20T00:00:00Z', 8.64e15, 1e308];
    for (const [index, date] of far.entries()) {
      const call = {
        messageId: `far-${index}`,
        anonymousId: `a${index}`,
        traits: { trialEndsAt: date, createdAt: date },
      };
      for (const key of [KEYS.BATON_PUBLIC_WRITE_KEY, KEYS.BATON_WRITE_KEY])
        expect(
          (await send(server.url, '/v1/identify', { ...call, messageId: `${key}-${index}` }, key))?.status,
        ).toBe(200);
    }
    const user = { name: 'Ann Lee', email: 'ann@acme.example', role: 'rep' };
    const once = { 'idempotency-key': 'one' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send(server.url, '/api/users', user, KEYS.BATON_ADMIN_KEY, once)),
    );
    expect(answers.filter(answer => answer?.status === 200)).toHaveLength(1);
    expect(answers.every(answer => answer?.status === 200 || answer?.status === 409)).toBe(true);
    const doctor = z
      .object({ checks: z.array(z.object({ name: z.string(), state: z.string(), text: z.string() })) })
      .parse(
        await (await fetch(`${server.url}/api/doctor`, { headers: bearer(KEYS.BATON_ADMIN_KEY) })).json(),
      );
    expect(doctor.checks.filter(({ state }) => state === 'wrong')).toEqual([]);
    expect((await stop(server)).code).toBe(0);
  });
});
