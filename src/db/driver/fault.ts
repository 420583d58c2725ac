/** Codes of PostgreSQL for what gave way to another: serialisation and deadlock. */
const YIELDED = ['40001', '40P01'];
/** Those of a lost race: two that insert the same key, too. */
const LOST = [...YIELDED, '23505'];
/** How often something is run that loses races. */
const MAX_TRIES = 5;

/** Runs something again as long as `isWorthIt` says so of how it failed; gives up with the failure of the fifth time. */
export async function repeat<T>(run: () => Promise<T>, isWorthIt: (error: unknown) => boolean): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await run();
    } catch (error) {
      if (tried >= MAX_TRIES || !isWorthIt(error)) throw error;
    }
  }
}

/** Whether a transaction failed only because another was faster, so that running it again helps. */
export function hasLostRace(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && LOST.includes(code);
}

/** Whether a statement gave way to another, as in a deadlock: by itself it did nothing and can be run again. */
export function hasYielded(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && YIELDED.includes(code);
}

/** What the drivers say without a code: of a connection that is lost, too slow, or closed by this process. */
const AWAY =
  /^(?:connection terminated|timeout exceeded when trying to connect|query read timeout|timeout expired|cannot use a pool after|client has encountered a connection error|client was closed|pglite is clos)/i;

/**
 * Whether the database cannot be reached or does not answer in time: connection refused, lost, shutting down, out of
 * connections, a lock or a statement that took too long.
 */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null) return error instanceof Error && AWAY.test(error.message);
  return (
    /^(?:08|57P0|57014|55P03|53)/.test(code) || /^(?:ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code)
  );
}

/** Whether a failure says nothing about the rows that were worked on: the database is away, or the work gave way to other work. */
export function isPassing(error: unknown): boolean {
  return isAway(error) || hasYielded(error);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
