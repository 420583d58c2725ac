import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { ensureFirstKeys, ensureFixedKeys } from '../loop/access/key.ts';
import { makeHub } from '../loop/alert/hub.ts';
import { type App, makeApp } from '../loop/app.ts';
import { wakeCouriers } from '../loop/delivery/outbox.ts';
import { openSenders } from '../loop/delivery/sender.ts';
import { announce as tellBrowsers } from '../loop/evaluation/announce.ts';
import type { Settled } from '../loop/evaluation/settle.ts';
import { openBatcher } from '../loop/intake/batch.ts';
import type { Settings } from '../loop/settings.ts';
import { setupLink } from './access/setuptoken.ts';
import { handlers } from './api/handlers.ts';
import { prechecks } from './api/precheck.ts';
import { addDoor, type Door } from './http/door.ts';
import { addSegmentRoutes } from './http/segment.ts';
import { addressOf, buildServer } from './http/server.ts';
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
  readonly stop: () => Promise<void>;
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
    refuseUnderPressure: database.kind === 'postgres',
  });
  if (options.door !== undefined) addDoor(server, app, options.door);
  await server.listen({ host: settings.BATON_HOST, port: settings.BATON_PORT });
  // Only now: a start that fails would leave a key that nobody was shown.
  const firstWriteKey = settings.BATON_WRITE_KEY === undefined ? await ensureFirstKeys(app) : null;
  const url = addressOf(settings, server.server.address());
  const publicUrl = settings.BATON_URL ?? url;
  const { senders, close } = openSenders(app, publicUrl);
  const rounds = startRounds(app, countSends(senders), announceLive);
  return {
    app,
    url,
    firstWriteKey,
    setupLink: await setupLink(app, publicUrl),
    announce,
    stop: async () => {
      await server.close();
      await batcher.drain();
      await rounds.stop();
      close();
      await hub.close();
      await database.close();
    },
  };
}
