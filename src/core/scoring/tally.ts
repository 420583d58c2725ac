import {
  addToFlow,
  advanceFlow,
  clearFlow,
  emptyFlow,
  type Flow,
  type FlowState,
  horizonOf,
} from './flow.ts';

/** The latest times of a slot: as many as a `limit` or `times` asks for. */
export interface Ring {
  readonly slot: number;
  readonly size: number;
}

/** A pattern: its items by slot, with the ring that holds the latest of each. */
export interface Pattern {
  readonly items: readonly { readonly slot: number; readonly times: number; readonly ring: number }[];
  readonly withinMs: number;
}

/** What a program keeps of a contact's events, and which parts of it an event of a slot moves. */
export interface TallyPlan {
  readonly flows: readonly Flow[];
  readonly rings: readonly Ring[];
  readonly patterns: readonly Pattern[];
  readonly bySlot: readonly {
    readonly flows: readonly number[];
    readonly rings: readonly number[];
    readonly patterns: readonly number[];
  }[];
}

/**
 * The evidence of one contact that a program needs, and no more: taking in an event costs by the rules that match it, not
 * by the history. Holds the events up to some instant and can be asked about that instant and later ones.
 */
export interface Tally {
  readonly plan: TallyPlan;
  readonly flows: readonly FlowState[];
  /** The latest times of each ring, ascending. */
  readonly rings: readonly number[][];
  /** When each pattern was completed last; minus infinity for never. */
  readonly completions: number[];
}

/** The ascending times of a contact's events in each slot of a program, machine-made ones left out. */
export type History = readonly (readonly number[])[];

/** The tally of every plan that keeps nothing: there is nothing in it to change. */
const NO_DIGEST: Tally = {
  plan: { flows: [], rings: [], patterns: [], bySlot: [] },
  flows: [],
  rings: [],
  completions: [],
};

/** A tally of no events. */
export function emptyTally(plan: TallyPlan): Tally {
  if (plan.flows.length === 0 && plan.rings.length === 0) return NO_DIGEST;
  const flows: FlowState[] = [];
  const rings: number[][] = [];
  const completions: number[] = [];
  for (const _flow of plan.flows) flows.push(emptyFlow());
  for (const _ring of plan.rings) rings.push([]);
  for (const _pattern of plan.patterns) completions.push(Number.NEGATIVE_INFINITY);
  return { plan, flows, rings, completions };
}

/** Forgets everything, so that a tally can serve another contact. */
export function clearTally({ flows, rings, completions }: Tally): void {
  for (const flow of flows) clearFlow(flow);
  for (const ring of rings) ring.length = 0;
  completions.fill(Number.NEGATIVE_INFINITY);
}

/** A tally of a whole history. */
export function tallyOf(plan: TallyPlan, history: History): Tally {
  const tally = emptyTally(plan);
  if (history.length === 0) return tally;
  for (let index = 0; index < plan.flows.length; index++) {
    const flow = plan.flows[index];
    const state = tally.flows[index];
    if (flow === undefined || state === undefined) continue;
    for (const at of history[flow.slot] ?? []) addToFlow(flow, state, at);
  }
  for (let index = 0; index < plan.rings.length; index++) {
    const { slot, size } = plan.rings[index] ?? { slot: 0, size: 0 };
    tally.rings[index]?.push(...(history[slot] ?? []).slice(-size));
  }
  for (let index = 0; index < plan.patterns.length; index++) {
    const pattern = plan.patterns[index];
    const completedAt = pattern === undefined ? null : latestCompletion(pattern, history);
    tally.completions[index] = completedAt ?? Number.NEGATIVE_INFINITY;
  }
  return tally;
}

const NO_PATTERNS: readonly number[] = [];

/**
 * Takes in an event that matches some slots. Returns the patterns that it may have completed at a time already past,
 * which only the events around it can tell (see `completePattern`): none when it is the newest.
 */
