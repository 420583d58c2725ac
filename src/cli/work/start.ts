import type { Logger } from 'pino';
import { activateAgreement, ensureAgreement } from '../../loop/agreement/activate.ts';
import { makeLog } from '../../server/operation/log.ts';
import { type Running, startServer } from '../../server/start.ts';
import { openForWork } from '../database.ts';
import { EXIT, Failure } from '../failure.ts';
import { loadAgreement } from '../file/agreement.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';

export interface StartOptions extends SettingOptions {
  readonly agreement?: string;
}

/** Serves web app, API and workers until the process is asked to stop. */
export async function runStart(options: StartOptions): Promise<void> {
  const stopping = askedToStop();
  const settings = settingsOf(options);
  const agreement = options.agreement === undefined ? null : await loadAgreement(options.agreement);
  const log = makeLog(settings);
  const database = await openForWork(settings, log);
  const now = Date.now();
  if (agreement !== null) await activateAgreement(database, agreement.text, { actor: 'baton start', now });
  await ensureAgreement(database, now);
  const running = await listening(
    () => startServer({ settings, database, log }),
    () => database.close(),
  );
  stopWhenBroken(running, log);
  process.stdout.write(`Baton is ready at ${settings.BATON_URL ?? running.url}\n`);
  if (running.setupLink !== null) {
    process.stdout.write(`There is no admin yet. Make the first one at ${running.setupLink}\n`);
  }
  if (running.firstWriteKey !== null) {
    process.stdout.write(`Write key for your website and product, shown once: ${running.firstWriteKey}\n`);
  }
  await stopping;
  await stopRunning(running);
}

/** Stops a server. What hangs all the same must not keep the process alive. */
export async function stopRunning(running: Running): Promise<void> {
  if (!(await running.stop())) process.exit(EXIT.done);
}

/** Starts to listen; a port that is taken or not allowed is reported in words. */
export async function listening(
  start: () => Promise<Running>,
  cleanUp: () => Promise<void>,
): Promise<Running> {
  try {
    return await start();
  } catch (error) {
    await cleanUp().catch(() => {});
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new Failure(
        'the port is in use by another program; choose another with --port or BATON_PORT',
        EXIT.failed,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Failure(
        `cannot listen there (${String(code)}); expected an address of this machine and a port you may use (--host, --port)`,
        EXIT.failed,
      );
    }
    throw error;
  }
}

/**
 * Resolves when the process is asked to stop; a second signal ends it at once. To be called before anybody is notified that
 * the server is ready, so that no signal comes too early.
 */
export function askedToStop(): Promise<void> {
  return new Promise(resolve => {
    let isAsked = false;
    const stop = () => {
      if (isAsked) process.exit(EXIT.failed);
      isAsked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/**
 * Stops a server in order after an error that nobody has caught: what else is wrong in the process cannot be known, and the
 * system that runs it starts it again.
 */
export function stopWhenBroken(running: Running, log: Logger): void {
  const leave = (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody expected; Baton stops');
    running.stop().finally(() => process.exit(EXIT.failed));
  };
  process.once('uncaughtException', leave);
  process.once('unhandledRejection', leave);
}
