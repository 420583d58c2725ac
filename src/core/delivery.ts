const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after each failed attempt, in ms: short at first for a hiccup, then long enough for a night. */
export const RETRY_AFTER_MS = [
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
] as const;

/** The longest wait a recipient can ask for: a day, so that a mistake of theirs does not bury an alert. */
const MAX_ASKED_MS = 24 * HOUR;

/** What became of an attempt to send; `refused` will be refused again, `failed` may succeed later. */
export type Attempt =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number | null };

/**
 * When to try again after the `attempts`-th attempt failed at `now`, in epoch ms; null when it is time to give up. What
 * the recipient asked for (`retryAfterMs`) is honoured up to a day.
 *
 * @example nextAttemptAt({ attempts: 1, now: 0, retryAfterMs: null }) // 10_000
 * @example nextAttemptAt({ attempts: 9, now: 0, retryAfterMs: null }) // null
 */
export function nextAttemptAt(given: {
  readonly attempts: number;
  readonly now: number;
  readonly retryAfterMs: number | null;
}): number | null {
  const { attempts, now, retryAfterMs } = given;
  const wait = RETRY_AFTER_MS[attempts - 1];
  if (wait === undefined) return null;
  return now + Math.max(wait, Math.min(retryAfterMs ?? 0, MAX_ASKED_MS));
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date; null when it is neither. In milliseconds from `now`.
 *
 * @example retryAfterMs('30', 0) // 30_000
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  const at = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
