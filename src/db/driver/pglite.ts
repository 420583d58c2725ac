import { setImmediate as nextTurn } from 'node:timers/promises';
import { PGlite, type PGliteOptions, type Transaction } from '@electric-sql/pglite';
import { type Database, inTransaction, parseStamp, type Sql, TYPE_IDS } from '../database.ts';
import { seededMemory, unpackSeed } from './seed.ts';

const parsers = {
  [TYPE_IDS.timestamptz]: parseStamp,
  [TYPE_IDS.int8]: Number,
  [TYPE_IDS.numeric]: Number,
};
// Parameters arrive as text already; the driver must not write them again.
const serializers = { 114: String, 3802: String, [TYPE_IDS.timestamptz]: String };

/**
 * Memory that PostgreSQL takes for its cache as a whole when it starts. The usual 128 MB would be most of what a small
 * Baton needs, to keep what this process or the operating system has in memory anyway.
 */
const CACHE = ['shared_buffers=16MB'];
/** How many files it holds open, of as many as a process may have; without this it takes up to a thousand. */
const FILES = ['max_files_per_process=128'];
/** Of a database in memory nothing survives its process: its log need be neither safe against torn pages nor kept. */
const MEMORY_LOG = ['full_page_writes=off', 'min_wal_size=2MB', 'max_wal_size=8MB'];
/** The log consists of files of so many megabytes, made ahead as a whole; of 16 they would be most of an empty database. */
const LOG_FILE_MB = 1;

/** How much log may pile up before a checkpoint lets go of it, in bytes: what lies in memory is short of room. */
const LOG_BYTES = { memory: 4 * 2 ** 20, folder: 32 * 2 ** 20 } as const;
/** After how many pieces of work it is looked how much that is. */
const LOOK_EVERY = 64;

/** Opens PostgreSQL inside the process: in a folder, or in memory for null. A `seed` is the tar of a prepared data folder. */
export async function openPglite(folder: string | null, seed?: string): Promise<Database> {
  const db = await createPglite(folder, seed);
  await db.exec("set timezone = 'UTC'");
  return wrapPglite(db, folder === null ? 'memory' : 'folder');
}

/** The same without what makes a database of it. */
export async function createPglite(folder: string | null, seed?: string): Promise<PGlite> {
  const settings = [...CACHE, ...FILES, ...(folder === null ? MEMORY_LOG : [])];
  return PGlite.create({
    ...placeOf(folder, seed),
    parsers,
    serializers,
    initDbStartParams: [`--wal-segsize=${LOG_FILE_MB}`],
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap(setting => ['-c', setting])],
  });
}

function placeOf(folder: string | null, seed: string | undefined): PGliteOptions {
  if (folder === null) return seed === undefined ? {} : { fs: seededMemory(seed) };
  if (seed !== undefined) unpackSeed(seed, folder);
  return { dataDir: folder };
}

/**
 * Makes a database of an opened PGlite. It has one connection: transactions wait for each other. It works inside this
 * process and never waits for anything outside, so each statement gives the event loop a turn; else long work would keep
 * every page waiting.
 */
export function wrapPglite(db: PGlite, place: keyof typeof LOG_BYTES): Database {
  const keepUp = upkeepOf(db, LOG_BYTES[place]);
  const { run } = sqlOf(db);
  return {
    kind: 'pglite',
    run: async (statement, params) => {
      await keepUp();
      return run(statement, params);
    },
    script: async text => {
      await db.exec(text);
    },
    transaction: async work => {
      await keepUp();
      return db.transaction(transaction => inTransaction(sqlOf(transaction), work));
    },
    listen: (channel, { onMessage }) => db.listen(channel, onMessage),
    close: () => db.close(),
  };
}

/**
 * What makes checkpoints: PostgreSQL leaves that to a process of its own, which is not there inside this one, so that the
 * log would grow until the end. It goes before work rather than after it: what fails then has not been done.
 */
function upkeepOf(db: PGlite, most: number): () => Promise<void> {
  let works = 0;
  return async () => {
    works += 1;
    if (works % LOOK_EVERY !== 0) return;
    const { rows } = await db.query<{ readonly bytes: number }>(LOG_SINCE_CHECKPOINT);
    if ((rows[0]?.bytes ?? 0) > most) await db.exec('checkpoint');
  };
}

const LOG_SINCE_CHECKPOINT =
  'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()';

function sqlOf(client: Pick<PGlite | Transaction, 'query'>): Sql {
  return {
    run: async <Row>(statement: { readonly text: string }, params: readonly unknown[]) => {
      const { rows } = await client.query<Row>(statement.text, [...params]);
      await nextTurn();
      return rows;
    },
  };
}
