import { Worker } from 'node:worker_threads';

/** How often the main thread shows that it turns, and the watchdog looks and renews the lock, in ms. */
const BEAT_MS = 1_000;
/** After how many looks at a main thread that stands still the process is ended. */
const PATIENCE = 300;
/** What the watchdog may keep in memory, in MB; the usual limits would let it take as much as the server. */
const LIMITS = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };

/** What the thread of the watchdog is given. */
interface Watch {
  readonly lock: string;
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly everyMs: number;
  readonly patience: number;
}

/**
 * Starts a thread that looks after a process with an embedded database, however busy its main thread is. It renews the
 * lock of the data folder, and ends the process at once when the lock is gone: another process works there then. It also
 * ends a process whose main thread has stood still for `patience` looks, so that it is started again; looks are counted
 * rather than time, because a machine may sleep. The process ends with 1 after a line of the log on stderr.
 */
export function startWatchdog(
  lock: string,
  { everyMs = BEAT_MS, patience = PATIENCE } = {},
): { readonly stop: () => Promise<void> } {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: Watch = { lock, beats, everyMs, patience };
  // The code travels as text: one that is built and one that is tested lie at different places.
  const thread = new Worker(`(${watch})()`, { eval: true, workerData, resourceLimits: LIMITS });
  thread.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), everyMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await thread.terminate();
    },
  };
}

/** What the thread does. It knows nothing of this file but its text. */
function watch(): void {
  const { utimesSync, writeSync } = process.getBuiltinModule('node:fs');
  const { lock, beats, everyMs, patience }: Watch =
    process.getBuiltinModule('node:worker_threads').workerData;
  let last = 0;
  let looks = 0;
  const timer = setInterval(() => {
    const beat = Atomics.load(beats, 0);
    looks = beat === last ? looks + 1 : 0;
    last = beat;
    if (looks >= patience) {
      const seconds = Math.round((looks * everyMs) / 1000);
      end(
        `the main thread has stood still for ${seconds} s: ending, to be started again. A full disk can be the reason.`,
      );
    }
    try {
      const now = new Date();
      utimesSync(lock, now, now);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        end(
          `the lock ${lock} is gone: another process has taken the data folder over, or it was removed. Ending at once, so that two do not write there.`,
        );
      }
    }
  }, everyMs);
  const end = (msg: string) => {
    clearInterval(timer);
    writeSync(2, `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, msg })}\n`);
    // A thread cannot end its process, a debugger can, whatever the main thread does. A process whose number is 1 cannot
    // be killed from inside its container.
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression: 'process.exit(1)' });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5_000);
  };
}
