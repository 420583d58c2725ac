import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, statements } from '../../src/db/database.ts';
import { migrate } from '../../src/db/driver/migrate.ts';
import { wrapPglite } from '../../src/db/driver/pglite.ts';
import { DRIVERS } from './opened.ts';

/** The database's object ids of the column types that statements may declare. */
const TYPES: Readonly<Record<number, string>> = {
  16: 'bool',
  20: 'int8',
  23: 'int4',
  25: 'text',
  701: 'float8',
  1009: 'text[]',
  1184: 'timestamptz',
  1700: 'numeric',
  2950: 'uuid',
  114: 'json',
  3802: 'jsonb',
  17: 'bytea',
};

await Promise.all(Object.values(import.meta.glob('../../src/db/**/*.ts')).map(load => load()));

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await migrate(wrapPglite(db, 'memory'));
});
afterAll(() => db.close());

test('there are statements to check', () => {
  expect(statements.size).toBeGreaterThan(20);
});

const STATEMENTS = [...statements.values()].map(statement => ({ name: statement.name, statement }));

test.each(STATEMENTS)(
  'statement $name declares the columns that the database gives',
  async ({ statement }) => {
    const { resultFields } = await db.describeQuery(statement.text);
    const given = resultFields.map(({ name, dataTypeID }) => [
      name,
      TYPES[dataTypeID] ?? `type ${dataTypeID}`,
    ]);
    const declared = Object.entries(statement.columns).map(([name, type]) => [name, type.replace(/\?$/, '')]);
    expect(given).toEqual(declared);
  },
);

// PGlite is PostgreSQL 18; older servers must understand the same text.
describe.each(DRIVERS.filter(({ name }) => name === 'postgres'))('on $name', ({ open }) => {
  let server: Database;
  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server.close());

  test.each(STATEMENTS)('statement $name is understood', async ({ statement }) => {
    await server.script(`prepare checked as ${statement.text}; deallocate checked`);
  });
});
