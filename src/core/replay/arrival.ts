import { addEvent, type History, type Tally } from '../scoring/tally.ts';

/**
 * The events of one contact, ascending by time, as a stretch of columns that many contacts share: when each happened, and
 * which of `sets` holds the slots that it matches.
 */
export interface Arrivals {
  readonly at: ArrayLike<number>;
  readonly set: ArrayLike<number>;
  readonly sets: readonly (readonly number[])[];
  readonly start: number;
  readonly end: number;
}

/** The arrivals of a history by slots: those of one instant stand together. */
export function arrivalsIn(history: History): Arrivals {
  const entries = history.flatMap((times, slot) => times.map(at => ({ at, slot })));
  entries.sort((a, b) => a.at - b.at);
  const at: number[] = [];
  const sets: number[][] = [];
  for (const entry of entries) {
    if (at.at(-1) !== entry.at) {
      at.push(entry.at);
      sets.push([]);
    }
    sets.at(-1)?.push(entry.slot);
  }
  return { at, set: at.map((_, index) => index), sets, start: 0, end: at.length };
}

const NO_SLOTS: readonly number[] = [];

/** The slots that an arrival matches. */
export function slotsOf({ set, sets }: Arrivals, index: number): readonly number[] {
  return sets[set[index] ?? 0] ?? NO_SLOTS;
}

/** Adds the arrivals from the number `next` on up to the instant `until` to a tally; returns the number of the next one. */
export function addArrivals(
  tally: Tally,
  arrivals: Arrivals,
  { next, until }: { readonly next: number; readonly until: number },
): number {
  const { at, end } = arrivals;
  let index = next;
  for (; index < end && (at[index] ?? 0) <= until; index++)
    addEvent(tally, at[index] ?? 0, slotsOf(arrivals, index));
  return index;
}
