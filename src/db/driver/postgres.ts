import { Socket } from 'node:net';
import pg from 'pg';
import { type Database, inTransaction, parseStamp, type Sql, TYPE_IDS } from '../database.ts';
import { hasLostRace, hasYielded, repeat } from './fault.ts';

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
// Statements take arrays of any length: a plan made for few misleads for many. Measured with batches of 700 calls, finding
// who they are about took 240 ms by the generic plan and 13 ms by plans for the batch at hand.
const PLANS_OF_MANY = '-c plan_cache_mode=force_custom_plan';
// For few rows planning takes longer than running. A plan that is kept must be good for tables of any size, also one that
// was made when they were empty: by index, row after row.
const PLANS_OF_FEW =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Opens PostgreSQL 15 or later by its URL. Connections are made when first needed; lost ones are replaced. */
export function openPostgres(url: string, onLost: (error: Error) => void): Database {
  const config = {
    connectionString: url,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    types,
    // Statements that need nothing of each other are on their way together.
    pipeline: true,
    stream: makeGatheringSocket,
  };
  const open = (max: number, plans: string) => {
    const pool = new pg.Pool({ ...config, max, options: `${COMMON} ${plans}` });
    pool.on('error', onLost);
    return pool;
  };
  const pool = open(MAX_CONNECTIONS - MAX_FOR_FEW, PLANS_OF_MANY);
  const poolOfFew = open(MAX_FOR_FEW, PLANS_OF_FEW);
  return {
    kind: 'postgres',
    run: persistent(sqlOf(pool)).run,
    script: async text => {
      await pool.query(text);
    },
    transaction: (work, of) =>
      repeat(
        () =>
          of?.few === true
            ? transaction(poolOfFew, work, { onLost, begin: beginOfFew })
            : transaction(pool, work, { onLost, begin: () => 'begin' }),
        hasLostRace,
      ),
    listen: (channel, onMessage) => listen({ config, onLost }, channel, onMessage),
    close: async () => {
      await Promise.all([pool.end(), poolOfFew.end()]);
    },
  };
}

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
  {
    onLost,
    begin,
  }: { readonly onLost: (error: Error) => void; readonly begin: (client: pg.PoolClient) => string },
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only; an error that nobody listens to would end the process.
  client.on('error', onLost);
  try {
    // It leaves together with the first statement, and fails only with the connection.
    const begun = client.query(begin(client));
    begun.catch(() => {});
    const result = await inTransaction(sqlOf(client), work);
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error(String(lost));
    });
    throw error;
  } finally {
    client.off('error', onLost);
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

function sqlOf(client: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql {
  return {
    run: async <Row>(
      statement: { readonly name: string; readonly text: string },
      params: readonly unknown[],
    ) => {
      const { rows } = await client.query({
        name: statement.name,
        text: statement.text,
        values: [...params],
      });
      const typed: readonly Row[] = rows;
      return typed;
    },
  };
}

/** How long to wait before listening again on a lost connection, in milliseconds. */
const RELISTEN_MS = 1000;

async function listen(
  from: { readonly config: pg.ClientConfig; readonly onLost: (error: Error) => void },
  channel: string,
  onMessage: (payload: string) => void,
): Promise<() => Promise<void>> {
  let isClosed = false;
  let client: pg.Client | null = null;
  const connect = async () => {
    client = new pg.Client(from.config);
    client.on('notification', message => onMessage(message.payload ?? ''));
    client.on('error', error => {
      from.onLost(error);
      client = null;
      retry();
    });
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
  };
  const retry = () => {
    if (!isClosed) setTimeout(() => connect().catch(retry), RELISTEN_MS).unref();
  };
  await connect();
  return async () => {
    isClosed = true;
    await client?.end();
  };
}
