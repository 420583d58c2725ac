import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { statements } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { wrapPglite } from '../../src/db/pglite.ts';

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
  3802: 'jsonb',
};

await Promise.all(Object.values(import.meta.glob('../../src/db/*.ts')).map(load => load()));

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await migrate(wrapPglite(db));
});
afterAll(() => db.close());

test('there are statements to check', () => {
  expect(statements.size).toBeGreaterThan(20);
});

test.each([...statements.values()].map(statement => ({ name: statement.name, statement })))(
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
