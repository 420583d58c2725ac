import pg from 'pg';
import { type Database, parseStamp, type Sql, TYPE_IDS } from './database.ts';

/** How many connections one node holds: intake, sweeps and pages together; two cores use no more. */
const MAX_CONNECTIONS = 12;

const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary') => {
    if (id === TYPE_IDS.timestamptz) return (text: string) => parseStamp(text);
    if (id === TYPE_IDS.int8 || id === TYPE_IDS.numeric) return Number;
    return pg.types.getTypeParser(id, format);
  },
};

/** Opens PostgreSQL 15 or later by its URL. Connections are made when first needed; lost ones are replaced. */
export function openPostgres(url: string, onLost: (error: Error) => void): Database {
  const config = {
    connectionString: url,
    max: MAX_CONNECTIONS,
    types,
    // Statements take arrays of any length: a plan made for few misleads for many. Measured with batches of 700 calls,
    // finding who they are about took 240 ms by the generic plan and 13 ms by plans for the batch at hand.
    // Compiling what is planned anew each time costs more than it saves: the check that no lead is lost took 3.4 s with
    // it and 0.2 s without.
    options: '-c timezone=UTC -c plan_cache_mode=force_custom_plan -c jit=off',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  };
  const pool = new pg.Pool(config);
  pool.on('error', onLost);
  return {
    kind: 'postgres',
    run: sqlOf(pool).run,
    script: async text => {
      await pool.query(text);
    },
    transaction: async work => {
      const client = await pool.connect();
      let broken: Error | undefined;
      // The pool listens to idle connections only; an error that nobody listens to would end the process.
      client.on('error', onLost);
      try {
        await client.query('begin');
        const result = await work(sqlOf(client));
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
    },
    listen: (channel, onMessage) => listen({ config, onLost }, channel, onMessage),
    close: () => pool.end(),
  };
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
