import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../loop/app.ts';
import { makeApp } from '../loop/app.ts';
import { AppError } from '../loop/error.ts';
import { makeLog } from '../server/operation/log.ts';
import { openForWork } from './database.ts';
import { EXIT, Failure } from './failure.ts';
import { type SettingOptions, settingsOf } from './settings.ts';

/** Opens the database of the settings for some work, and closes it whatever comes; refusals become failures. */
export async function withApp<T>(options: SettingOptions, run: (app: App) => Promise<T>): Promise<T> {
  const settings = settingsOf(options);
  const log = makeLog(settings);
  const database = await openForWork(settings, log);
  try {
    return await run(makeApp({ settings, db: database, log }));
  } catch (error) {
    if (error instanceof AppError) throw new Failure(error.message, EXIT.failed);
    throw error;
  } finally {
    await database.close();
  }
}

/** The same for work that needs no database: it gets null where there is none yet, which is then not made. */
export async function withExistingApp<T>(
  options: SettingOptions,
  run: (app: App | null) => Promise<T>,
): Promise<T> {
  const { DATABASE_URL: url, BATON_DATA_DIR: folder } = settingsOf(options);
  return url === undefined && !existsSync(join(folder, 'pgdata')) ? run(null) : withApp(options, run);
}
