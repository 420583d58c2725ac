import { parentPort, workerData } from 'node:worker_threads';
import { makeHand, type Work } from './hand.ts';

/** A piece of work on its way to a thread. */
type Message = {
  readonly [Kind in keyof Work]: { readonly kind: Kind; readonly given: Work[Kind]['given'] };
};

const hand = makeHand(workerData);

function answer<Kind extends keyof Work>({ kind, given }: Message[Kind]): Work[Kind]['answer'] {
  return hand[kind](given);
}

parentPort?.on('message', message => parentPort?.postMessage(answer(message)));
