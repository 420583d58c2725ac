import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { playStories, prepareDemo } from '../../demo/play.ts';
import { drawStories } from '../../demo/story/story.ts';
import { openMemory } from '../../server/operation/database.ts';
import { makeLog } from '../../server/operation/log.ts';
import { startServer } from '../../server/start.ts';
import { Failure } from '../failure.ts';
import { note, print } from '../file/print.ts';
import { startProgress } from '../file/progress.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';
import { askedToStop, listening, stopRunning, stopWhenBroken } from './start.ts';

/**
 * By how much the heap may grow before it is searched for rubbish, in percent of what is in use. Left to itself it may
 * quadruple while the year is told beside a database in memory; this costs one search more every few seconds.
 */
const HEAP_GROWTH = 40;

export interface DemoOptions extends SettingOptions {
  readonly seed: string;
  readonly contacts: string;
}

/** Serves a throw-away database with a made-up year until the process is asked to stop. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const [seed, count] = [wholeOf('--seed', options.seed), wholeOf('--contacts', options.contacts)];
  const given = settingsOf(options);
  // Made-up leads must not reach real mailboxes, channels or databases.
  const {
    SMTP_URL: _smtp,
    SLACK_WEBHOOK_URL: _slack,
    DATABASE_URL: _database,
    NATS_URL: _nats,
    ...rest
  } = given;
  const settings = rest;
  const log = makeLog(settings);
  const stopping = askedToStop();
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  note('Preparing a throw-away database …');
  const database = await openMemory();
  const told = { loaded: 0, total: count };
  const token = randomBytes(16).toString('hex');
  const password = randomBytes(9).toString('base64url');
  const now = Date.now();
  let visitor: string | null = null;
  const running = await listening(
    () =>
      startServer({ settings, database, log, demo: () => told, door: () => ({ token, userId: visitor }) }),
    () => database.close(),
  );
  stopWhenBroken(running, log);
  const players = await prepareDemo(running.app, { now, password });
  visitor = players[0]?.id ?? null;
  print(`Baton demo is ready at ${running.url}/demo/enter?token=${token}`);
  print(`Made-up people and companies. Sign in again as ${players[0]?.email} with ${password}`);
  const { BATON_WRITE_KEY: chosenKey } = settings;
  print(`Write key, for calls of your own: ${chosenKey ?? running.firstWriteKey ?? ''}`);
  let isStopped = false;
  const progress = startProgress('telling a year of leads', count);
  const telling = playStories(running.app, drawStories({ seed, now, count }), {
    now,
    players,
    onSettled: running.announce,
    onTold: loaded => {
      told.loaded = loaded;
      progress.report(loaded);
      running.app.hub.publish(null, { kind: 'demo', ...told });
    },
    isStopped: () => isStopped,
  });
  telling.then(
    () => progress.stop(),
    (error: unknown) => log.error({ err: error }, 'the demo could not be told to its end'),
  );
  await stopping;
  isStopped = true;
  await telling.catch(() => {});
  await stopRunning(running);
}

function wholeOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100_000)
    throw new Failure(`${option} ${text}: expected a whole number from 1 to 100000`);
  return value;
}
