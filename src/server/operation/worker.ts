import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { oneLine } from '../../core/text/safe.ts';
import { forgetSilent, forgetWorkers, saveWorkers, type WorkerState } from '../../db/operation/worker.ts';
import type { App } from '../../loop/app.ts';
import { type Loop, startLoop } from './loop.ts';

/** How often a node says how its workers are, in ms. */
const REPORT_EVERY_MS = 10_000;
/** After which silence a node is forgotten by the others, in ms: long enough that somebody sees that it died. */
const FORGET_AFTER_MS = 3_600_000;

/** The workers of a node: loops that say when they last came to the end of their work. */
interface Crew {
  readonly startLoop: typeof startLoop;
  /** How the workers are at a time, epoch ms. */
  readonly states: (now: number) => readonly WorkerState[];
  /** Reports the state of the loops now. */
  readonly report: () => Promise<void>;
  /** Ends the reports of this node and takes them back; the code that started the loops stops them. */
  readonly stop: () => Promise<void>;
}

interface Watched {
  readonly everyMs: number;
  readonly startedAt: number;
  doneAt: number | null;
  error: string | null;
  errorAt: number | null;
}

/** Opens the crew of a node; its work is reported to the database every ten seconds, for `baton doctor` and metrics. */
export function openCrew(app: Pick<App, 'db' | 'clock' | 'log'>): Crew {
  const node = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`;
  const watched = new Map<string, Watched>();
  const states = (now: number): readonly WorkerState[] =>
    [...watched].map(([name, { everyMs, startedAt, doneAt, error, errorAt }]) => ({
      name,
      doneAt,
      lagMs: Math.max(0, now - (doneAt ?? startedAt) - everyMs),
      error,
      errorAt,
    }));
  const report = async () => {
    const at = app.clock();
    if (watched.size > 0) await saveWorkers(app.db, { node, at }, states(at));
    await forgetSilent(app.db, { before: at - FORGET_AFTER_MS, after: at + FORGET_AFTER_MS });
  };
  const startWatched: typeof startLoop = (what, step) => {
    const watch: Watched = {
      everyMs: what.everyMs,
      startedAt: app.clock(),
      doneAt: null,
      error: null,
      errorAt: null,
    };
    watched.set(what.name, watch);
    return startLoop(what, async () => {
      try {
        const hasMore = await step();
        watch.doneAt = app.clock();
        watch.error = null;
        return hasMore;
      } catch (error) {
        watch.error = oneLine(error instanceof Error ? error.message : String(error), 300);
        watch.errorAt = app.clock();
        throw error;
      }
    });
  };
  const reporter = startReports(app.log, report);
  return {
    startLoop: startWatched,
    states,
    report,
    stop: async () => {
      await reporter.stop();
      // A database that is away keeps the rows; they are forgotten later.
      await forgetWorkers(app.db, node).catch(() => {});
    },
  };
}

function startReports(log: Logger, report: () => Promise<void>): Loop {
  return startLoop({ name: 'report', everyMs: REPORT_EVERY_MS, log }, async () => {
    await report();
    return false;
  });
}
