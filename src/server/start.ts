import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { ensureFirstKeys, ensureFixedKeys } from '../loop/access/key.ts';
import { makeHub } from '../loop/alert/hub.ts';
import { type App, makeApp } from '../loop/app.ts';
import { wakeCouriers } from '../loop/delivery/outbox.ts';
import { openSenders } from '../loop/delivery/sender.ts';
import { announce as tellBrowsers } from '../loop/evaluation/announce.ts';
import type { Settled } from '../loop/evaluation/settle.ts';
import { stopImports } from '../loop/import/job.ts';
import { openBatcher } from '../loop/intake/batch.ts';
import type { Settings } from '../loop/settings.ts';
import { setupLink } from './access/setuptoken.ts';
import { handlers } from './api/handlers.ts';
import { prechecks } from './api/precheck.ts';
import { addDoor, type Door } from './http/door.ts';
import { limitConnections, makeCloser } from './http/limit.ts';
import { addSegmentRoutes } from './http/segment.ts';
import { addressOf, buildServer } from './http/server.ts';
import { leaveLocalKey } from './operation/localkey.ts';
import { countHandoffs, countSends } from './operation/metric.ts';
import { startRounds } from './operation/rounds.ts';

/** A running server. */
export interface Running {
  readonly app: App;
  /** The address it listens at. */
  readonly url: string;
  /** A write key made at the first start, to be shown once; null later. */
  readonly firstWriteKey: string | null;
  /** The link by which the first admin is made; null once there is one. */
  readonly setupLink: string | null;
  /** Notifies browsers and workers of what an intake of the demo did. */
  readonly announce: (settled: Settled) => void;
  /** Stops within a time, in milliseconds; false when something was left behind that may keep the process alive. */
  readonly stop: (graceMs?: number) => Promise<boolean>;
}

/** What a start needs beside the settings. */
interface StartOptions {
  readonly settings: Settings;
  readonly database: Database;
  readonly log: Logger;
  readonly demo?: App['demo'];
  readonly door?: Door;
}

/** Starts web app, API, intake and workers on one port. */
export async function startServer(options: StartOptions): Promise<Running> {
  const { settings, database, log, demo = () => null } = options;
  const hub = await makeHub(database, log);
  const app = makeApp({ db: database, settings, log, hub, demo });
  await ensureFixedKeys(app);
  const announce = (settled: Settled) => {
    tellBrowsers(hub, settled);
    if (settled.handoffs.length + (settled.signals ?? 0) > 0) wakeCouriers(app);
  };
  const announceLive = (settled: Settled) => {
    countHandoffs(settled, app.clock());
    announce(settled);
  };
  const batcher = openBatcher(app, announceLive);
  const server = await buildServer({
    app,
    handlers,
    prechecks,
    intake: scope => addSegmentRoutes(scope, app, batcher),
    // The embedded database works in this very process: its long statements are not an overload.
    mayRefuse: database.kind === 'postgres',
  });
  if (options.door !== undefined) addDoor(server, app, options.door);
  limitConnections(server, log);
  const close = makeCloser(server);
  await server.listen({ host: settings.BATON_HOST, port: settings.BATON_PORT });
  // Only now: a start that fails would leave a key that nobody was shown.
  const firstWriteKey = settings.BATON_WRITE_KEY === undefined ? await ensureFirstKeys(app) : null;
  const url = addressOf(settings, server.server.address());
  const publicUrl = settings.BATON_URL ?? url;
  const local = settings.DATABASE_URL === undefined && database.disk !== undefined;
  const localKey = local ? leaveLocalKey(settings.BATON_DATA_DIR, url) : null;
  app.memory.localKey.secret = localKey?.secret ?? null;
  const { senders, close: closeSenders } = openSenders(app, publicUrl);
  const rounds = await startRounds(app, countSends(senders), announceLive);
  return {
    app,
    url,
    firstWriteKey,
    setupLink: await setupLink(app, publicUrl),
    announce,
    stop: async (graceMs = STOP_MS) => {
      // Most of the time is for clients: one may read a large answer slowly.
      const patience = { graceMs: graceMs / 5, log };
      localKey?.remove();
      const cut = await close(3 * patience.graceMs);
      if (cut > 0) log.warn({ connections: cut }, 'connections that did not end were cut');
      const isDone = await within(patience, 'work under way', async () => {
        await batcher.drain();
        await Promise.all([rounds.stop(), stopImports(app)]);
      });
      closeSenders();
      const isClosed = await within(patience, 'the database', async () => {
        await hub.close();
        await database.close();
      });
      return isDone && isClosed;
    },
  };
}

/** How long a stop may take in all, in milliseconds: systems that end containers wait for ten seconds. */
const STOP_MS = 8_000;

/** Waits for a step of a stop, as long as there is time for it; false when it was left behind. */
async function within(
  { graceMs, log }: { readonly graceMs: number; readonly log: Logger },
  what: string,
  step: () => Promise<void>,
): Promise<boolean> {
  const isDone = await Promise.race([
    step().then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error }, `${what} did not end in order`);
        return true;
      },
    ),
    setTimeout(graceMs, false, { ref: false }),
  ]);
  if (!isDone) log.warn(`${what} did not end in time and is left`);
  return isDone;
}
