import type { Logger } from 'pino';
import { isAway, whyReadOnly } from '../../db/driver/fault.ts';

/** Work that repeats until it is stopped; `wake` runs it now. */
export interface Loop {
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Runs `step` again and again: at once while it says there is more, else after `everyMs`. A failure is logged and tried
 * again later, so that a database that goes away and comes back stops nothing for good.
 */
export function startLoop(
  what: { readonly name: string; readonly everyMs: number; readonly log: Logger },
  step: () => Promise<boolean>,
): Loop {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isStopped = false;
  let isWoken = false;
  let wasReadOnly = false;
  const run = async () => {
    do {
      isWoken = false;
      let isReadOnly = false;
      const hasMore = await step().catch((error: unknown) => {
        const reason = whyReadOnly(error);
        isReadOnly = reason !== null;
        // Once is enough: a disk that is short of room has none for a line each second.
        if (reason !== null && wasReadOnly) return false;
        if (reason !== null)
          what.log.warn({ loop: what.name, reason }, 'nothing can be written; trying again');
        else if (isAway(error)) what.log.warn({ loop: what.name }, 'the database is away; trying again');
        else what.log.error({ err: error, loop: what.name }, 'a background step failed; trying again');
        return false;
      });
      wasReadOnly = isReadOnly;
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
