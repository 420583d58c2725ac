import { unreachable } from './unreachable.ts';

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
  for (let index = start; index < end; index++) sum += 2 ** (-(t - (times[index] ?? 0)) / durationMs);
  return sum;
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

/**
 * The first whole millisecond after `t` at which `points × Σ decay(age)` over the run, no event joining or leaving
 * it, rounds to something else; null when it never does. Since every decay only falls, the rounded value is monotone
 * in time and the instant is found by bisection, starting from the closed form for half-lives.
 */
export function nextDecayChange(
  rule: { readonly points: number; readonly decay: Decay | null; readonly run: Run },
  t: number,
): number | null {
  const { points, decay, run } = rule;
  if (decay === null) return null;
  const rounded = (at: number) => Math.abs(roundPoints(points * decaySum(decay, run, at)));
  const now = rounded(t);
  if (now === 0) return null;
  const [low, high] = bracket(rule, { t, now, decay });
  return firstBelow(now, rounded, low > t && rounded(low) < now ? [t, low] : [low, high]);
}

/** Narrows [low, high] (rounded(low) unchanged, rounded(high) fallen) to the first instant of the fall. */
function firstBelow(
  now: number,
  rounded: (at: number) => number,
  [from, to]: readonly [number, number],
): number {
  let low = from;
  let high = to;
  for (let step = 1; rounded(high) >= now; step *= 2) high += step;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (rounded(middle) < now) high = middle;
    else low = middle;
  }
  return high;
}

function bracket(
  rule: { readonly points: number; readonly run: Run },
  at: { readonly t: number; readonly now: number; readonly decay: Decay },
): readonly [number, number] {
  const { t, now, decay } = at;
  const last = rule.run.times[rule.run.end - 1] ?? t;
  switch (decay.kind) {
    case 'linear':
      return [t, last + decay.durationMs];
    case 'lose':
      return [t, last + Math.ceil(100 / decay.percent) * decay.everyMs];
    case 'halfLife': {
      const size = Math.abs(rule.points) * decaySum(decay, rule.run, t);
      const estimate = Math.floor(t + decay.durationMs * Math.log2(size / (now - 0.5 - 1e-9)));
      return [Math.max(t, estimate - 2), Math.max(t + 1, estimate + 2)];
    }
    default:
      return unreachable(decay);
  }
}
