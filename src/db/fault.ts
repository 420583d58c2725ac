/** Codes of PostgreSQL for a lost race: serialisation, deadlock, and two nodes that insert the same key. */
const TRANSIENT = new Set(['40001', '40P01', '23505']);

/** Whether a transaction failed only because another was faster, so that trying again helps. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && TRANSIENT.has(code);
}

/** Codes of PostgreSQL for a statement that another one stood in the way of. */
const YIELDED = new Set(['40001', '40P01']);

/** Whether a statement gave way to another, as in a deadlock: by itself it did nothing and can be run again. */
export function hasYielded(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && YIELDED.has(code);
}

/** Whether the database cannot be reached: connection refused, lost, shutting down, or out of connections. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null)
    return (
      error instanceof Error &&
      /connection terminated|timeout exceeded when trying to connect/i.test(error.message)
    );
  return /^(?:08|57P0|53)/.test(code) || /^(?:ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
