import { emptyFlow, type FlowState, trimFlow } from './flow.ts';
import type { Tally } from './tally.ts';

/**
 * How many of the oldest times of a flow are stored at least, and half of how many at most: a row stays within some
 * kilobytes, and the events themselves are read once for each 64 that leave by age.
 */
export const KEPT_TIMES = 64;

/** What a tally keeps of one slot, as plain data for a database: its flows, its rings, the patterns that begin with it. */
type PackedSlot = readonly unknown[];

/** The slots whose stored data an event of these slots changes. */
export function slotsTouched({ plan }: Tally, slots: readonly number[]): readonly number[] {
  const homes = slots.flatMap(slot =>
    (plan.bySlot[slot]?.patterns ?? []).map(pattern => homeOf(plan.patterns[pattern])),
  );
  return [...new Set([...slots, ...homes])];
}

/** The slots of a tally that hold anything. */
export function slotsHeld({ plan, flows, rings }: Tally): readonly number[] {
  return plan.bySlot.flatMap(({ flows: inFlows, rings: inRings }, slot) => {
    const isHeld =
      inFlows.some(index => (flows[index]?.count ?? 0) > 0) ||
      inRings.some(index => (rings[index]?.length ?? 0) > 0);
    return isHeld ? [slot] : [];
  });
}

/** Puts one slot of a tally into plain data; what is too much to store is left to be read from the events again. */
export function packSlot({ plan, flows, rings, completions }: Tally, slot: number): PackedSlot {
  const parts = plan.bySlot[slot];
  if (parts === undefined) return [];
  return [
    ...parts.flows.map(index => packFlow(flows[index] ?? emptyFlow())),
    ...parts.rings.map(index => rings[index] ?? []),
    ...homePatterns({ plan }, slot).map(index => finiteOrNull(completions[index])),
  ];
}

/** Takes one slot back into an empty tally; false when the data is not that of such a slot. */
export function unpackSlot(tally: Tally, slot: number, packed: unknown): boolean {
  const { plan, flows, rings, completions } = tally;
  const parts = plan.bySlot[slot];
  if (parts === undefined || !Array.isArray(packed)) return false;
  const patterns = homePatterns(tally, slot);
  if (packed.length !== parts.flows.length + parts.rings.length + patterns.length) return false;
  let next = 0;
  for (const index of parts.flows) {
    const state = flows[index];
    if (state === undefined || !unpackFlow(state, packed[next++])) return false;
  }
  for (const index of parts.rings) {
    const times = numbersIn(packed[next++]);
    if (times === null) return false;
    rings[index]?.push(...times);
  }
  for (const index of patterns) {
    const at: unknown = packed[next++];
    completions[index] = typeof at === 'number' ? at : Number.NEGATIVE_INFINITY;
  }
  return true;
}

function homePatterns({ plan }: Pick<Tally, 'plan'>, slot: number): readonly number[] {
  return (plan.bySlot[slot]?.patterns ?? []).filter(index => homeOf(plan.patterns[index]) === slot);
}

function homeOf(pattern: Tally['plan']['patterns'][number] | undefined): number {
  return pattern?.items[0]?.slot ?? 0;
}

function packFlow(state: FlowState): readonly unknown[] {
  trimFlow(state, KEPT_TIMES);
  const { count, last, anchor, sum, spilled, outUntil, times, counts, head } = state;
  return [
    count,
    finiteOrNull(last),
    anchor,
    sum,
    spilled,
    finiteOrNull(outUntil),
    times.slice(head),
    counts.slice(head),
  ];
}

function unpackFlow(state: FlowState, packed: unknown): boolean {
  if (!Array.isArray(packed)) return false;
  const [count, last, anchor, sum, spilled, outUntil]: readonly unknown[] = packed;
  const times = numbersIn(packed[6]);
  const counts = numbersIn(packed[7]);
  if (typeof count !== 'number' || typeof anchor !== 'number' || typeof sum !== 'number') return false;
  if (typeof spilled !== 'number' || times === null || counts === null) return false;
  state.count = count;
  state.last = typeof last === 'number' ? last : Number.NEGATIVE_INFINITY;
  state.anchor = anchor;
  state.sum = sum;
  state.spilled = spilled;
  state.outUntil = typeof outUntil === 'number' ? outUntil : Number.NEGATIVE_INFINITY;
  state.times = times;
  state.counts = counts;
  return true;
}

function numbersIn(raw: unknown): number[] | null {
  if (!Array.isArray(raw)) return null;
  const numbers: number[] = [];
  for (const item of raw) if (typeof item === 'number') numbers.push(item);
  return numbers.length === raw.length ? numbers : null;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
