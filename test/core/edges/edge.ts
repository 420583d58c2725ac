import { durationMs, instantThere, printed } from '../reference/time.ts';

/** One edge of the agreement's page: what is asked, and what the first printed object has at the named keys. */
export type Edge = {
  readonly name: string;
  /** Laid over an agreement with the one score `fit` and no rules. */
  readonly agreement: Readonly<Record<string, unknown>>;
  /** Laid over the contact `c1`, created at the start of 2026; several lines stand as they are. */
  readonly contacts?: readonly Readonly<Record<string, unknown>>[];
  readonly events?: readonly Readonly<Record<string, unknown>>[];
  readonly at?: string;
  readonly expected: Readonly<Record<string, unknown>>;
};

/** The instant at which an edge is asked unless it says otherwise. */
export const noon = '2026-03-01T12:00:00.000Z';

/** The start of 2026, when contacts of edges were created unless they say otherwise. */
export const newYear = '2026-01-01T00:00:00.000Z';

/** An instant before noon by a duration, and a few milliseconds later than that. */
export function ago(duration: string, laterMs = 0): string {
  return printed(instantThere(noon) - durationMs(duration) + laterMs);
}

/** An instant after noon by a duration, and a few milliseconds later than that. */
export function later(duration: string, laterMs = 0): string {
  return printed(instantThere(noon) + durationMs(duration) + laterMs);
}

/** A track call of `c1`, with a message id that its name and time make. */
export function track(
  event: string,
  timestamp: string,
  extra: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { messageId: `${event} ${timestamp}`, userId: 'c1', type: 'track', event, timestamp, ...extra };
}

/** An agreement of one rule, `r`, worth 10 points unless its keys say otherwise. */
export function rule(keys: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { rules: [{ id: 'r', score: 'fit', points: 10, ...keys }] };
}

/** The line of the rule `r`. */
export function line(points: number, keys: Readonly<Record<string, unknown>> = {}): object {
  return { rule: 'r', label: 'r', score: 'fit', points, ...keys };
}

/** What is printed where the rule `r` contributes nothing. */
export const none = { lines: [], total: 0, scores: { fit: 0 } };
