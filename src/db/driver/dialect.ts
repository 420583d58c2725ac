import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Sql } from '../database.ts';

/**
 * Lets the sign-in library, which writes its own queries by Kysely, run them on our database, whichever driver it has.
 * Instants go in and come out as Dates: it compares them with Dates. Transactions are refused.
 */
export function dialectOf(sql: Sql): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: query => execute(sql, query),
    streamQuery: () => {
      throw new Error('streaming is not offered to the sign-in library');
    },
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: refuseTransaction,
      commitTransaction: refuseTransaction,
      rollbackTransaction: refuseTransaction,
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Every call of the library that we use is one statement; what takes more is a statement of our own. */
async function refuseTransaction(): Promise<never> {
  throw new Error('transactions are not offered to the sign-in library');
}

async function execute<Row>(sql: Sql, query: CompiledQuery): Promise<QueryResult<Row>> {
  const params = query.parameters.map(value => (value instanceof Date ? value.toISOString() : value));
  const rows = await sql.run<Row>({ name: '', text: query.sql }, params);
  for (const row of rows) datesOf(row);
  return { rows: [...rows] };
}

/** Our drivers give instants as epoch milliseconds; in the sign-in tables exactly the columns named `*_at` are instants. */
function datesOf(row: unknown): void {
  if (typeof row !== 'object' || row === null) return;
  for (const [name, value] of Object.entries(row)) {
    if (name.endsWith('_at') && typeof value === 'number') Reflect.set(row, name, new Date(value));
  }
}
