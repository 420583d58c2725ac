import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Check, type Diagnosis, diagnosis } from '../../contract/api/diagnosis.ts';
import { failure } from '../../contract/failure.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { Database } from '../../db/database.ts';
import { openPostgres } from '../../db/driver/postgres.ts';
import type { Settings } from '../../loop/settings.ts';
import { openFolder, ShortageError } from '../../server/operation/database.ts';
import { checkDisk, diagnose, type Patient } from '../../server/operation/doctor.ts';
import { FolderError } from '../../server/operation/folderlock.ts';
import { makeLog } from '../../server/operation/log.ts';
import { EXIT, Failure } from '../failure.ts';
import { print, write } from '../file/print.ts';
import { callServer, findServer, refuse } from '../file/server.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';

export interface DoctorOptions extends SettingOptions {
  readonly json?: true;
}

/** How long a running server may take to answer, in ms: it asks mail, Slack and CRM itself. */
const ANSWER_MS = 20_000;

/** Prints what is found about the parts of an installation; fails when something is wrong. */
export async function runDoctor(options: DoctorOptions): Promise<void> {
  const found = await examine(settingsOf(options));
  if (options.json === true) await write(`${JSON.stringify(found)}\n`);
  else print(wordsOf(found));
  const wrong = found.checks.filter(({ state }) => state === 'wrong').length;
  if (wrong > 0) throw new Failure(`${wrong} of ${found.checks.length} checks are wrong`, EXIT.failed);
}

async function examine(settings: Settings): Promise<Diagnosis> {
  const log = makeLog({ ...settings, LOG_LEVEL: 'silent' });
  const look = (database: Patient['database']) => diagnose({ settings, database, now: Date.now });
  if (settings.DATABASE_URL !== undefined) {
    return using(openPostgres(settings.DATABASE_URL, lost(log)), db => look({ kind: 'open', db }));
  }
  const folder = settings.BATON_DATA_DIR;
  if (!existsSync(join(folder, 'pgdata'))) return look({ kind: 'shut', check: noDatabase(folder) });
  try {
    return await using(await openFolder(folder, log), db => look({ kind: 'open', db }));
  } catch (error) {
    if (error instanceof ShortageError) return look({ kind: 'shut', check: checkDisk(error.disk) });
    if (error instanceof FolderError) {
      const server = await findServer(settings);
      return server === null ? askServer(settings, error) : callServer(server, 'getDoctor').catch(refuse);
    }
    throw error;
  }
}

async function using<T>(db: Database, run: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await run(db);
  } finally {
    await db.close();
  }
}

function lost(log: Logger): (error: Error) => void {
  return error => log.warn({ err: error }, 'a database connection was lost');
}

function noDatabase(folder: string): Check {
  return {
    name: 'database',
    state: 'wrong',
    text: `there is none in ${oneLine(folder, 200)} yet, and no DATABASE_URL is set`,
    advice: 'Start Baton once, or name the folder with --data-dir.',
  };
}

/** The embedded database belongs to one process; while a server has it, that server is asked. */
async function askServer(settings: Settings, inUse: FolderError): Promise<Diagnosis> {
  const { BATON_ADMIN_KEY: key, BATON_HOST: host, BATON_PORT: port } = settings;
  const named = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${named.includes(':') ? `[${named}]` : named}:${port}`;
  if (key === undefined) {
    throw new Failure(
      `${inUse.message}\nTo ask the running server instead, set BATON_ADMIN_KEY to an API key of an admin (make one on the page of keys) and, where they differ, BATON_HOST and BATON_PORT`,
      EXIT.failed,
    );
  }
  try {
    const reply = await fetch(`${url}/api/doctor`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body: unknown = await reply.json();
    if (reply.ok) return diagnosis.parse(body);
    const said = failure.safeParse(body);
    throw new Error(said.success ? `${said.data.title}. ${said.data.detail}` : `status ${reply.status}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`the running server at ${url} cannot be asked: ${oneLine(why, 300)}`, EXIT.failed);
  }
}

const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok',
  warning: 'warning',
  wrong: 'WRONG',
  off: 'off',
};

/** How many lost leads of one kind are printed; `--json` names more. */
const PRINTED = 5;

function wordsOf({ checks, breaches }: Diagnosis): string {
  const lines = checks.flatMap(({ name, state, text, advice }) => [
    `${MARKS[state].padEnd(8)} ${oneLine(name, 80)}: ${oneLine(text, 400)}`,
    ...(advice === null ? [] : [`${' '.repeat(9)}${oneLine(advice, 400)}`]),
  ]);
  const lost = breaches.flatMap(({ label, examples }) => [
    '',
    `${label}:`,
    ...examples.slice(0, PRINTED).map(({ contactId, episodeId, detail }) => {
      const of = [
        contactId === null ? '' : `contact ${contactId}`,
        episodeId === null ? '' : `episode ${episodeId}`,
      ];
      return `  ${[...of.filter(part => part !== ''), oneLine(detail, 200)].join(', ')}`;
    }),
  ]);
  return [...lines, ...lost].join('\n');
}
