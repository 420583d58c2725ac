import { randomUUID } from 'node:crypto';
import { describe, test } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/driver/migrate.ts';
import { openPglite } from '../../src/db/driver/pglite.ts';
import { openPostgres } from '../../src/db/driver/postgres.ts';

/** A driver that a suite runs on, and how to open a fresh migrated database with it. */
export interface Driver {
  readonly name: 'pglite' | 'postgres';
  readonly open: () => Promise<Database>;
}

const url = process.env.DATABASE_URL;

/** The drivers to run a suite on: always PGlite, and PostgreSQL when DATABASE_URL names one. */
export const DRIVERS: readonly Driver[] = [
  { name: 'pglite', open: openMigratedPglite },
  ...(url === undefined || url === ''
    ? []
    : [{ name: 'postgres' as const, open: () => openMigratedPostgres(url) }]),
];

/** A suite that needs PostgreSQL; where DATABASE_URL names none it is shown as skipped. */
export function describeOnPostgres(name: string, suite: (driver: Driver) => void): void {
  const driver = DRIVERS.find(one => one.name === 'postgres');
  if (driver === undefined) test.skip(`${name}: DATABASE_URL names no server`, () => {});
  else describe(name, () => suite(driver));
}

async function openMigratedPglite(): Promise<Database> {
  const db = await openPglite(null);
  await migrate(db);
  return db;
}

/** Makes a database of its own on the server, which is dropped when it is closed. */
async function openMigratedPostgres(server: string): Promise<Database> {
  const name = `baton_${randomUUID().replaceAll('-', '')}`;
  const own = new URL(server);
  own.pathname = `/${name}`;
  await onServer(server, `create database ${name}`);
  const db = openPostgres(own.href, () => {});
  await migrate(db);
  return {
    ...db,
    close: async () => {
      await db.close();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(server: string, text: string): Promise<void> {
  const db = openPostgres(server, () => {});
  await db.script(text).finally(() => db.close());
}
