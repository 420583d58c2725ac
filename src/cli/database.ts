import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import type { Settings } from '../loop/settings.ts';
import { openDatabase } from '../server/operation/database.ts';
import { FolderError } from '../server/operation/folderlock.ts';
import { EXIT, Failure } from './failure.ts';

/** Opens the database of the settings; says in words why it cannot be opened. */
export async function openForWork(settings: Settings, log: Logger): Promise<Database> {
  try {
    return await openDatabase(settings, log);
  } catch (error) {
    if (error instanceof FolderError) throw new Failure(error.message, EXIT.failed);
    const reason = error instanceof Error ? error.message : String(error);
    const where = settings.DATABASE_URL === undefined ? `in ${settings.BATON_DATA_DIR}` : 'of DATABASE_URL';
    throw new Failure(`the database ${where} cannot be opened: ${reason}`, EXIT.failed);
  }
}
