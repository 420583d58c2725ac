/** Chance that a seed decides: the same seed gives the same draws. */
export interface Chance {
  /** A number in [0, 1). */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly int: (low: number, high: number) => number;
  /** True with this probability. */
  readonly hit: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** One of the items, each as likely as its weight. */
  readonly weighted: <Item>(items: readonly (readonly [item: Item, weight: number])[]) => Item;
  readonly shuffled: <Item>(items: readonly Item[]) => Item[];
}

/** Makes chance out of a seed (sfc32 over splitmix32, by Chris Doty-Humphrey and Sebastiano Vigna). */
export function makeChance(seed: number): Chance {
  let mixed = seed >>> 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), 1];
  const next = () => {
    const t = (((a + b) >>> 0) + d) >>> 0;
    d = (d + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + t) >>> 0;
    return t / 2 ** 32;
  };
  for (let warm = 0; warm < 12; warm++) next();
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  };
  return {
    next,
    int,
    pick,
    hit: probability => next() < probability,
    weighted: items => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(items)[0];
    },
    shuffled: items => {
      const rest = [...items];
      for (let place = rest.length - 1; place > 0; place--) {
        const other = int(0, place);
        const [x, y] = [rest[place], rest[other]];
        if (x !== undefined && y !== undefined) [rest[place], rest[other]] = [y, x];
      }
      return rest;
    },
  };
}

/** The item that a number picks among what there is; null where there is nothing. */
export function chosen<Item>(items: readonly Item[], pick: number): Item | null {
  return items[pick % Math.max(1, items.length)] ?? null;
}

let ids = makeChance(0);

/** Starts the row of ids anew, so that a world makes the same ones each time. */
export function seedIds(seed: number): void {
  ids = makeChance(seed ^ 0x5eed1d5);
}

/** The next id of the row, in the form of a version 4 UUID. */
export function nextId(): string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(ids.next() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
