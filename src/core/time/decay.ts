import { unreachable } from '../unreachable.ts';

/** How the worth of an event fades with its age; durations in milliseconds, `percent` whole, 1 to 100. */
export type Decay =
  | { readonly kind: 'halfLife'; readonly durationMs: number }
  | { readonly kind: 'linear'; readonly durationMs: number }
  | { readonly kind: 'lose'; readonly percent: number; readonly everyMs: number };

/** A run of ascending times: those from `start` up to, not including, `end`. */
export interface Run {
  readonly times: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * The sum of decay(age) over a run of times at `t`. Linear and stepwise sums are exact: they are added as whole
 * numbers and divided once, so no order of addition can change them.
 *
 * @example decaySum({ kind: 'linear', durationMs: 10 }, { times: [0, 5], start: 0, end: 2 }, 5) // 1.5
 */
export function decaySum(decay: Decay | null, run: Run, t: number): number {
  if (decay === null) return run.end - run.start;
  switch (decay.kind) {
    case 'halfLife':
      return halfLifeSum(decay.durationMs, run, t);
    case 'linear':
      return linearSum(decay.durationMs, run, t);
    case 'lose':
      return loseSum(decay, run, t);
    default:
      return unreachable(decay);
  }
}

function halfLifeSum(durationMs: number, { times, start, end }: Run, t: number): number {
  let sum = 0;
  for (let index = start; index < end; index++) sum += halfLifeShare(t - (times[index] ?? 0), durationMs);
  return sum;
}

/**
 * What is left of one after an age, when half of it is gone after each half-life: 2^(−age / halfLife). Through `exp`, which
 * takes a quarter of the time of a power; the rule for values just short of a half makes up for the last digit.
 *
 * @example halfLifeShare(0, 10) // 1
 */
export function halfLifeShare(ageMs: number, halfLifeMs: number): number {
  return Math.exp((-Math.LN2 * ageMs) / halfLifeMs);
}

function linearSum(durationMs: number, { times, start, end }: Run, t: number): number {
  let left = 0;
  for (let index = end - 1; index >= start; index--) {
    const age = t - (times[index] ?? 0);
    if (age >= durationMs) break;
    left += durationMs - age;
  }
  return left / durationMs;
}

function loseSum(decay: Extract<Decay, { kind: 'lose' }>, { times, start, end }: Run, t: number): number {
  let left = 0;
  for (let index = end - 1; index >= start; index--) {
    const percent = 100 - decay.percent * Math.floor((t - (times[index] ?? 0)) / decay.everyMs);
    if (percent <= 0) break;
    left += percent;
  }
  return left / 100;
}

/**
 * Rounds a rule's value to whole points: once, to the nearest; a value less than 1e-9 short of a half counts as the
 * half, and halves go away from zero.
 *
 * @example roundPoints(-2.5) // -3
 */
export function roundPoints(value: number): number {
  const size = Math.floor(Math.abs(value) + 0.5 + 1e-9);
  return value < 0 && size > 0 ? -size : size;
}

/** A value that only falls in size as time passes, rounded to whole points at any instant; epoch ms. */
interface Fading {
  readonly points: number;
  readonly decay: Decay;
  /** When the newest of the events that it counts happened. */
  readonly last: number;
  /** Σ decay(age) at an instant. */
  readonly sumAt: (t: number) => number;
}

/**
 * The first whole millisecond after `t` and before `until` at which `points × Σ decay(age)`, no event joining, rounds to
 * something else; null when it does not. Since every decay only falls, the rounded value is monotone in time and the
 * instant is found by bisection, starting from the closed form for half-lives.
 */
export function nextFade(fading: Fading, t: number, until: number | null): number | null {
  const rounded = (at: number) => Math.abs(roundPoints(fading.points * fading.sumAt(at)));
  const now = rounded(t);
  if (now === 0) return null;
  const [from, to] = bracket(fading, t, now);
  let low = from > t && (until === null || from < until) && rounded(from) === now ? from : t;
  let high = Math.max(to, low + 1);
  for (let step = 1; until === null || high < until; step *= 2) {
    if (rounded(high) < now) break;
    low = high;
    high += step;
  }
  if (until !== null && high >= until) {
    high = until;
    if (high - 1 <= low || rounded(high - 1) === now) return null;
    high -= 1;
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (rounded(middle) < now) high = middle;
    else low = middle;
  }
  return high;
}

/** Two instants between which the value should fall below what it rounds to now. */
function bracket({ points, decay, last, sumAt }: Fading, t: number, now: number): readonly [number, number] {
  switch (decay.kind) {
    case 'linear':
      return [t, last + decay.durationMs];
    case 'lose':
      return [t, last + Math.ceil(100 / decay.percent) * decay.everyMs];
    case 'halfLife': {
      const size = Math.abs(points) * sumAt(t);
      const estimate = Math.floor(t + decay.durationMs * Math.log2(size / (now - 0.5 - 1e-9)));
      return [Math.max(t, estimate - 2), Math.max(t + 1, estimate + 2)];
    }
    default:
      return unreachable(decay);
  }
}
