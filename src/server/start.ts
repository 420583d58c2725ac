import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import pino from 'pino';
import type { Database } from '../db/database.ts';
import { sweepBulletins, sweepGathered } from '../loop/alert/bulletin.ts';
import { makeHub } from '../loop/alert/hub.ts';
import { sweepHeld } from '../loop/alert/signal.ts';
import type { App } from '../loop/app.ts';
import { makeCourier } from '../loop/delivery/courier.ts';
import { sweepFailing } from '../loop/delivery/failure.ts';
import { onPromise, sweepSent } from '../loop/delivery/outbox.ts';
import { openSenders } from '../loop/delivery/sender.ts';
import { sweepDuplicates } from '../loop/duplicate/sweep.ts';
import { announce as tellBrowsers } from '../loop/evaluation/announce.ts';
import { sweepWaiting } from '../loop/evaluation/reroute.ts';
import type { Settled } from '../loop/evaluation/settle.ts';
import { sweepDue, sweepStale } from '../loop/evaluation/sweep.ts';
import { sweepOverdue } from '../loop/exception/exception.ts';
import { sweepLeavers } from '../loop/followup/leaver.ts';
import { makeBatcher } from '../loop/intake/batch.ts';
import { takeIn } from '../loop/intake/intake.ts';
import { CHECK_EVERY_MS, sweepConservation } from '../loop/report/conservation.ts';
import type { Settings } from '../loop/settings.ts';
import { ensureFirstKeys, ensureFixedKeys } from './access/key.ts';
import { handlers } from './api/handlers.ts';
import { prechecks } from './api/precheck.ts';
import { addDoor, type Door } from './http/door.ts';
import { addSegmentRoutes } from './http/segment.ts';
import { buildServer } from './http/server.ts';
import type { Loop } from './operation/loop.ts';
import { countHandoffs, countSends } from './operation/metric.ts';
import { openCrew } from './operation/worker.ts';

/** How often the clock is looked at for scores that change by the passing of time, in milliseconds. */
const SWEEP_EVERY_MS = 1_000;
/** How often the outbox is looked at when nothing woke it, in milliseconds. */
const DELIVER_EVERY_MS = 1_000;
/** How often it is looked whether what was held back for people may leave, in milliseconds. */
const ALERTS_EVERY_MS = 5_000;
/** How many deliveries one round takes. */
const DELIVER_BATCH = 50;
/** How often old messages are looked for, in milliseconds. */
const PURGE_EVERY_MS = 3_600_000;
/** Intake transactions side by side on PostgreSQL; the embedded database has one connection. */
const INTAKE_LANES = 3;
/** Up to how many calls at a time are taken in by plans for few rows. */
const FEW_CALLS = 20;
/** How often it is looked whether leads that wait can go on, in milliseconds. */
const EXCEPTIONS_EVERY_MS = 2_000;

/** A running server. */
export interface Running {
  readonly app: App;
  /** The address it listens at. */
  readonly url: string;
  /** A write key made at the first start, to be shown once; null later. */
  readonly firstWriteKey: string | null;
  /** Tells browsers and workers what an intake of the demo did. */
  readonly announce: (settled: Settled) => void;
  readonly stop: () => Promise<void>;
}

/** What a start needs beside the settings. */
export interface StartOptions {
  readonly settings: Settings;
  readonly database: Database;
  readonly log: Logger;
  readonly demo?: App['demo'];
  /** On a demo: the token that opens a session of the given user. */
  readonly door?: Door;
}

/** Makes the log: JSON lines to stderr; secrets in headers never reach it. */
export function makeLog(settings: Settings): Logger {
  return pino(
    {
      level: settings.LOG_LEVEL,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.writeKey'],
    },
    pino.destination(2),
  );
}

const NO_HUB: App['hub'] = { publish: () => {}, subscribe: () => () => {} };

/** The application without a server: for commands, which no browser listens to. */
export function openApp({ settings, database, log, demo }: StartOptions): App {
  return { db: database, clock: Date.now, settings, log, hub: NO_HUB, demo: demo ?? (() => null) };
}

