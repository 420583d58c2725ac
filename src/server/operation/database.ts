import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Database, Disk } from '../../db/database.ts';
import { watchDisk } from '../../db/driver/disk.ts';
import { migrate } from '../../db/driver/migrate.ts';
import { openPglite } from '../../db/driver/pglite.ts';
import { openPostgres } from '../../db/driver/postgres.ts';
import type { Settings } from '../../loop/settings.ts';
import { FolderError, lockFolder } from './folderlock.ts';
import { startWatchdog } from './watchdog.ts';

/** Opens the database that the settings name and brings it up to date; an embedded folder is locked until it closes. */
export async function openDatabase(settings: Settings, log: Logger): Promise<Database> {
  if (settings.DATABASE_URL !== undefined) {
    const database = openPostgres(settings.DATABASE_URL, error =>
      log.warn({ reason: error.message }, 'a database connection was lost'),
    );
    return migrated(database);
  }
  return migrated(await openFolder(settings.BATON_DATA_DIR, log));
}

/** Says that the disk of a data folder has too little room to open the database there. */
export class ShortageError extends FolderError {
  readonly disk: Disk;

  constructor(message: string, disk: Disk) {
    super(message);
    this.disk = disk;
  }
}

/**
 * Opens the embedded database of a data folder as it is, or a new one. Until it closes the folder is locked, its disk is
 * watched, and a watchdog looks after this process.
 */
export async function openFolder(folder: string, log: Logger): Promise<Database> {
  const lock = await lockFolder(folder, {
    onWait: () =>
      log.warn({ folder }, 'looking whether another machine uses the data folder; this takes 10 s'),
  });
  const watchdog = startWatchdog(lock.file);
  const disk = await watchDisk(folder, shortage => {
    if (shortage === null) log.warn('the disk of the data folder has room again; Baton takes writes');
    else log.error(shortage);
  });
  const leave = async () => {
    disk.close();
    await watchdog.stop();
    lock.unlock();
  };
  try {
    const shortage = disk.shortage();
    if (shortage !== null) throw new ShortageError(shortage, disk);
    const place = join(folder, 'pgdata');
    const database = await openPglite(place, existsSync(place) ? undefined : seed(), disk);
    return {
      ...database,
      close: async () => {
        await database.close();
        await leave();
      },
    };
  } catch (error) {
    await leave();
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
