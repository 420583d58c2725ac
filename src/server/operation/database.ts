import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { migrate } from '../../db/driver/migrate.ts';
import { openPglite } from '../../db/driver/pglite.ts';
import { openPostgres } from '../../db/driver/postgres.ts';
import type { Settings } from '../../loop/settings.ts';
import { lockFolder } from './folderlock.ts';

/** Opens the database that the settings name and brings it up to date; an embedded folder is locked until it closes. */
export async function openDatabase(settings: Settings, log: Logger): Promise<Database> {
  if (settings.DATABASE_URL !== undefined) {
    const database = openPostgres(settings.DATABASE_URL, error =>
      log.warn({ reason: error.message }, 'a database connection was lost'),
    );
    return migrated(database);
  }
  const unlock = lockFolder(settings.BATON_DATA_DIR);
  try {
    const folder = join(settings.BATON_DATA_DIR, 'pgdata');
    const database = await migrated(await openPglite(folder, existsSync(folder) ? undefined : seed()));
    return {
      ...database,
      close: async () => {
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Brings a database up to date; one that cannot be is closed. */
async function migrated(database: Database): Promise<Database> {
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
}

/** Where the build leaves an empty, migrated data folder. */
const SEED = fileURLToPath(new URL('../../db/seed.tar', import.meta.url));

/** The prepared data folder: unpacking it is several times faster than making a new one. Undefined before a build. */
function seed(): string | undefined {
  return existsSync(SEED) ? SEED : undefined;
}

/** Opens a throw-away database in memory, up to date. */
export async function openMemory(): Promise<Database> {
  const database = await openPglite(null, seed());
  await migrate(database);
  return database;
}
