import { Worker } from 'node:worker_threads';
import type { Agreement } from '../../core/agreement/agreement.ts';
import { makeHand, type Work } from './hand.ts';

/** Hands that share work: threads of their own, or the calling one alone. */
export interface Crew {
  /** How many pieces of work should be on their way at once. */
  readonly width: number;
  /** Has one hand do a piece of work. */
  readonly ask: <Kind extends keyof Work>(
    kind: Kind,
    given: Work[Kind]['given'],
  ) => Promise<Work[Kind]['answer']>;
  /** Has every hand do it. */
  readonly tell: <Kind extends keyof Work>(kind: Kind, given: Work[Kind]['given']) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts so many worker threads for some agreements; with none of them, the work is done in this thread. */
export function startCrew(threads: number, agreements: readonly Agreement[]): Crew {
  if (threads === 0) return aloneCrew(agreements);
  const members = Array.from({ length: threads }, () => startMember(agreements));
  return {
    width: 2 * threads,
    ask: (kind, given) => {
      const idlest = members.reduce((best, member) => (member.waiting() < best.waiting() ? member : best));
      return idlest.ask(kind, given);
    },
    tell: async (kind, given) => {
      await Promise.all(members.map(member => member.ask(kind, given)));
    },
    close: async () => {
      await Promise.all(members.map(member => member.stop()));
    },
  };
}

function aloneCrew(agreements: readonly Agreement[]): Crew {
  const hand = makeHand(agreements);
  const ask: Crew['ask'] = async (kind, given) => hand[kind](given);
  return {
    width: 1,
    ask,
    tell: async (kind, given) => {
      await ask(kind, given);
    },
    close: async () => {},
  };
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Room for what parsing throws away: a block's lines die together, so a large room is swept seldom and costs little. */
const YOUNG_MB = 96;

/** A worker thread: it answers in the order in which it is asked. */
function startMember(agreements: readonly Agreement[]) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: agreements,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const waiting: Waiting[] = [];
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', answer => waiting.shift()?.resolve(answer));
  worker.on('messageerror', fail);
  worker.on('error', fail);
  worker.on('exit', code => fail(new Error(`a worker thread ended with ${code}`)));
  const ask: Crew['ask'] = (kind, given) =>
    new Promise((resolve, reject) => {
      if (failure !== null) return reject(failure);
      waiting.push({ resolve, reject });
      worker.postMessage({ kind, given });
    });
  return { waiting: () => waiting.length, ask, stop: () => worker.terminate() };
}
