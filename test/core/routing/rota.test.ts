import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type By,
  EMPTY_ROTA,
  nextOf,
  type Rota,
  type RotaStep,
  rotaOf,
  stepRota,
} from '../../../src/core/routing/rota.ts';

const NOBODY_BUSY: ReadonlyMap<string, number> = new Map();

function teamOf(weights: Readonly<Record<string, number>>): Rota {
  return rotaOf(Object.entries(weights).map(([userId, weight]) => ({ kind: 'joined', userId, weight })));
}

const idsOf = ({ places }: Rota) => places.map(({ userId }) => userId);

/** Gives one lead out; who got it, and the rota after it. */
function give(
  rota: Rota,
  {
    available = idsOf(rota),
    by = 'weighted',
    open = NOBODY_BUSY,
  }: Partial<Parameters<typeof nextOf>[1]> = {},
): { readonly userId: string; readonly rota: Rota } {
  const userId = nextOf(rota, { available, by, open });
  if (userId === null) throw new Error('nobody was next');
  return { userId, rota: stepRota(rota, { kind: 'assigned', userId, by, available }) };
}

/** Gives out `count` leads and calls back after each. */
function giveOut(
  start: Rota,
  count: number,
  check: (given: ReadonlyMap<string, number>, total: number) => void,
  by: By = 'weighted',
): Rota {
  const given = new Map(idsOf(start).map(id => [id, 0]));
  let rota = start;
  for (let total = 1; total <= count; total++) {
    const next = give(rota, { by });
    given.set(next.userId, (given.get(next.userId) ?? 0) + 1);
    rota = next.rota;
    check(given, total);
  }
  return rota;
}

/** How far the worst-off of all is from its weighted share. */
function furthest(
  weights: Readonly<Record<string, number>>,
  given: ReadonlyMap<string, number>,
  total: number,
): number {
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  return Math.max(
    ...Object.entries(weights).map(([id, weight]) => Math.abs((given.get(id) ?? 0) - (total * weight) / sum)),
  );
}

const SOME_WEIGHTS = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.05, max: 10, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  })
  .map(weights => Object.fromEntries(weights.map((weight, index) => [`m${index}`, weight])));

describe('shares', () => {
  test.each([
    ['equal', { a: 1, b: 1, c: 1 }],
    ['uneven', { a: 5, b: 3, c: 1, d: 0.5 }],
    // One heavy member among many light ones: the lowest pass alone lets the light ones in all at once.
    ['one heavy', { heavy: 100, ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}`, 1])) }],
    ['thirds', { a: 1 / 3, b: 1 / 7, c: 0.1, d: 0.7 }],
  ])(
    'over 10,000 leads everybody is within one lead of their share at every moment: %s',
    (_name, weights) => {
      giveOut(teamOf(weights), 10_000, (given, total) => {
        const off = furthest(weights, given, total);
        if (off > 1) throw new Error(`somebody is ${off} off after ${total} leads`);
      });
    },
  );

  test('whatever the weights, nobody is ever more than one lead off', () => {
    fc.assert(
      fc.property(SOME_WEIGHTS, weights => {
        giveOut(teamOf(weights), 400, (given, total) => {
          expect(furthest(weights, given, total)).toBeLessThanOrEqual(1 + 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('the lowest pass alone would not do: it gives forty light members a lead each before the heavy one has ten', () => {
    const weights = { heavy: 100, ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}`, 1])) };
    const passes = new Map(Object.keys(weights).map(id => [id, 0]));
    const given = new Map(Object.keys(weights).map(id => [id, 0]));
    let worst = 0;
    for (let total = 1; total <= 100; total++) {
      const [next = ''] = [...passes].reduce((low, one) => (one[1] < low[1] ? one : low));
      passes.set(next, (passes.get(next) ?? 0) + 1 / (next === 'heavy' ? 100 : 1));
      given.set(next, (given.get(next) ?? 0) + 1);
      worst = Math.max(worst, furthest(weights, given, total));
    }
    expect(worst).toBeGreaterThan(10);
  });

  test('round robin goes round whatever the weights', () => {
    giveOut(
      teamOf({ a: 9, b: 1, c: 3 }),
      300,
      (given, total) => {
        for (const count of given.values()) expect(Math.abs(count - total / 3)).toBeLessThan(1);
      },
      'round_robin',
    );
  });

  test('by least_open the fewest open leads come first, and of equals whose turn it is', () => {
    let rota = teamOf({ a: 1, b: 1, c: 1 });
    const next = (open: Readonly<Record<string, number>>) => {
      const given = give(rota, { by: 'least_open', open: new Map(Object.entries(open)) });
      rota = given.rota;
      return given.userId;
    };
    expect(next({ a: 2, b: 1, c: 3 })).toBe('b');
    expect(next({ a: 1, b: 1, c: 1 })).toBe('a');
    expect(next({ a: 1, b: 1, c: 1 })).toBe('c');
    expect(next({ a: 0, b: 2, c: 2 })).toBe('a');
    expect(next({ a: 1, b: 1, c: 1 })).toBe('b');
  });

  test('with nobody there nobody is next', () => {
    expect(nextOf(EMPTY_ROTA, { available: [], by: 'weighted', open: NOBODY_BUSY })).toBeNull();
    const given = { available: ['stranger'], by: 'round_robin', open: NOBODY_BUSY } as const;
    expect(nextOf(teamOf({ a: 1 }), given)).toBeNull();
  });
});

