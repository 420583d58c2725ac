import { readdir, readFile } from 'node:fs/promises';
import { counted, listed } from '../../core/text/number.ts';
import type { Database, Sql } from '../database.ts';
import { statement } from '../database.ts';

const FOLDER = new URL('../migrations/', import.meta.url);

/** The advisory lock under which one node migrates while others wait: any number that nothing else uses. */
const LOCK = 4_800_001;

/** Other nodes wait until one has migrated, and an index of a large table takes its time. */
const LONG = { long: true };

const DONE = statement('list_migrations', { name: 'text' }, 'select name from migration order by name');
const ADD = statement('add_migration', {}, 'insert into migration (name) values ($1)');
const LOCKED = statement(
  'lock_migrations',
  { locked: 'bool' },
  'select pg_advisory_xact_lock($1) is null as locked',
);

/**
 * Brings the database up to the newest migration, each once, in order; returns the names of those it ran. Refuses a database
 * that a newer version has used: what this one would write might not be what that one reads.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const files = (await readdir(FOLDER)).filter(name => name.endsWith('.sql')).sort();
  await database.script(
    'create table if not exists migration (name text primary key, ran_at timestamptz not null default now())',
  );
  return database.transaction(async sql => {
    await LOCKED.rows(sql, LOCK);
    const done = new Set((await DONE.rows(sql)).map(({ name }) => name));
    const unknown = [...done].filter(name => !files.includes(name));
    if (unknown.length > 0) throw new Error(newerWords(unknown));
    const due = files.filter(name => !done.has(name));
    for (const name of due) {
      for (const part of splitStatements(await readFile(new URL(name, FOLDER), 'utf8'))) {
        await sql.run({ name: '', text: part }, []);
      }
      await ADD.rows(sql, name);
    }
    return due;
  }, LONG);
}

function newerWords(unknown: readonly string[]): string {
  const which = `${counted(unknown.length, 'migration')} that this version does not know (${listed(unknown, 'and')})`;
  return `a newer Baton has used it: it has ${which}. Start that version, or restore the backup from before the upgrade`;
}

const EXISTS = statement(
  'find_migrations',
  { exists: 'bool' },
  `select to_regclass('migration') is not null as "exists"`,
);

/** Which migrations a database lacks, and which it has that this program does not know; changes nothing. */
export async function compareMigrations(
  sql: Sql,
): Promise<{ readonly due: readonly string[]; readonly unknown: readonly string[] }> {
  const files = (await readdir(FOLDER)).filter(name => name.endsWith('.sql')).sort();
  const isThere = (await EXISTS.first(sql))?.exists === true;
  const done = isThere ? (await DONE.rows(sql)).map(({ name }) => name) : [];
  return {
    due: files.filter(name => !done.includes(name)),
    unknown: done.filter(name => !files.includes(name)),
  };
}

/** Splits a migration at the semicolons that end a line; migrations keep to that. */
function splitStatements(text: string): readonly string[] {
  return text
    .split(/;[ \t]*\n/)
    .map(part => part.trim())
    .filter(part => part.replace(/^--.*$/gm, '').trim() !== '');
}
