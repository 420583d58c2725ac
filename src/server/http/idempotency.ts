import { createHash } from 'node:crypto';
import {
  claimReply,
  findReply,
  forgetReplies,
  releaseReply,
  saveReply,
} from '../../db/access/idempotency.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';

/** How long an answer is kept for its key, in milliseconds. */
const KEEP_MS = 24 * 3600_000;
/** After this long without an answer the node that worked on a write has died, in milliseconds. */
const DEAD_MS = 60_000;
/** How often each node deletes old answers, in milliseconds. */
const FORGET_EVERY_MS = 3600_000;
const MAX_KEY_LENGTH = 255;

/** A write that carries an `Idempotency-Key`. */
export interface KeyedWrite {
  readonly caller: string;
  readonly key: string;
  /** What is asked: method, path and body. */
  readonly asked: readonly unknown[];
  /** Whether the answer holds a secret, which must not be kept. */
  readonly isSecret: boolean;
}

/** Does a write once for its key, and gives its answer, which is the first one where the call is a repeated one. */
export type Once = (write: KeyedWrite, work: () => Promise<unknown>) => Promise<unknown>;

/**
 * Makes what does a write once for each key of a caller: a repeated call gets the first answer, a different one under the
 * same key is refused. A write that fails gives its key back, so that trying again does it again.
 */
export function makeOnce(app: App): Once {
  let forgottenAt = 0;
  return (write, work) => {
    const now = app.clock();
    if (now - forgottenAt >= FORGET_EVERY_MS) {
      forgottenAt = now;
      forgetOld(app, now);
    }
    return once(app, write, work);
  };
}

async function once(app: App, write: KeyedWrite, work: () => Promise<unknown>): Promise<unknown> {
  const { caller, key, isSecret } = write;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH)
    throw new AppError('malformed', `Idempotency-Key has ${key.length} characters; expected 1 to 255.`);
  const now = app.clock();
  const fingerprint = createHash('sha256').update(JSON.stringify(write.asked)).digest('hex');
  const times = { now, forgetBefore: now - KEEP_MS, deadBefore: now - DEAD_MS };
  const isFirst = await claimReply(app.db, { caller, key, fingerprint, ...times });
  if (!isFirst) return repeat(app, write, fingerprint);
  let answer: unknown;
  try {
    answer = await work();
  } catch (error) {
    await releaseReply(app.db, write).catch((lost: unknown) => {
      app.log.warn({ err: lost }, 'an idempotency key could not be given back; it is free in a minute');
    });
    throw error;
  }
  await saveReply(app.db, { caller, key, status: 200, body: isSecret ? null : answer });
  return answer;
}

async function repeat(app: App, write: KeyedWrite, fingerprint: string): Promise<unknown> {
  const kept = await findReply(app.db, write);
  if (kept === null || kept.status === null)
    throw new AppError(
      'conflict',
      'A call with this Idempotency-Key is still running. Try again in a moment.',
    );
  if (kept.fingerprint !== fingerprint)
    throw new AppError('invalid', 'This Idempotency-Key was used for another call; expected a new key.');
  if (write.isSecret)
    throw new AppError(
      'conflict',
      'This was done already; its secret was in the first answer and is not kept.',
    );
  return kept.body;
}

function forgetOld(app: App, now: number): void {
  forgetReplies(app.db, now - KEEP_MS).catch((error: unknown) => {
    app.log.warn({ err: error }, 'old idempotency keys could not be deleted');
  });
}