describe('coming and going', () => {
  const OTHERS = fc.record({
    colleagues: fc.integer({ min: 1, max: 6 }),
    weight: fc.double({ min: 0.1, max: 5, noNaN: true }),
    before: fc.integer({ min: 0, max: 200 }),
    away: fc.integer({ min: 1, max: 300 }),
    after: fc.integer({ min: 1, max: 100 }),
  });

  test('who comes back is not flooded: never more than one lead ahead of an equal colleague', () => {
    fc.assert(
      fc.property(OTHERS, ({ colleagues, weight, before, away, after }) => {
        const ids = Array.from({ length: colleagues }, (_, index) => `c${index}`);
        let rota = teamOf(Object.fromEntries(['back', ...ids].map(id => [id, weight])));
        for (let n = 0; n < before; n++) rota = give(rota).rota;
        for (let n = 0; n < away; n++) rota = give(rota, { available: ids }).rota;
        const given = new Map<string, number>();
        for (let n = 0; n < after; n++) {
          const next = give(rota);
          rota = next.rota;
          given.set(next.userId, (given.get(next.userId) ?? 0) + 1);
          for (const id of ids)
            expect((given.get('back') ?? 0) - (given.get(id) ?? 0)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('nor is anybody, with everybody coming and going as they like', () => {
    const CREW = ['a', 'b', 'c', 'd', 'e'];
    const shifts = fc.array(fc.subarray(CREW, { minLength: 1 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(shifts, fc.integer({ min: 1, max: 10 }), (all, leads) => {
        let rota = teamOf(Object.fromEntries(CREW.map(id => [id, 1])));
        for (const available of all) {
          for (let n = 0; n < 3; n++) rota = give(rota, { available }).rota;
        }
        const [last = CREW] = all.slice(-1);
        const back = CREW.filter(id => !last.includes(id));
        const given = new Map<string, number>();
        for (let n = 0; n < leads; n++) {
          const next = give(rota);
          rota = next.rota;
          given.set(next.userId, (given.get(next.userId) ?? 0) + 1);
        }
        for (const id of back)
          for (const other of CREW)
            expect((given.get(id) ?? 0) - (given.get(other) ?? 0)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  test('who is new starts level', () => {
    let rota = teamOf({ a: 1, b: 1 });
    for (let n = 0; n < 1001; n++) rota = give(rota).rota;
    rota = stepRota(rota, { kind: 'joined', userId: 'new', weight: 1 });
    const given = new Map<string, number>();
    for (let n = 0; n < 6; n++) {
      const next = give(rota);
      rota = next.rota;
      given.set(next.userId, (given.get(next.userId) ?? 0) + 1);
    }
    expect(Object.fromEntries(given)).toEqual({ a: 2, b: 2, new: 2 });
  });

  test('another weight counts from then on and makes up for nothing', () => {
    let rota = teamOf({ a: 0.1, b: 1 });
    for (let n = 0; n < 12; n++) rota = give(rota).rota;
    rota = stepRota(rota, { kind: 'weighed', userId: 'a', weight: 1 });
    const order = Array.from({ length: 10 }, () => {
      const next = give(rota);
      rota = next.rota;
      return next.userId;
    });
    // Half of ten, and at most the one lead that was on its way.
    expect([5, 6]).toContain(order.filter(id => id === 'a').length);
  });

  test('who takes leads by another way of sharing is held to one lead there too', () => {
    let rota = teamOf({ light: 0.01, other: 1 });
    rota = stepRota(rota, {
      kind: 'assigned',
      userId: 'light',
      by: 'weighted',
      available: ['light', 'other'],
    });
    const order = Array.from({ length: 6 }, () => {
      const next = give(rota, { by: 'round_robin' });
      rota = next.rota;
      return next.userId;
    });
    expect(order.filter(id => id === 'light').length).toBeGreaterThanOrEqual(2);
  });
});

describe('the fold', () => {
  const CREW = ['a', 'b', 'c', 'd'];
  const someone = fc.constantFrom(...CREW);
  const weight = fc.double({ min: 0.05, max: 20, noNaN: true });
  const STEP: fc.Arbitrary<RotaStep> = fc.oneof(
    fc.record({ kind: fc.constant('joined' as const), userId: someone, weight }),
    fc.record({ kind: fc.constant('weighed' as const), userId: someone, weight }),
    fc.record({ kind: fc.constant('left' as const), userId: someone }),
    fc.record({
      kind: fc.constant('assigned' as const),
      userId: someone,
      by: fc.constantFrom('round_robin' as const, 'weighted' as const, 'least_open' as const),
      available: fc.subarray(CREW),
    }),
  );

  test('of a ledger is the state kept step by step, also through the text of the database', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 80 }), steps => {
        let kept = EMPTY_ROTA;
        for (const step of steps) kept = stepRota(JSON.parse(JSON.stringify(kept)), step);
        expect(kept).toEqual(rotaOf(steps));
      }),
    );
  });

  test('does not depend on the order in which members or available people are listed', () => {
    fc.assert(
      fc.property(
        fc.array(STEP, { maxLength: 40 }),
        fc.subarray(CREW, { minLength: 1 }),
        (steps, available) => {
          const rota = rotaOf(steps);
          const back = rotaOf(
            steps.map(step =>
              step.kind === 'assigned' ? { ...step, available: [...step.available].reverse() } : step,
            ),
          );
          expect(back).toEqual(rota);
          const asked = { by: 'weighted', open: NOBODY_BUSY } as const;
          expect(nextOf(rota, { ...asked, available })).toBe(
            nextOf(rota, { ...asked, available: [...available].reverse() }),
          );
        },
      ),
    );
  });

  test('nobody who was not there is ever given a lead, and turns never go back', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 40 }), fc.subarray(CREW), (steps, available) => {
        const rota = rotaOf(steps);
        const next = nextOf(rota, { available, by: 'least_open', open: NOBODY_BUSY });
        if (next !== null) expect(available).toContain(next);
        expect(rotaOf([...steps, ...steps]).turn).toBeGreaterThanOrEqual(rota.turn);
      }),
    );
  });
});
