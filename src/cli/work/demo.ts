import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { openOffice, type Player, rolePlayers } from '../../demo/office.ts';
import { partStories, playStories } from '../../demo/play.ts';
import { VENDOR } from '../../demo/story/site.ts';
import { drawStories } from '../../demo/story/story.ts';
import type { Settings } from '../../loop/settings.ts';
import { isLoopback } from '../../server/access/host.ts';
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

/** The write key of a demo that only this machine reaches: the same each time, so that the README can name it. */
const WRITE_KEY = 'baton-demo-write-key';

export interface DemoOptions extends SettingOptions {
  readonly seed: string;
  readonly contacts: string;
}

/** Serves a throw-away database with a made-up year until the process is asked to stop. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const [seed, count] = [wholeOf('--seed', options.seed), wholeOf('--contacts', options.contacts)];
  const settings = demoSettings(options);
  const log = makeLog(settings);
  const asked = { isStopped: false };
  const stopping = askedToStop().then(() => {
    asked.isStopped = true;
  });
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  note('Preparing a throw-away database …');
  const database = await openMemory();
  const token = randomBytes(16).toString('hex');
  const password = randomBytes(9).toString('base64url');
  const now = Date.now();
  const filling = { loaded: 0, total: count };
  let players: readonly Player[] = [];
  let writeKey = settings.BATON_WRITE_KEY ?? null;
  const demo = () => ({ ...filling, people: rolePlayers(players), writeKey });
  const door = () => ({ token, userId: players[0]?.id ?? null });
  const running = await listening(
    () => startServer({ settings, database, log, demo, door }),
    () => database.close(),
  );
  stopWhenBroken(running, log);
  writeKey ??= running.firstWriteKey;
  players = await openOffice(running.app, { now, password });
  const stories = drawStories({ seed, now, count });
  const calls = stories.reduce((sum, story) => sum + story.calls.length, 0);
  const progress = startProgress('telling a year of leads', count);
  let told = 0;
  const fillTo = (loaded: number) => {
    if (loaded === filling.loaded) return;
    filling.loaded = loaded;
    progress.report(loaded);
    running.app.hub.publish(null, { kind: 'demo', ...filling });
  };
  const play = {
    now,
    players,
    onSettled: running.announce,
    onTold: (more: number) => {
      told += more;
      // It is full when all is done, not when all is told.
      fillTo(Math.min(count - 1, Math.floor((told / calls) * count)));
    },
    isStopped: () => asked.isStopped,
  };
  const { open, history } = partStories(stories, now);
  await playStories(running.app, open, play);
  if (!asked.isStopped) printWelcome(running.url, { token, password, players, writeKey });
  const telling = playStories(running.app, history, play);
  telling.then(
    () => {
      fillTo(count);
      progress.stop();
    },
    (error: unknown) => log.error({ err: error }, 'the demo could not be told to its end'),
  );
  await stopping;
  await telling.catch(() => {});
  await stopRunning(running);
}

/** The settings without what would lead made-up leads to real mailboxes, channels or databases; quiet unless asked. */
function demoSettings(options: DemoOptions): Settings {
  const {
    SMTP_URL: _smtp,
    SLACK_BOT_TOKEN: _bot,
    SLACK_WEBHOOK_URL: _slack,
    DATABASE_URL: _database,
    NATS_URL: _nats,
    ...settings
  } = settingsOf(options, { LOG_LEVEL: 'warn' });
  const isOwnMachine = isLoopback(settings.BATON_HOST) && settings.BATON_URL === undefined;
  // Its letters leave in the name of the made-up company, and go nowhere.
  const named = { ...settings, MAIL_FROM: `${VENDOR.name} <hello@${VENDOR.domain}>` };
  return isOwnMachine ? { ...named, BATON_WRITE_KEY: settings.BATON_WRITE_KEY ?? WRITE_KEY } : named;
}

function printWelcome(
  url: string,
  of: {
    readonly token: string;
    readonly password: string;
    readonly players: readonly Player[];
    readonly writeKey: string | null;
  },
): void {
  const { token, password, players, writeKey } = of;
  const roles = rolePlayers(players).map(({ email, role }) => `${email} (${role})`);
  print(`Baton demo is ready at ${url}/demo/enter?token=${token}`);
  print(
    'Made-up people and companies. "Look as" on top of each page shows what admin, marketing, manager and rep see.',
  );
  print(`Sign in again as ${roles.join(', ')}: all ${players.length} people have the password ${password}`);
  if (writeKey !== null) print(`Send leads of your own with the write key ${writeKey}`);
}

function wholeOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100_000)
    throw new Failure(`${option} ${text}: expected a whole number from 1 to 100000`);
  return value;
}
