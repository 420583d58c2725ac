/** The share of leads to which something has not happened, `ms` after their start, once that instant is over. */
export interface SurvivalStep {
  readonly ms: number;
  readonly share: number;
}

/** How long something takes, of leads to which it has happened and of leads to which it has not yet. */
export interface Survival {
  readonly events: number;
  readonly censored: number;
  /** Falls at every duration after which something happened, in order; before the first of them the share is 1. */
  readonly curve: readonly SurvivalStep[];
}

/**
 * The estimate of Kaplan and Meier (JASA 53, 1958) of how long something takes. `events` are the durations after which it
 * happened, `censored` those for which leads were watched without it; ms, in any order. Who was watched exactly as long as
 * an event took was still waiting for it.
 *
 * @example survive([1, 2], [2]).curve // [{ ms: 1, share: 2 / 3 }, { ms: 2, share: 1 / 3 }]
 */
export function survive(events: ArrayLike<number>, censored: ArrayLike<number>): Survival {
  const happened = Float64Array.from(events).sort();
  const watched = Float64Array.from(censored).sort();
  const curve: SurvivalStep[] = [];
  let gone = 0;
  // Since the last one who was no longer watched, shares are whole numbers of one fraction: no rounding adds up.
  let anchor = { share: 1, atRisk: happened.length + watched.length };
  for (let index = 0; index < happened.length; ) {
    const ms = happened[index] ?? 0;
    const before = gone;
    while ((watched[gone] ?? Number.POSITIVE_INFINITY) < ms) gone += 1;
    const atRisk = happened.length - index + watched.length - gone;
    if (gone > before) anchor = { share: curve.at(-1)?.share ?? 1, atRisk };
    while (happened[index] === ms) index += 1;
    const left = happened.length - index + watched.length - gone;
    curve.push({ ms, share: (anchor.share * left) / anchor.atRisk });
  }
  return { events: happened.length, censored: watched.length, curve };
}

/** What rounding may add to a share that is, exactly, a half or a tenth. */
const ROUNDING = 1e-12;

/**
 * The smallest duration (ms) after which at most `share` still wait; null where that is never reached.
 *
 * @example waitUntil(survive([1, 2, 3, 4], []), 0.5) // 2
 * @example waitUntil(survive([1], [2, 2]), 0.5) // null
 */
export function waitUntil({ curve }: Survival, share: number): number | null {
  let [low, high] = [0, curve.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve[middle]?.share ?? 0) <= share + ROUNDING) high = middle;
    else low = middle + 1;
  }
  return curve[low]?.ms ?? null;
}
