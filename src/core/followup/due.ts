/** What sales does with a handoff, and by when; instants in epoch ms, null where the agreement sets no clock. */
interface Clocks {
  readonly firstTouchAt: number | null;
  readonly firstTouchDueAt: number | null;
  readonly decisionDueAt: number | null;
}

/** The next thing to be done, and by when (epoch ms). */
interface Due {
  readonly kind: 'firstTouch' | 'decision';
  readonly at: number;
}

/**
 * Tells what is due next on a handoff that is still to be decided: the first touch until there was one, then the
 * decision; null where that has no clock.
 *
 * @example nextDue({ firstTouchAt: null, firstTouchDueAt: 5, decisionDueAt: 9 }) // { kind: 'firstTouch', at: 5 }
 * @example nextDue({ firstTouchAt: 4, firstTouchDueAt: 5, decisionDueAt: 9 }) // { kind: 'decision', at: 9 }
 */
export function nextDue({ firstTouchAt, firstTouchDueAt, decisionDueAt }: Clocks): Due | null {
  const kind = firstTouchAt === null ? 'firstTouch' : 'decision';
  const at = kind === 'firstTouch' ? firstTouchDueAt : decisionDueAt;
  return at === null ? null : { kind, at };
}
