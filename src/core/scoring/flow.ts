import { type Decay, halfLifeShare } from '../time/decay.ts';

/**
 * A stream of a slot's events of which only the number and one sum are kept: events count while their age is less than
 * `reachMs` (null: for ever). With a decay the sum is that of decay(age) over those that count.
 */
export interface Flow {
  readonly slot: number;
  readonly reachMs: number | null;
  readonly decay: Extract<Decay, { kind: 'halfLife' | 'linear' }> | null;
  /** ln 2 / half-life, per millisecond; 0 for any other decay. */
  readonly fadePerMs: number;
}

/**
 * Where a flow stands. Events leave it by age, oldest first, so the oldest are at hand: `times` (ascending, distinct)
 * with how many events each stands for, from `head` on. Those that are newer than the last of `times` are only in
 * `count` and `sum` (`spilled` of them) and are read again before they can leave. Times in epoch ms.
 */
export interface FlowState {
  count: number;
  last: number;
  /** What `sum` refers to: Σ 2^((time − anchor) / half-life), or Σ (time − anchor). */
  anchor: number;
  sum: number;
  times: number[];
  counts: number[];
  head: number;
  spilled: number;
  /** Events at or before this have left for good. */
  outUntil: number;
}

/** Below this many distinct times a sum is made afresh when some leave, so that nothing is left over by subtraction. */
const FRESH_BELOW = 32;
/** How many times that have left are kept in front before the lists are cut. */
const CUT_AT = 256;

/** A flow in which nothing has happened. */
export function emptyFlow(): FlowState {
  return {
    count: 0,
    last: Number.NEGATIVE_INFINITY,
    anchor: 0,
    sum: 0,
    times: [],
    counts: [],
    head: 0,
    spilled: 0,
    outUntil: Number.NEGATIVE_INFINITY,
  };
}

/** Forgets everything, so that a state can serve another contact. */
export function clearFlow(state: FlowState): void {
  state.count = 0;
  state.last = Number.NEGATIVE_INFINITY;
  state.anchor = 0;
  state.sum = 0;
  state.outUntil = Number.NEGATIVE_INFINITY;
  if (state.times.length === 0) return;
  state.times.length = 0;
  state.counts.length = 0;
  state.head = 0;
  state.spilled = 0;
}

/** Takes in an event at any time, in any order. */
export function addToFlow(flow: Flow, state: FlowState, at: number): void {
  if (at <= state.outUntil) return;
  addToSum(flow, state, at);
  state.count += 1;
  if (at > state.last) state.last = at;
  if (flow.reachMs !== null) remember(state, at);
}

function addToSum({ decay }: Flow, state: FlowState, at: number): void {
  if (decay === null) return;
  if (state.count === 0) {
    state.anchor = at;
    state.sum = decay.kind === 'linear' ? 0 : 1;
  } else if (decay.kind === 'linear') {
    state.sum += at - state.anchor;
  } else if (at >= state.anchor) {
    // The anchor moves on with the newest event: a sum measured from far back would outgrow every number.
    state.sum = state.sum * halfLifeShare(at - state.anchor, decay.durationMs) + 1;
    state.anchor = at;
  } else {
    state.sum += halfLifeShare(state.anchor - at, decay.durationMs);
  }
}

function remember(state: FlowState, at: number): void {
  const { times, counts } = state;
  const newest = times.length > state.head ? (times[times.length - 1] ?? at) : Number.NEGATIVE_INFINITY;
  if (at > newest) {
    if (state.spilled > 0) state.spilled += 1;
    else {
      times.push(at);
      counts.push(1);
    }
  } else if (at === newest) {
    counts[counts.length - 1] = (counts[counts.length - 1] ?? 0) + 1;
  } else insert(state, at);
}

function insert({ times, counts, head }: FlowState, at: number): void {
  let index = times.length;
  while (index > head && (times[index - 1] ?? at) > at) index -= 1;
  if (index > head && times[index - 1] === at) counts[index - 1] = (counts[index - 1] ?? 0) + 1;
  else {
    times.splice(index, 0, at);
    counts.splice(index, 0, 1);
  }
}

/** Keeps only the `keep` oldest times at hand where they are more than twice as many; the others count as spilled. */
export function trimFlow(state: FlowState, keep: number): void {
  if (state.times.length - state.head <= 2 * keep) return;
  for (const count of state.counts.slice(state.head + keep)) state.spilled += count;
  state.times = state.times.slice(state.head, state.head + keep);
  state.counts = state.counts.slice(state.head, state.head + keep);
  state.head = 0;
}

/**
 * Takes events that were spilled to hand again: `times` are the next ones of the slot after the last at hand, ascending, all
 * that fall on one instant together.
 */
