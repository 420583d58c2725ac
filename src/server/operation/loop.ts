import type { Logger } from 'pino';
import { isAway } from '../../db/driver/fault.ts';

/** Work that repeats until it is stopped; `wake` runs it now. */
export interface Loop {
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Runs `step` again and again: at once while it says there is more, else after `everyMs`. A failure is logged, once as long as
 * it stays the same, and tried again later, so that a database that goes away and comes back stops nothing for good.
 */
export function startLoop(
  what: { readonly name: string; readonly everyMs: number; readonly log: Logger },
  step: () => Promise<boolean>,
): Loop {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isStopped = false;
  let isWoken = false;
  let lastFailure: string | null = null;
  const note = (failure: string, log: () => void) => {
    if (failure !== lastFailure) log();
    lastFailure = failure;
  };
  const succeed = (hasMore: boolean) => {
    lastFailure = null;
    return hasMore;
  };
  const fail = (error: unknown) => {
    const { log, name: loop } = what;
    if (isAway(error)) note('away', () => log.warn({ loop }, 'the database is away; trying again'));
    else note(String(error), () => log.error({ err: error, loop }, 'a background step failed; trying again'));
    return false;
  };
  const run = async () => {
    do {
      isWoken = false;
      const hasMore = await step().then(succeed, fail);
      isWoken ||= hasMore;
    } while (isWoken && !isStopped);
    running = null;
    if (!isStopped) timer = setTimeout(start, what.everyMs);
  };
  const start = () => {
    if (timer !== null) clearTimeout(timer);
    running ??= run();
  };
  start();
  return {
    wake: () => {
      isWoken = true;
      if (!isStopped) start();
    },
    stop: async () => {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
