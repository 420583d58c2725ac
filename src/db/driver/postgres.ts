import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { type Database, inTransaction, parseStamp, type Sql, TYPE_IDS } from '../database.ts';
import { hasLostRace, hasYielded, repeat } from './fault.ts';
import { listen } from './listener.ts';

/** How many connections one node holds: intake, sweeps and pages together; two cores use no more. */
const MAX_CONNECTIONS = 12;
/** How many of them are for small transactions. */
const MAX_FOR_FEW = 3;

const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary') => {
    if (id === TYPE_IDS.timestamptz) return (text: string) => parseStamp(text);
    if (id === TYPE_IDS.int8 || id === TYPE_IDS.numeric) return Number;
    return pg.types.getTypeParser(id, format);
  },
};

// Compiling what is planned anew each time costs more than it saves: the check that no lead is lost took 3.4 s with it
// and 0.2 s without.
const COMMON = '-c timezone=UTC -c jit=off';
// A node whose machine is gone says nothing. PostgreSQL looks for it within a minute (it would after two hours), so that what
// its transactions had locked is free again: rows, and keys of writes that are repeated elsewhere.
const LOOK_FOR_NODE = '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3';
// Statements take arrays of any length: a plan made for few misleads for many. Measured with batches of 700 calls, finding
// who they are about took 240 ms by the generic plan and 13 ms by plans for the batch at hand.
const PLANS_OF_MANY = '-c plan_cache_mode=force_custom_plan';
// For few rows planning takes longer than running. A plan that is kept must be good for tables of any size, also one that
// was made when they were empty: by index, row after row.
const PLANS_OF_FEW =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** How long things may take, in milliseconds. */
export interface Limits {
  /** To get a connection, made or free. */
  readonly connectMs: number;
  /** To get a lock. */
  readonly lockMs: number;
  /** To run a statement; the slowest report over millions of events takes a few seconds. */
  readonly statementMs: number;
  /** To hear of a statement. A little longer: it ends only waits for a database that says nothing any more. */
  readonly answerMs: number;
  /** To close in order. */
  readonly closeMs: number;
  /** Before it is listened again on a connection that was lost: the first time and at most. */
  readonly relistenMs: { readonly first: number; readonly most: number };
}

const LIMITS: Limits = {
  connectMs: 5_000,
  lockMs: 10_000,
  statementMs: 15_000,
  answerMs: 18_000,
  closeMs: 2_000,
  relistenMs: { first: 500, most: 15_000 },
};
/** How long it is waited for a statement of long work, which no other limit ends, in milliseconds. */
const LONG_ANSWER_MS = 3_600_000;
/** How long a connection says nothing before it is asked whether the other side is there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** Opens PostgreSQL 15 or later by its URL. Connections are made when first needed; lost ones are replaced. */
export function openPostgres(url: string, onLost: (error: Error) => void, limits: Limits = LIMITS): Database {
  const sockets = new Set<Socket>();
  const config = {
    connectionString: url,
    application_name: 'baton',
    connectionTimeoutMillis: limits.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    query_timeout: limits.answerMs,
    types,
    // Statements that need nothing of each other are on their way together.
    pipeline: true,
    stream: () => {
      const socket = makeGatheringSocket();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  };
  const open = (max: number, plans: string) => {
    const times = `-c lock_timeout=${limits.lockMs} -c statement_timeout=${limits.statementMs}`;
    const pool = new pg.Pool({ ...config, max, options: `${COMMON} ${LOOK_FOR_NODE} ${times} ${plans}` });
    // For the life of each client: an error that nobody listens to would end the process, and the pool listens to idle
    // clients only. What it says of them, they have said themselves.
    pool.on('connect', client => client.on('error', onLost));
    pool.on('error', () => {});
    return pool;
  };
  const stops: (() => Promise<void>)[] = [];
  const pool = open(MAX_CONNECTIONS - MAX_FOR_FEW, PLANS_OF_MANY);
  const poolOfFew = open(MAX_FOR_FEW, PLANS_OF_FEW);
  return {
    kind: 'postgres',
    run: persistent(sqlOf(pool)).run,
    script: async text => {
      await pool.query(text);
    },
    transaction: (work, of) =>
      repeat(() => {
        if (of?.few === true) return transaction(poolOfFew, work, beginOfFew);
        return of?.long === true
          ? transaction(pool, work, () => BEGIN_LONG, LONG_ANSWER_MS)
          : transaction(pool, work, () => 'begin');
      }, hasLostRace),
    listen: async (channel, heard) => {
      const stop = await listen({ config, onLost, againMs: limits.relistenMs }, channel, heard);
      stops.push(stop);
      return stop;
    },
    close: async () => {
      const inOrder = Promise.all([...stops.map(stop => stop()), pool.end(), poolOfFew.end()]);
      await Promise.race([inOrder, setTimeout(limits.closeMs, undefined, { ref: false })]);
      for (const socket of sockets) socket.destroy();
    },
  };
}

const BEGIN_LONG = 'begin; set local statement_timeout = 0; set local lock_timeout = 0';

/**
 * How long plans for few rows are kept at first and at most, in milliseconds; each time they are made anew they are kept
 * twice as long. Tables grow, and what was good for an empty one is good no more; but one that has grown for an hour is
 * not another a moment later.
 */
const KEEP_PLANS_MS = { first: 10_000, most: 600_000 };
const planned = new WeakMap<pg.PoolClient, { readonly at: number; readonly keepMs: number }>();

function beginOfFew(client: pg.PoolClient): string {
  const now = performance.now();
  const last = planned.get(client);
  if (last !== undefined && now - last.at < last.keepMs) return 'begin';
  const keepMs = last === undefined ? KEEP_PLANS_MS.first : Math.min(2 * last.keepMs, KEEP_PLANS_MS.most);
  planned.set(client, { at: now, keepMs });
  return last === undefined ? 'begin' : 'discard plans; begin';
}

async function transaction<T>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<T>,
  begin: (client: pg.PoolClient) => string,
  answerMs?: number,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // It leaves together with the first statement, and fails only with the connection.
    const begun = client.query(begin(client));
    begun.catch(() => {});
    const result = await inTransaction(sqlOf(client, answerMs), work);
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error(String(lost));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Statements by themselves, each run again when it gave way to another: nobody else would do it. */
function persistent(sql: Sql): Sql {
  return { run: (statement, params) => repeat(() => sql.run(statement, params), hasYielded) };
}

/** A socket that writes at once what is written within one turn of the event loop: each write wakes both sides up. */
function makeGatheringSocket(): Socket {
  const socket = new Socket();
  const uncork = socket.uncork.bind(socket);
  socket.uncork = () => process.nextTick(uncork);
  return socket;
}

function sqlOf(client: Pick<pg.Pool | pg.PoolClient, 'query'>, answerMs?: number): Sql {
  return {
    run: async <Row>(
      statement: { readonly name: string; readonly text: string },
      params: readonly unknown[],
    ) => {
      const { rows } = await client.query({
        name: statement.name,
        text: statement.text,
        values: [...params],
        ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
      });
      const typed: readonly Row[] = rows;
      return typed;
    },
  };
}
