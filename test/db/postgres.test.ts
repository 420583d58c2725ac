import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { isAway } from '../../src/db/driver/fault.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';
import { openProxy } from '../world/proxy.ts';
import { describeOnPostgres } from './opened.ts';

/** Limits with which a test need not wait. */
const QUICK = {
  connectMs: 1_000,
  lockMs: 150,
  statementMs: 300,
  answerMs: 500,
  closeMs: 300,
  relistenMs: { first: 20, most: 80 },
};
const LOSSES = 20;

const none = { onMessage: () => {}, onGap: () => {} };
const run = <Row>(db: Pick<Database, 'run'>, text: string) => db.run<Row>({ name: '', text }, []);
const one = async (db: Database) => run<{ readonly one: number }>(db, 'select 1 as one');

describeOnPostgres('what becomes of lost connections', driver => {
  let overseer: Database;
  let url: string;
  let name: string;
  const opened = new Set<Database>();
  beforeAll(async () => {
    overseer = await driver.open();
    const [row] = await run<{ readonly name: string }>(overseer, 'select current_database()::text as name');
    name = row?.name ?? '';
    const own = new URL(process.env.DATABASE_URL ?? '');
    own.pathname = `/${name}`;
    url = own.href;
  });
  afterEach(async () => {
    await Promise.all([...opened].map(close));
  });
  afterAll(() => overseer.close());

  const open = (to = url, onLost: (error: Error) => void = () => {}) => {
    const db = openPostgres(to, onLost, QUICK);
    opened.add(db);
    return db;
  };
  const close = async (db: Database) => {
    opened.delete(db);
    await db.close();
  };
  /** The connections of others than this query's own. */
  const others = `from pg_stat_activity where datname = '${'$'}' and pid <> pg_backend_pid()`;
  const connections = async (kind = 'true') =>
    (
      await run<{ readonly n: number }>(
        overseer,
        `select count(*)::int as n ${others.replace('$', name)} and ${kind}`,
      )
    )[0]?.n ?? 0;
  const terminate = () =>
    run(overseer, `select pg_terminate_backend(pid) ${others.replace('$', name)} and state is not null`);

  test(`after ${LOSSES} losses under load there are as many connections as before, and it is heard as before`, async () => {
    const before = await connections();
    const db = open();
    let gaps = 0;
    const heard: string[] = [];
    await db.listen('chaos', { onMessage: text => heard.push(text), onGap: () => gaps++ });
    let isOver = false;
    const load = async () => {
      while (!isOver) {
        await Promise.all([
          one(db),
          db.transaction(sql => sql.run({ name: '', text: 'select 1' }, [])),
        ]).catch(() => {});
        await setTimeout(2);
      }
    };
    const loads = [load(), load(), load()];
    for (let loss = 0; loss < LOSSES; loss++) {
      await terminate();
      await expect.poll(() => gaps, { interval: 10 }).toBe(loss + 1);
    }
    isOver = true;
    await Promise.all(loads);
    expect(await connections(`query like 'listen%'`)).toBe(1);
    expect(await connections(`query = ''`)).toBe(0);
    await run(overseer, `select pg_notify('chaos', 'still there')`);
    await expect.poll(() => heard, { interval: 10 }).toEqual(['still there']);
    await close(db);
    await expect.poll(() => connections(), { interval: 20 }).toBeLessThanOrEqual(before);
  });

  test('it closes while it waits to listen again, and while it connects', async () => {
    const proxy = await openProxy(url);
    const db = open(proxy.url);
    const stop = await db.listen('chaos', none);
    proxy.cut();
    await setTimeout(50);
    await stop();
    proxy.mend();
    await setTimeout(120);
    expect(await connections(`query like 'listen%'`)).toBe(0);

    const again = await db.listen('chaos', none);
    proxy.cut();
    proxy.mend();
    proxy.swallow();
    await setTimeout(150);
    await again();
    await close(db);
    await proxy.close();
    expect(await connections(`query like 'listen%'`)).toBe(0);
  });

  test('a network that swallows packets is away within a bounded time, and back when it is mended', async () => {
    const proxy = await openProxy(url);
    const db = open(proxy.url);
    await one(db);
    proxy.swallow();
    const from = performance.now();
    const failures = await Promise.all(
      [
        one(db),
        db.transaction(sql => run(sql, 'select 1')),
        db.transaction(sql => run(sql, 'select 1'), { few: true }),
      ].map(work =>
        work.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    expect(failures.map(isAway)).toEqual([true, true, true]);
    expect(performance.now() - from).toBeLessThan(3 * (QUICK.answerMs + QUICK.connectMs));
    proxy.mend();
    expect(await one(db)).toEqual([{ one: 1 }]);
    await close(db);
    await proxy.close();
  });

  test('a locked table and a slow statement are away; long work may take its time', async () => {
    const db = open();
    await overseer.script('create table locked (id int)');
    let free = () => {};
    const isFree = new Promise<void>(resolve => {
      free = resolve;
    });
    let lock = Promise.resolve();
    await new Promise<void>(isLocked => {
      lock = overseer.transaction(async sql => {
        await run(sql, 'lock table locked');
        isLocked();
        await isFree;
      });
    });
    const failure = await run(db, 'select * from locked').catch((error: unknown) => error);
    expect([isAway(failure), failure]).toMatchObject([true, { code: '55P03' }]);
    const patient = db.transaction(sql => run(sql, 'select * from locked'), { long: true });
    await setTimeout(2 * QUICK.lockMs);
    free();
    await lock;
    expect(await patient).toEqual([]);
    const slow = await run(db, 'select pg_sleep(1)').catch((error: unknown) => error);
    expect([isAway(slow), slow]).toMatchObject([true, { code: '57014' }]);
    await db.transaction(sql => run(sql, `select pg_sleep(${(2 * QUICK.answerMs) / 1000})`), { long: true });
  });

  test('a connection that ends in the moment it is made ends nothing else', async () => {
    const peer = await openDyingPeer();
    const lost: string[] = [];
    const db = open(peer.url, error => lost.push(error.message));
    for (let round = 0; round < 3; round++) {
      await expect(db.transaction(sql => run(sql, 'select 1'))).rejects.toSatisfy(isAway);
      await expect(one(db)).rejects.toSatisfy(isAway);
    }
    expect(lost.length).toBeGreaterThan(0);
    await close(db);
    await peer.close();
  });

  test('PostgreSQL looks within a minute whether a node is still there, to free what it had locked', async () => {
    const [row] = await run<{ readonly seconds: number }>(
      open(),
      `select current_setting('tcp_keepalives_idle')::int
         + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int as seconds`,
    );
    expect(row?.seconds).toBeGreaterThan(0);
    expect(row?.seconds).toBeLessThanOrEqual(60);
  });
});

/** Something that speaks PostgreSQL well enough to let everybody in, and in the same breath sends them off. */
async function openDyingPeer(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const fatal = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
  const welcome = Buffer.concat([
    message('R', Buffer.alloc(4)),
    message('Z', Buffer.from('I')),
    message('E', Buffer.from(fatal)),
  ]);
  const server: Server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(welcome));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  return {
    url: `postgresql://nobody@127.0.0.1:${port}/none`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
