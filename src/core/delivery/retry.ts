import type { Channel } from '../alert/message.ts';

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

/** The same for webhooks: the schedule of Standard Webhooks. */
export const HOOK_RETRY_AFTER_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** The longest wait a recipient can ask for: a day, so that a mistake of theirs does not bury an alert. */
export const MAX_ASKED_MS = 24 * HOUR;

/** The longest that a way out which fails is left alone: what works again is noticed within half an hour. */
const MAX_HOLD_MS = 30 * MINUTE;

/** After how much failing a person is told: a hiccup mends itself. Webhooks are told of when one is given up. */
export const TOLD_AFTER_MS = 10 * MINUTE;

/** What became of an attempt to send; `refused` will be refused again, `failed` may succeed later. */
export type Attempt = (
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterMs: number | null }
) & {
  /** Whether what all recipients of the channel share is to blame, such as the mail server. */
  readonly isShared?: boolean;
  /** The HTTP or SMTP status of the answer. */
  readonly status?: number | null;
  /** The beginning of the answer. */
  readonly response?: string | null;
  /** Whether the other side asks for nothing more, ever: the webhook is switched off. */
  readonly isGone?: boolean;
};

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
  readonly channel?: Channel;
}): number | null {
  const { attempts, now, retryAfterMs, channel } = given;
  const wait = scheduleOf(channel ?? 'email')[attempts - 1];
  if (wait === undefined) return null;
  return now + Math.max(wait, asked(retryAfterMs));
}

/** How long a message may wait before it is given up, in ms: as long as its schedule lasts. */
export function patienceMs(channel: Channel): number {
  return scheduleOf(channel).reduce((sum, wait) => sum + wait, 0);
}

/**
 * How long a way out is left alone after its first failure in a row, its second and so on, in ms; the last holds for all
 * later ones. All messages that would go there wait together, so that an outage uses up one attempt and not one of each.
 *
 * @example holdsMs('email', null)[0] // 10_000
 * @example holdsMs('email', 60_000)[0] // 60_000
 */
export function holdsMs(channel: Channel, retryAfterMs: number | null): readonly number[] {
  return scheduleOf(channel).map(wait => Math.max(Math.min(wait, MAX_HOLD_MS), asked(retryAfterMs)));
}

function scheduleOf(channel: Channel): readonly number[] {
  return channel === 'webhook' ? HOOK_RETRY_AFTER_MS : RETRY_AFTER_MS;
}

function asked(retryAfterMs: number | null): number {
  return Math.min(retryAfterMs ?? 0, MAX_ASKED_MS);
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
