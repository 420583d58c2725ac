import type { Database } from '../../db/database.ts';
import { describeServer } from '../../db/operation/health.ts';

/** How far our clock and the database's may be apart, in ms: from then on people notice, and due times are wrong. */
export const CLOCK_WARNS_MS = 2_000;
export const CLOCK_FAILS_MS = 30_000;

/**
 * How far a clock is ahead of another, in ms, negative where it is behind: it showed `before` and `after` around the moment
 * at which the other one showed `theirs`, so that a slow answer is not taken for a wrong clock.
 *
 * @example aheadOf({ before: 1000, after: 3000, theirs: 2500 }) // 0
 * @example aheadOf({ before: 1000, after: 3000, theirs: 5000 }) // -2000
 */
export function aheadOf(shown: {
  readonly before: number;
  readonly after: number;
  readonly theirs: number;
}): number {
  const { before, after, theirs } = shown;
  return Math.max(before - theirs, 0) || Math.min(after - theirs, 0);
}

/** How long a clock that was right is right without asking again, while it goes on evenly, in ms. */
const TRUSTED_MS = 5_000;

/**
 * Returns a check that fails while a clock is so far from the database's that what is done by it would be wrong for as long.
 * Many rounds share it: the database is asked anew every few seconds, and at once when the clock has jumped.
 */
export function makeClockCheck(db: Database, clock: () => number): () => Promise<void> {
  let right: { readonly at: number; readonly offset: number } | null = null;
  return async () => {
    const at = performance.now();
    const offset = clock() - at;
    const isEven = right !== null && Math.abs(offset - right.offset) < CLOCK_WARNS_MS;
    if (isEven && right !== null && at - right.at < TRUSTED_MS) return;
    await checkClock(db, clock);
    right = { at, offset };
  };
}

/** Fails while a clock is so far from the database's that what is done by it would be wrong for as long. */
async function checkClock(db: Database, clock: () => number): Promise<void> {
  const before = clock();
  const server = await describeServer(db);
  if (server === null) throw new Error('the database does not say what time it is');
  const aheadMs = aheadOf({ before, after: clock(), theirs: server.now });
  if (Math.abs(aheadMs) <= CLOCK_FAILS_MS) return;
  const where = aheadMs > 0 ? 'ahead of' : 'behind';
  throw new Error(
    `the clock of this node is ${ageWords(Math.abs(aheadMs))} ${where} that of the database; until it is right, nothing is done by it`,
  );
}

/** A time span for a person to read: whole seconds below two minutes, then minutes, hours and days. @example ageWords(90_000) // '90 s' */
export function ageWords(ms: number): string {
  const [s, m, h] = [Math.round(ms / 1000), Math.round(ms / 60_000), Math.round(ms / 3_600_000)];
  if (s < 120) return `${s} s`;
  if (m < 120) return `${m} min`;
  return h < 48 ? `${h} h` : `${Math.round(h / 24)} days`;
}
