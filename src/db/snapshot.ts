import type { Database, Sql } from './database.ts';

/**
 * Runs statements that only read on the database as it is at one moment: what is committed meanwhile (contacts being
 * joined, say) shows in all of them or in none.
 */
export function readTogether<T>(db: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return db.transaction(async sql => {
    await sql.run({ name: '', text: 'set transaction isolation level repeatable read, read only' }, []);
    return work(sql);
  });
}
