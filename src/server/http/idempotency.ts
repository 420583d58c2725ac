import { createHash } from 'node:crypto';
import {
  claimReply,
  findReply,
  forgetReplies,
  type ReplyRow,
  saveReply,
} from '../../db/access/idempotency.ts';
import { type App, writeTogether } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';

/** How long an answer is kept for its key, in milliseconds. */
const KEEP_MS = 24 * 3600_000;
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
export type Once = (write: KeyedWrite, work: (node: App) => Promise<unknown>) => Promise<unknown>;

/**
 * Makes what does a write once for each key of a caller: a repeated call gets the first answer, a different one under the
 * same key is refused. The work and its answer are committed together, so that a crash leaves both or neither. A write
 * that fails leaves nothing, so that trying again does it again.
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

async function once(app: App, write: KeyedWrite, work: (node: App) => Promise<unknown>): Promise<unknown> {
  const { caller, key, isSecret } = write;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH)
    throw new AppError('malformed', `Idempotency-Key has ${key.length} characters; expected 1 to 255.`);
  const now = app.clock();
  const fingerprint = createHash('sha256').update(JSON.stringify(write.asked)).digest('hex');
  return writeTogether(app, async inside => {
    const [isOurs, kept] = await Promise.all([claimReply(inside.db, write), findReply(inside.db, write)]);
    if (!isOurs)
      throw new AppError(
        'conflict',
        'A call with this Idempotency-Key is still running. Try again in a moment.',
      );
    if (kept !== null && kept.created_at >= now - KEEP_MS) return repeat(kept, write, fingerprint);
    const answer = await work(inside);
    const body = isSecret ? null : answer;
    await saveReply(inside.db, { caller, key, fingerprint, status: 200, body, now });
    return answer;
  });
}

function repeat(kept: ReplyRow, { isSecret }: KeyedWrite, fingerprint: string): unknown {
  if (kept.fingerprint !== fingerprint)
    throw new AppError('invalid', 'This Idempotency-Key was used for another call; expected a new key.');
  if (isSecret)
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