export function refillFlow(state: FlowState, times: readonly number[]): void {
  for (const at of times) {
    const end = state.times.length - 1;
    if (end >= state.head && state.times[end] === at) state.counts[end] = (state.counts[end] ?? 0) + 1;
    else {
      state.times.push(at);
      state.counts.push(1);
    }
    state.spilled -= 1;
  }
}

/** The first instant for which a flow can no longer tell who counts, as the next to leave was spilled; else infinity. */
export function horizonOf(flow: Flow, state: FlowState): number {
  if (state.spilled === 0 || flow.reachMs === null) return Number.POSITIVE_INFINITY;
  return (state.times.at(-1) ?? Number.NEGATIVE_INFINITY) + flow.reachMs;
}

/** Lets events leave that are too old at `t`, which must lie before the horizon. */
export function advanceFlow(flow: Flow, state: FlowState, t: number): void {
  if (flow.reachMs === null) return;
  const outUntil = t - flow.reachMs;
  if (outUntil <= state.outUntil) return;
  state.outUntil = outUntil;
  const head = state.head;
  while (state.head < state.times.length && (state.times[state.head] ?? 0) <= outUntil) {
    const count = state.counts[state.head] ?? 0;
    state.count -= count;
    state.sum -= count * termOf(flow, state, state.times[state.head] ?? 0);
    state.head += 1;
  }
  if (state.head === head) return;
  if (state.count === 0) state.sum = 0;
  else if (state.spilled === 0 && state.times.length - state.head < FRESH_BELOW)
    state.sum = freshSum(flow, state, state.head);
  if (state.head >= CUT_AT && state.head * 2 > state.times.length) {
    state.times = state.times.slice(state.head);
    state.counts = state.counts.slice(state.head);
    state.head = 0;
  }
}

function freshSum(flow: Flow, state: FlowState, from: number): number {
  let sum = 0;
  for (let index = from; index < state.times.length; index++) {
    sum += (state.counts[index] ?? 0) * termOf(flow, state, state.times[index] ?? 0);
  }
  return sum;
}

function termOf({ decay }: Flow, { anchor }: FlowState, time: number): number {
  if (decay === null) return 0;
  return decay.kind === 'linear' ? time - anchor : halfLifeShare(anchor - time, decay.durationMs);
}

/** The first of the times at hand that still counts at `t`. */
function firstAlive({ reachMs }: Flow, { times, head }: FlowState, t: number): number {
  if (reachMs === null) return head;
  let index = head;
  while (index < times.length && (times[index] ?? 0) <= t - reachMs) index += 1;
  return index;
}

/** How many events count at `t`: not before the last event, and before the horizon. */
export function countAt(flow: Flow, state: FlowState, t: number): number {
  return flow.reachMs === null ? state.count : countOfEnding(flow, state, t);
}

function countOfEnding(flow: Flow, state: FlowState, t: number): number {
  const first = firstAlive(flow, state, t);
  let count = state.count;
  for (let index = state.head; index < first; index++) count -= state.counts[index] ?? 0;
  return count;
}

/** The sum of decay(age) over the events that count at `t`: not before the last event, and before the horizon. */
export function sumAt(flow: Flow, state: FlowState, t: number): number {
  // The commonest kind, and the one that replays spend their time on: short, so that the engine can inline it.
  if (flow.reachMs === null && flow.fadePerMs > 0)
    return state.sum * Math.exp((state.anchor - t) * flow.fadePerMs);
  return sumOfEnding(flow, state, t);
}

function sumOfEnding(flow: Flow, state: FlowState, t: number): number {
  const { decay } = flow;
  const first = firstAlive(flow, state, t);
  let { count, sum } = state;
  if (first !== state.head) {
    for (let index = state.head; index < first; index++) {
      count -= state.counts[index] ?? 0;
      sum -= (state.counts[index] ?? 0) * termOf(flow, state, state.times[index] ?? 0);
    }
    if (state.spilled === 0 && state.times.length - first < FRESH_BELOW) sum = freshSum(flow, state, first);
  }
  if (count === 0 || decay === null) return count;
  // Whole numbers until the one division at the end: no order of arrival can change a linear sum.
  if (decay.kind === 'linear')
    return (count * (decay.durationMs - (t - state.anchor)) + sum) / decay.durationMs;
  return sum * halfLifeShare(t - state.anchor, decay.durationMs);
}

/** When the next event leaves a flow after `t`; null when none does by age alone, or the horizon comes first. */
export function leavesAfter(flow: Flow, state: FlowState, t: number): number | null {
  if (flow.reachMs === null) return null;
  const next = state.times[firstAlive(flow, state, t)];
  return next === undefined ? null : next + flow.reachMs;
}
