import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { createPglite, openPglite } from '../../src/db/driver/pglite.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-pglite-'));
const seed = join(folder, 'seed.tar');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const numbers = (db: Database) => db.run<{ n: number }>({ name: '', text: 'select n from kept' }, []);

beforeAll(async () => {
  const db = await createPglite(null);
  await db.exec('create table kept (n int); insert into kept values (7); checkpoint');
  writeFileSync(seed, Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()));
  await db.close();
});

describe('a prepared data folder', () => {
  test('a database in memory begins with it', async () => {
    const db = await openPglite(null, seed);
    expect(await numbers(db)).toEqual([{ n: 7 }]);
    await db.script('insert into kept values (8)');
    expect(await numbers(db)).toHaveLength(2);
    await db.close();
  });

  test('a folder begins with it, whatever a process that was killed left of it, and keeps what is written then', async () => {
    const data = join(folder, 'pgdata');
    mkdirSync(`${data}.new/base`, { recursive: true });
    writeFileSync(`${data}.new/PG_VERSION`, 'half');
    const db = await openPglite(data, seed);
    expect(existsSync(`${data}.new`)).toBe(false);
    await db.script('insert into kept values (8)');
    await db.close();
    const again = await openPglite(data);
    expect(await numbers(again)).toEqual([{ n: 7 }, { n: 8 }]);
    await again.close();
  });
});

test.each([
  { place: 'memory', data: null },
  { place: 'a folder', data: join(folder, 'written') },
])(
  'the log of a database in $place does not pile up',
  async ({ data }) => {
    const db = await openPglite(data, seed);
    await db.script('create table filler (text text)');
    const one = async (text: string) => (await db.run<{ mb: number }>({ name: '', text }, []))[0]?.mb ?? 0;
    const since = (start: string) =>
      `select (pg_wal_lsn_diff(pg_current_wal_insert_lsn(), ${start}) / 1048576)::float8 as mb`;
    const before = await one(since("'0/0'"));
    const text = "insert into filler select repeat('x', 8000) from generate_series(1, 60)";
    await db.script('alter table filler alter text set storage plain');
    for (let count = 0; count < 130; count++) await db.transaction(sql => sql.run({ name: '', text }, []));
    expect((await one(since("'0/0'"))) - before).toBeGreaterThan(50);
    expect(await one(`${since('redo_lsn')} from pg_control_checkpoint()`)).toBeLessThan(16);
    await db.close();
  },
  60_000,
);
