const MINUTE = 60_000;

/** Failures count together for so long, and so long after the last wait the next one is a first one again. */
const WINDOW_MS = 15 * MINUTE;
/** The first wait; each failure after it doubles the next, up to the longest. */
const FIRST_WAIT_MS = MINUTE;
const LONGEST_WAIT_MS = 15 * MINUTE;

/**
 * What attempts are counted for: the account that somebody tries, the address that they come from, and the mailbox to which
 * links for a forgotten password are sent.
 */
export type SubjectKind = 'account' | 'address' | 'mailbox';

/**
 * How many attempts may fail before the next one must wait. A person mistypes a few times; behind one address there may be
 * a whole office, or a program that tries one password on every account. A mailbox should not be filled by a stranger.
 */
const MOST_FAILURES: Readonly<Record<SubjectKind, number>> = {
  account: 10,
  address: 100,
  mailbox: 4,
};

/** The failed attempts that count against a subject. Times are epoch ms. */
export interface Attempts {
  readonly failures: number;
  /** Until when every attempt is refused, the right one too; null while none is. */
  readonly refusedUntil: number | null;
  /** From when on none of these failures counts. */
  readonly overAt: number;
}

/** How long a subject must wait for its next attempt, in ms; 0 where it need not. */
export function waitOf({ refusedUntil }: Attempts, now: number): number {
  return Math.max(0, (refusedUntil ?? 0) - now);
}

/**
 * Counts an attempt as failed. It is counted before it is made, so that many at once are not more than many in a row;
 * {@link takeBackAttempt} is for the one that succeeds.
 *
 * @example addAttempt('account', { failures: 0, refusedUntil: null, overAt: 0 }, 1000).failures // 1
 */
export function addAttempt(kind: SubjectKind, before: Attempts, now: number): Attempts {
  const isOver = before.overAt <= now;
  const failures = (isOver ? 0 : before.failures) + 1;
  const over = failures - MOST_FAILURES[kind];
  if (over < 0) return { failures, refusedUntil: null, overAt: isOver ? now + WINDOW_MS : before.overAt };
  const refusedUntil = now + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** over);
  return { failures, refusedUntil, overAt: refusedUntil + WINDOW_MS };
}

/** The same without one attempt, which has succeeded after all, and without a wait that it alone has begun. */
export function takeBackAttempt(kind: SubjectKind, { failures, ...rest }: Attempts): Attempts {
  const left = Math.max(0, failures - 1);
  return { ...rest, failures: left, refusedUntil: left < MOST_FAILURES[kind] ? null : rest.refusedUntil };
}

/**
 * The part of an address that one caller has to themselves: an IPv4 address, or the first 64 bits of an IPv6 address,
 * since every household has as many of those as it likes.
 *
 * @example networkOf('::ffff:192.0.2.7') // '192.0.2.7'
 * @example networkOf('2001:db8::7') // '2001:db8:0:0'
 */
export function networkOf(address: string): string {
  // Some proxies pass the port on as well, which differs from call to call.
  const text = address.toLowerCase().replace(/^\[(.*)\](?::\d+)?$/, '$1');
  const [, v4] = /^(?:::ffff:)?(\d+(?:\.\d+){3})(?::\d+)?$/.exec(text) ?? [];
  if (v4 !== undefined || !text.includes(':')) return v4 ?? text;
  const [head = [], tail = []] = text.split('::').map(part => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':');
}
