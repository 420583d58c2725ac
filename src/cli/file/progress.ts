/** How often a terminal is shown progress, in milliseconds. */
const EVERY_MS = 200;

interface Progress {
  readonly report: (done: number) => void;
  readonly stop: () => void;
}

/** Shows how far long work has come on a terminal's stderr; stays quiet in a pipe. */
export function startProgress(what: string, total: number | null = null): Progress {
  if (process.stderr.isTTY !== true) return { report: () => {}, stop: () => {} };
  let shownAt = 0;
  return {
    report: done => {
      const now = Date.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      const share =
        total === null || total === 0 ? '' : ` of ${total} (${Math.floor((100 * done) / total)} %)`;
      process.stderr.write(`\r\u001b[K${what}: ${done.toLocaleString('en')}${share}`);
    },
    stop: () => process.stderr.write('\r\u001b[K'),
  };
}
