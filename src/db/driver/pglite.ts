import { setImmediate as nextTurn } from 'node:timers/promises';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { type Database, inTransaction, parseStamp, type Sql, TYPE_IDS } from '../database.ts';

const parsers = {
  [TYPE_IDS.timestamptz]: parseStamp,
  [TYPE_IDS.int8]: Number,
  [TYPE_IDS.numeric]: Number,
};
// Parameters arrive as text already; the driver must not write them again.
const serializers = { 114: String, 3802: String, [TYPE_IDS.timestamptz]: String };

/** Opens PostgreSQL inside the process: in a folder, or in memory for null. A `seed` is a prepared data folder. */
export async function openPglite(folder: string | null, seed?: Blob): Promise<Database> {
  const loadDataDir = seed === undefined ? {} : { loadDataDir: seed };
  const db = await PGlite.create({
    ...(folder === null ? {} : { dataDir: folder }),
    ...loadDataDir,
    parsers,
    serializers,
  });
  await db.exec("set timezone = 'UTC'");
  return wrapPglite(db);
}

/**
 * Makes a database of an opened PGlite. It has one connection: transactions wait for each other. It works inside this
 * process and never waits for anything outside, so each statement gives the event loop a turn; else long work would keep
 * every page waiting.
 */
export function wrapPglite(db: PGlite): Database {
  return {
    kind: 'pglite',
    run: sqlOf(db).run,
    script: async text => {
      await db.exec(text);
    },
    transaction: work => db.transaction(transaction => inTransaction(sqlOf(transaction), work)),
    listen: (channel, onMessage) => db.listen(channel, onMessage),
    close: () => db.close(),
  };
}

function sqlOf(client: Pick<PGlite | Transaction, 'query'>): Sql {
  return {
    run: async <Row>(statement: { readonly text: string }, params: readonly unknown[]) => {
      const { rows } = await client.query<Row>(statement.text, [...params]);
      await nextTurn();
      return rows;
    },
  };
}
