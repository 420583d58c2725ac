import type { EventMatch } from '../condition/event.ts';
import type { Flow } from './flow.ts';
import type { Pattern, Ring, TallyPlan } from './tally.ts';

/** Hands out numbers for the parts of a tally while an agreement is compiled; equal parts get the same number. */
export interface Trackers {
  readonly slot: (match: EventMatch | null) => number;
  readonly ring: (slot: number, size: number) => number;
  readonly flow: (flow: Flow) => number;
  readonly pattern: (pattern: Pattern) => number;
  readonly matches: () => readonly (EventMatch | null)[];
  readonly plan: () => TallyPlan;
}

/** Trackers of nothing yet; slot 0 is that of every event. */
export function makeTrackers(): Trackers {
  const slots = makeNumbering<EventMatch | null>();
  const rings = makeNumbering<Ring>();
  const flows = makeNumbering<Flow>();
  const patterns = makeNumbering<Pattern>();
  slots.number(null);
  return {
    slot: slots.number,
    ring: (slot, size) => rings.number({ slot, size }),
    flow: flows.number,
    pattern: patterns.number,
    matches: () => slots.items,
    plan: () => ({
      flows: flows.items,
      rings: rings.items,
      patterns: patterns.items,
      bySlot: slots.items.map((_, slot) => ({
        flows: numbersOf(flows.items, flow => flow.slot === slot),
        rings: numbersOf(rings.items, ring => ring.slot === slot),
        patterns: numbersOf(patterns.items, ({ items }) => items.some(item => item.slot === slot)),
      })),
    }),
  };
}

function makeNumbering<Item>() {
  const items: Item[] = [];
  const numbers = new Map<string, number>();
  return {
    items,
    number: (item: Item): number => {
      const name = JSON.stringify(item);
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, items.length);
      return items.push(item) - 1;
    },
  };
}

function numbersOf<Item>(items: readonly Item[], belongs: (item: Item) => boolean): readonly number[] {
  return items.flatMap((item, index) => (belongs(item) ? [index] : []));
}