export function addEvent(tally: Tally, at: number, slots: readonly number[]): readonly number[] {
  const { plan } = tally;
  let late: readonly number[] = NO_PATTERNS;
  for (const slot of slots) {
    const touched = plan.bySlot[slot];
    if (touched === undefined) continue;
    for (const index of touched.flows) {
      const flow = plan.flows[index];
      const state = tally.flows[index];
      if (flow !== undefined && state !== undefined) addToFlow(flow, state, at);
    }
    for (const index of touched.rings) addToRing(tally.rings[index], at, plan.rings[index]?.size ?? 0);
  }
  for (const slot of slots) {
    for (const index of plan.bySlot[slot]?.patterns ?? NO_PATTERNS) {
      if (!settlePattern(tally, index, at) && !late.includes(index)) late = [...late, index];
    }
  }
  return late;
}

function addToRing(ring: number[] | undefined, at: number, size: number): void {
  if (ring === undefined) return;
  if (at >= (ring[ring.length - 1] ?? at)) ring.push(at);
  else {
    let index = ring.length;
    while (index > 0 && (ring[index - 1] ?? at) > at) index -= 1;
    ring.splice(index, 0, at);
  }
  if (ring.length > size) ring.shift();
}

/** Looks whether a pattern is completed by an event at `at`; false when the event is late and this cannot be told. */
function settlePattern(tally: Tally, index: number, at: number): boolean {
  const pattern = tally.plan.patterns[index];
  if (pattern === undefined) return true;
  const completedAt = tally.completions[index] ?? Number.NEGATIVE_INFINITY;
  if (completedAt >= at + pattern.withinMs) return true;
  const isLate = pattern.items.some(({ ring }) => (tally.rings[ring]?.at(-1) ?? at) > at);
  if (isLate) return lacksItem(tally, pattern, at);
  const isMet = pattern.items.every(({ ring, times }) => {
    const latest = tally.rings[ring];
    const first = latest?.[latest.length - times];
    return first !== undefined && first > at - pattern.withinMs;
  });
  if (isMet) tally.completions[index] = at;
  return true;
}

/** Whether some item has too few events, or none since `at - withinMs`, for an event at `at` to complete anything. */
function lacksItem(tally: Tally, { items, withinMs }: Pattern, at: number): boolean {
  return items.some(({ ring, times }) => {
    const latest = tally.rings[ring] ?? [];
    return latest.length < times || (latest.at(-1) ?? at) <= at - withinMs;
  });
}

/** Sets a pattern's latest completion from the events around a late one: all of its items' within (at ± within). */
export function completePattern(tally: Tally, index: number, around: History): void {
  const pattern = tally.plan.patterns[index];
  if (pattern === undefined) return;
  const completedAt = latestCompletion(pattern, around);
  const known = tally.completions[index] ?? Number.NEGATIVE_INFINITY;
  if (completedAt !== null && completedAt > known) tally.completions[index] = completedAt;
}

/** Lets everything leave that is too old at `t`. */
export function advanceTally({ plan, flows }: Tally, t: number): void {
  for (let index = 0; index < flows.length; index++) {
    const flow = plan.flows[index];
    const state = flows[index];
    if (flow !== undefined && state !== undefined) advanceFlow(flow, state, t);
  }
}

/** The first instant about which a tally can no longer tell without reading events again; infinity for never. */
export function horizonOfTally({ plan, flows }: Tally): number {
  let horizon = Number.POSITIVE_INFINITY;
  plan.flows.forEach((flow, index) => {
    const state = flows[index];
    if (state !== undefined) horizon = Math.min(horizon, horizonOf(flow, state));
  });
  return horizon;
}

/** How many of the ascending times are at or before `t`. */
export function countUntil(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The latest instant at which a pattern completes: an event matches one of its items, and each item has its number of
 * matches within the pattern's span. Walks the items' events backwards; null when it never does.
 */
function latestCompletion({ items, withinMs }: Pattern, history: History): number | null {
  for (let until = Number.POSITIVE_INFINITY; ; ) {
    const at = latestEvent(items, history, until);
    if (at === null) return null;
    const isComplete = items.every(({ slot, times: needed }) => {
      const times = history[slot] ?? [];
      const first = times[countUntil(times, at) - needed];
      return first !== undefined && first > at - withinMs;
    });
    if (isComplete) return at;
    until = at - 1;
  }
}

function latestEvent(items: Pattern['items'], history: History, until: number): number | null {
  let latest: number | null = null;
  for (const { slot } of items) {
    const times = history[slot] ?? [];
    const at = times[countUntil(times, until) - 1];
    if (at !== undefined && (latest === null || at > latest)) latest = at;
  }
  return latest;
}
