import type { DuckDBConnection } from '@duckdb/node-api';
import type { Columns } from './column.ts';
import { type Crossings, KINDS, LINE } from './crossing.ts';
import { messageOf } from './word.ts';

type Library = typeof import('@duckdb/node-api');

/** The rows in DuckDB's memory, and the question asked of them. */
export interface Duck {
  /** How many contacts cross the line at all, and the sum of the instants at which they first do. */
  readonly findCrossings: () => Promise<{ readonly contacts: number; readonly sum: number }>;
  /** When each of the first contacts crosses. */
  readonly crossingsOf: (contacts: number) => Promise<Crossings>;
  readonly close: () => void;
}

/** The rows that DuckDB takes in one chunk. */
const CHUNK_ROWS = 2_048;

/**
 * First crossings by a running sum over each contact, nothing fading. Frames of rows and of times give the same
 * instants, since no points are negative; rows are quicker.
 */
const FIRST_CROSSINGS = `
  select contact, min(instant) as first
  from (
    select contact, instant, sum(points) over (partition by contact order by instant rows unbounded preceding) as total
    from event
  )
  where total >= ${LINE}
  group by contact`;

/** The library, or in words why this machine cannot load it: it is native, and not built for every machine. */
export async function openDuck(): Promise<Library | string> {
  return import('@duckdb/node-api').catch(messageOf);
}

/** Loads the rows into a DuckDB in memory with two threads. */
export async function loadDuck(library: Library, columns: Columns): Promise<Duck> {
  const { DuckDBInstance } = library;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(
    'create table event (contact uinteger not null, instant double not null, points utinyint not null)',
  );
  await append(library, connection, columns);
  return {
    findCrossings: async () => {
      const reader = await connection.runAndReadAll(
        `select count(*)::double, coalesce(sum(first), 0)::double from (${FIRST_CROSSINGS})`,
      );
      const [[contacts, sum] = []] = reader.getRows();
      return { contacts: Number(contacts), sum: Number(sum) };
    },
    crossingsOf: async count => {
      const reader = await connection.runAndReadAll(`${FIRST_CROSSINGS} having contact < ${count}`);
      const crossings = new Float64Array(count).fill(Number.NaN);
      for (const [contact, at] of reader.getRows()) crossings[Number(contact)] = Number(at);
      return crossings;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function append(library: Library, connection: DuckDBConnection, columns: Columns): Promise<void> {
  const { DuckDBDataChunk, DOUBLE, UINTEGER, UTINYINT } = library;
  const { offsets, at, kind } = columns;
  const appender = await connection.createAppender('event');
  const points = Uint8Array.from(KINDS, ({ points }) => points);
  let contact = 0;
  for (let start = 0; start < at.length; start += CHUNK_ROWS) {
    const end = Math.min(start + CHUNK_ROWS, at.length);
    const contacts: number[] = [];
    for (let row = start; row < end; row++) {
      while ((offsets[contact + 1] ?? Number.POSITIVE_INFINITY) <= row) contact += 1;
      contacts.push(contact);
    }
    const chunk = DuckDBDataChunk.create([UINTEGER, DOUBLE, UTINYINT]);
    const kinds = Array.from(kind.subarray(start, end), number => points[number] ?? 0);
    chunk.setColumns([contacts, Array.from(at.subarray(start, end)), kinds]);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
