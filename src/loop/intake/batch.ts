import type { Call } from '../../core/intake/call.ts';
import { isAway } from '../../db/driver/fault.ts';
import type { App } from '../app.ts';
import type { Settled } from '../evaluation/settle.ts';
import { takeIn } from './intake.ts';

/** How many calls one commit takes: large enough to share its cost, small enough to answer within a moment. */
const MAX_CALLS = 2_000;
/** How many calls may wait before new ones are turned away. */
const MAX_WAITING = 20_000;

/** Takes calls in groups: calls that arrive while all lanes commit share the next one. */
export interface Batcher {
  /** Resolves when the calls are durable and scored; `full` when too many wait already. */
  readonly submit: (calls: readonly Call[]) => Promise<'taken' | 'full'>;
  /** Resolves when nothing is left waiting. */
  readonly drain: () => Promise<void>;
}

interface Submission {
  readonly calls: readonly Call[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Intake transactions side by side on PostgreSQL; the embedded database has one connection. */
const LANES = 3;
/** Up to how many calls at a time are taken in by plans for few rows. */
const FEW_CALLS = 20;

/** Opens the intake of a node: calls are taken in as they come; `onDone` hears of each commit. */
export function openBatcher(app: App, onDone: (settled: Settled) => void): Batcher {
  return makeBatcher(
    calls => {
      const mode = { now: app.clock(), batchId: null, opens: 'onCall' } as const;
      const few = calls.length <= FEW_CALLS;
      return app.db.transaction(sql => takeIn(sql, app, calls, mode), { few });
    },
    { lanes: app.db.kind === 'postgres' ? LANES : 1, onDone },
  );
}

/**
 * Makes a batcher; `commit` takes calls in one transaction, `onDone` hears of each commit. `lanes` commits may run side by
 * side, so that a call need not wait for the one before it; locks keep apart what concerns the same people.
 */
export function makeBatcher(
  commit: (calls: readonly Call[]) => Promise<Settled>,
  { lanes, onDone }: { readonly lanes: number; readonly onDone: (settled: Settled) => void },
): Batcher {
  const waiting: Submission[] = [];
  let waitingCalls = 0;
  const running = new Set<Promise<void>>();
  let busy = 0;

  const work = async () => {
    busy += 1;
    while (waiting.length > 0) {
      const group = takeGroup();
      await commitGroup(group).catch(() => {});
    }
    // At once: the next submission must find the lane free.
    busy -= 1;
  };
  const start = () => {
    if (busy >= lanes) return;
    const lane = work().finally(() => running.delete(lane));
    running.add(lane);
  };
  const takeGroup = (): readonly Submission[] => {
    const group: Submission[] = [];
    let count = 0;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (group.length > 0 && count + next.calls.length > MAX_CALLS) break;
      group.push(next);
      count += next.calls.length;
      waiting.shift();
    }
    waitingCalls -= count;
    return group;
  };
  const commitGroup = async (group: readonly Submission[]): Promise<void> => {
    try {
      onDone(await commit(group.flatMap(({ calls }) => calls)));
      for (const { resolve } of group) resolve();
    } catch (error) {
      // A database that is away would keep each of them waiting in turn.
      if (group.length === 1 || isAway(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
      // One bad submission must not take the others down with it.
      for (const submission of group) await commitGroup([submission]);
    }
  };

  return {
    submit: calls => {
      if (waitingCalls + calls.length > MAX_WAITING) return Promise.resolve('full');
      const done = new Promise<'taken'>((resolve, reject) => {
        waiting.push({ calls, resolve: () => resolve('taken'), reject });
      });
      waitingCalls += calls.length;
      start();
      return done;
    },
    drain: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
