/** When a rule last told of a contact, and how many it has held back since. Times in epoch ms. */
export interface Throttle {
  readonly sentAt: number;
  /** Until when it tells nothing more. */
  readonly untilAt: number;
  readonly held: number;
  /** When the first of these was held back. */
  readonly heldSince: number | null;
}

/** What becomes of a rule that was raised: it tells, with how many it told nothing of since; or it holds back. */
type Throttled =
  | {
      readonly kind: 'tell';
      readonly state: Throttle;
      readonly grouped: { readonly count: number; readonly since: number } | null;
    }
  | { readonly kind: 'hold'; readonly state: Throttle };

/**
 * Decides whether a rule that was raised `count` times at `now` tells of it: at most once in `everyMs`. What it holds back
 * is told with the next one, so that nothing is lost.
 *
 * @example throttle(null, { now: 0, everyMs: 10, count: 1 }).kind // 'tell'
 * @example throttle({ sentAt: 0, untilAt: 10, held: 0, heldSince: null }, { now: 5, everyMs: 10, count: 1 }).kind // 'hold'
 */
export function throttle(
  state: Throttle | null,
  raised: { readonly now: number; readonly everyMs: number; readonly count: number },
): Throttled {
  const { now, everyMs, count } = raised;
  const held = (state?.held ?? 0) + count;
  const heldSince = state?.heldSince ?? now;
  if (state !== null && now < state.untilAt) return { kind: 'hold', state: { ...state, held, heldSince } };
  return {
    kind: 'tell',
    state: { sentAt: now, untilAt: now + everyMs, held: 0, heldSince: null },
    grouped: held > 1 ? { count: held - 1, since: heldSince } : null,
  };
}

/**
 * What a rule tells when its time is over: of those held back, the last, with how many more there were; null when nothing
 * was held back.
 *
 * @example release({ sentAt: 0, untilAt: 10, held: 3, heldSince: 4 }, { now: 10, everyMs: 10 })?.grouped // { count: 2, since: 4 }
 */
export function release(
  state: Throttle,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): Extract<Throttled, { kind: 'tell' }> | null {
  if (state.held === 0 || now < state.untilAt) return null;
  const told = throttle({ ...state, held: state.held - 1 }, { now, everyMs, count: 1 });
  return told.kind === 'tell' ? told : null;
}
