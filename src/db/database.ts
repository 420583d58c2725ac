import { formatInstant } from '../core/time/instant.ts';

/** A value of a row, as both drivers are set to give it: instants as epoch ms, int8 and numeric as numbers. */
interface ColumnTypes {
  text: string;
  uuid: string;
  int4: number;
  int8: number;
  float8: number;
  numeric: number;
  bool: boolean;
  timestamptz: number;
  json: unknown;
  jsonb: unknown;
  bytea: Uint8Array;
  'text[]': readonly string[];
}

/** A column's database type; a trailing `?` says it may be null. */
export type Column = keyof ColumnTypes | `${keyof ColumnTypes}?`;

/** The row type that a statement's columns declare. */
export type RowOf<Columns extends Readonly<Record<string, Column>>> = {
  readonly [Name in keyof Columns]: Columns[Name] extends `${infer Base extends keyof ColumnTypes}?`
    ? ColumnTypes[Base] | null
    : Columns[Name] extends keyof ColumnTypes
      ? ColumnTypes[Columns[Name]]
      : never;
};

/** What can run statements: a transaction, or the database outside one. */
export interface Sql {
  readonly run: <Row>(
    statement: { readonly name: string; readonly text: string },
    params: readonly unknown[],
  ) => Promise<readonly Row[]>;
}

/** How much room the disk of an embedded database has. */
export interface Disk {
  /** Bytes that are free, as last seen; null where the system does not say. */
  readonly freeBytes: () => number | null;
  /** Why nothing is written at present, in words; null while there is room. */
  readonly shortage: () => string | null;
}

/** What is done with what is heard on a channel. */
export interface Heard {
  readonly onMessage: (payload: string) => void;
  /** It listens again after the connection was lost: what was sent meanwhile was not heard. */
  readonly onGap: () => void;
}

export interface Database extends Sql {
  readonly kind: 'pglite' | 'postgres';
  /** The database that this is an open transaction of; missing on a database itself. */
  readonly origin?: Database;
  /** Runs several statements that take no parameters, such as a migration. */
  readonly script: (text: string) => Promise<void>;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects, and run again when it lost a
   * race against another one, so that it must do nothing but run statements. Statements started together are run in the
   * order in which they were started. Of `few` rows each, they are spared being planned anew every time. `long` work may
   * have statements that take minutes, and wait for a lock as long as it takes.
   */
  readonly transaction: <T>(
    work: (sql: Sql) => Promise<T>,
    of?: { readonly few?: boolean; readonly long?: boolean },
  ) => Promise<T>;
  /** Listens to the notifications on a channel until the returned function is called. */
  readonly listen: (channel: string, heard: Heard) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
  /** The disk of an embedded database that lies in a folder: while it is short of room, writes are refused. */
  readonly disk?: Disk;
}

/** Says only that a statement before it has failed. */
const ABORTED = '25P02';

/**
 * Does the work of a transaction. It fails with what failed first: statements that were started beside it only say that
 * something did. Nothing that still goes on beside it runs a statement once it is over.
 */
export async function inTransaction<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  let isOver = false;
  const failed: unknown[] = [];
  const watched: Sql = {
    run: async (statement, params) => {
      if (isOver) throw new Error('the transaction is over');
      try {
        return await sql.run(statement, params);
      } catch (error) {
        failed.push(error);
        throw error;
      }
    },
  };
  try {
    return await work(watched);
  } catch (error) {
    const isEcho = error instanceof Error && 'code' in error && error.code === ABORTED;
    throw isEcho ? failed[0] : error;
  } finally {
    isOver = true;
  }
}

/**
 * Runs `work` in one transaction, however many it opens: on a database whose transactions are all this one. One of them
 * that fails takes the whole with it, also where its failure is caught.
 */
export function joinTransactions<T>(db: Database, work: (joined: Database) => Promise<T>): Promise<T> {
  return db.transaction(async sql => {
    const failed: unknown[] = [];
    const join = async <R>(part: (sql: Sql) => Promise<R>): Promise<R> => {
      try {
        return await inTransaction(sql, part);
      } catch (error) {
        failed.push(error);
        throw error;
      }
    };
    const done = await work({ ...db, origin: db.origin ?? db, run: sql.run, transaction: join });
    if (failed.length > 0) throw failed[0];
    return done;
  });
}

/** A named statement whose columns are declared and checked against the migrated schema by a test. */
interface Statement<Columns extends Readonly<Record<string, Column>>> {
  readonly name: string;
  readonly text: string;
  readonly columns: Columns;
  /** Runs the statement and returns its rows. */
  readonly rows: (sql: Sql, ...params: readonly unknown[]) => Promise<readonly RowOf<Columns>[]>;
  /** Runs the statement and returns its first row; null when there is none. */
  readonly first: (sql: Sql, ...params: readonly unknown[]) => Promise<RowOf<Columns> | null>;
}

/** Every statement of the program, by name; filled as modules load, read by the test that checks them. */
export const statements = new Map<string, Statement<Readonly<Record<string, Column>>>>();

/**
 * Declares a statement. Instants go in as ISO text (see `stamp`) and come out as epoch milliseconds.
 *
 * @example const COUNT = statement('count_contacts', { n: 'int8' }, 'select count(*) as n from contact')
 */
export function statement<const Columns extends Readonly<Record<string, Column>>>(
  name: string,
  columns: Columns,
  text: string,
): Statement<Columns> {
  if (statements.has(name)) throw new Error(`two statements are named ${name}`);
  const rows = (sql: Sql, ...params: readonly unknown[]) => sql.run<RowOf<Columns>>({ name, text }, params);
  const made: Statement<Columns> = {
    name,
    text,
    columns,
    rows,
    first: async (sql, ...params) => (await rows(sql, ...params))[0] ?? null,
  };
  statements.set(name, { name, text, columns, rows: made.rows, first: made.first });
  return made;
}

/** Epoch milliseconds as a timestamptz parameter, within what the type holds. */
export function stamp(at: number): string {
  return formatInstant(at);
}

/** The same for a value that may be null. */
export function stampOrNull(at: number | null): string | null {
  return at === null ? null : stamp(at);
}

/**
 * The pattern of `like` for texts that contain `part`, whose own wildcards mean nothing; null for null.
 *
 * @example likePart('50%') // '%50\\%%'
 */
export function likePart(part: string | null): string | null {
  return part === null ? null : `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}

/** What jsonb cannot hold, as JSON escapes: NUL, and halves of surrogate pairs. An escaped backslash is matched to be kept. */
const UNSTORABLE = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

/**
 * Plain data as a jsonb parameter. Characters that PostgreSQL cannot store are replaced, so that no call can poison a
 * batch: NUL is taken out, half a surrogate pair becomes U+FFFD.
 *
 * @example json('a\u0000b') // '"ab"'
 */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null).replace(UNSTORABLE, found => {
    if (found === '\\\\') return found;
    return found === '\\u0000' ? '' : '\ufffd';
  });
}

/** Reads the text form of a timestamptz in UTC (`2026-03-01 10:00:00.123+00`) into epoch milliseconds. */
export function parseStamp(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').replace(/\+00$/, '')}Z`);
}

/** Object ids of the types whose text form needs its own reading. */
export const TYPE_IDS = { int8: 20, timestamptz: 1184, numeric: 1700 } as const;