/** Starts web app, API, intake and workers on one port. */
export async function startServer(options: StartOptions): Promise<Running> {
  const { settings, database, log } = options;
  const hub = await makeHub(database, log);
  const app: App = { ...openApp(options), hub };
  await ensureFixedKeys(app);
  const loops: Loop[] = [];
  const announce = (settled: Settled) => {
    tellBrowsers(hub, settled);
    if (settled.handoffs.length + (settled.signals ?? 0) === 0) return;
    for (const loop of loops) loop.wake();
  };
  const announceLive = (settled: Settled) => {
    countHandoffs(settled, app.clock());
    announce(settled);
  };
  const batcher = makeBatcher(
    calls => {
      const mode = { now: app.clock(), batchId: null, opens: 'onCall' } as const;
      const few = calls.length <= FEW_CALLS;
      return database.transaction(sql => takeIn(sql, app, calls, mode), { few });
    },
    { lanes: database.kind === 'postgres' ? INTAKE_LANES : 1, onDone: announceLive },
  );
  const server = await buildServer({
    app,
    handlers,
    prechecks,
    intake: scope => addSegmentRoutes(scope, app, batcher),
    // The embedded database works in this very process: its long statements are no overload.
    refuseUnderPressure: database.kind === 'postgres',
  });
  if (options.door !== undefined) addDoor(server, app, options.door);
  await server.listen({ host: settings.BATON_HOST, port: settings.BATON_PORT });
  // Only now: a start that fails would leave a key that nobody was shown.
  const firstWriteKey = settings.BATON_WRITE_KEY === undefined ? await ensureFirstKeys(app) : null;
  const url = addressOf(settings, server.server.address());
  const { senders: opened, close } = openSenders(app, settings.BATON_URL ?? url);
  const senders = countSends(opened);
  const { startLoop, ...crew } = openCrew(app);
  const sweep = async () => {
    const now = app.clock();
    const [due, stale] = [await sweepDue(app, now), await sweepStale(app, now)];
    announceLive(due);
    announceLive(stale);
    return due.contactIds.length + stale.contactIds.length > 0;
  };
  const courier = makeCourier(app, senders, { onRoom: () => delivering.wake() });
  // Claims only: what is claimed is sent beside the loop, so that nothing slow holds up the rest.
  const delivering = startLoop({ name: 'deliver', everyMs: DELIVER_EVERY_MS, log }, async () => {
    const count = await courier.claim({ now: app.clock(), batch: DELIVER_BATCH });
    return count >= DELIVER_BATCH;
  });
  const forget = onPromise(app, delivering.wake);
  loops.push(delivering);
  const sweeping = startLoop({ name: 'sweep', everyMs: SWEEP_EVERY_MS, log }, sweep);
  const exceptions = startLoop({ name: 'exceptions', everyMs: EXCEPTIONS_EVERY_MS, log }, async () => {
    const now = app.clock();
    const done = [
      await sweepLeavers(app, now),
      await sweepDuplicates(app, now),
      await sweepWaiting(app, now),
    ];
    for (const settled of done) announceLive(settled);
    await sweepOverdue(app, now);
    return done.some(({ contactIds }) => contactIds.length > 0);
  });
  const purging = startLoop({ name: 'purge', everyMs: PURGE_EVERY_MS, log }, () =>
    sweepSent(app, app.clock()),
  );
  const alerts = startLoop({ name: 'alerts', everyMs: ALERTS_EVERY_MS, log }, async () => {
    const now = app.clock();
    const told = [
      await sweepHeld(app, now),
      await sweepGathered(app, now),
      await sweepBulletins(app, now),
      await sweepFailing(app, now),
    ];
    const hasTold = told.some(count => count > 0);
    if (hasTold) for (const loop of loops) loop.wake();
    return hasTold;
  });
  // Not among those that a handoff wakes: it looks through all leads.
  const conservation = startLoop({ name: 'conservation', everyMs: CHECK_EVERY_MS, log }, async () => {
    const told = app.demo();
    // While a demo tells its year, leads are on their way, not lost.
    if (told === null || told.loaded >= told.total) await sweepConservation(app, app.clock());
    return false;
  });
  return {
    app,
    url,
    firstWriteKey,
    announce,
    stop: async () => {
      await server.close();
      await batcher.drain();
      forget();
      await Promise.all(
        [...loops, sweeping, exceptions, purging, alerts, conservation].map(loop => loop.stop()),
      );
      await courier.stop();
      await crew.stop();
      close();
      await hub.close();
      await database.close();
    },
  };
}

function addressOf(settings: Settings, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : settings.BATON_PORT;
  const host =
    settings.BATON_HOST === '0.0.0.0' || settings.BATON_HOST === '::' ? '127.0.0.1' : settings.BATON_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
