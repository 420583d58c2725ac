import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { release, type Throttle, throttle } from '../../../src/core/alert/throttle.ts';

const EVERY = 100;

describe('a rule that speaks at most once in a while', () => {
  test('speaks at once the first time', () => {
    expect(throttle(null, { now: 5, everyMs: EVERY, count: 1 })).toEqual({
      kind: 'tell',
      grouped: null,
      state: { sentAt: 5, untilAt: 105, held: 0, heldSince: null },
    });
  });

  test('tells how many came at once', () => {
    expect(throttle(null, { now: 5, everyMs: EVERY, count: 3 })).toMatchObject({
      grouped: { count: 2, since: 5 },
    });
  });

  test('holds back, and tells with the next how many and since when', () => {
    const first = throttle(null, { now: 0, everyMs: EVERY, count: 1 }).state;
    const second = throttle(first, { now: 10, everyMs: EVERY, count: 1 });
    const third = throttle(second.state, { now: 99, everyMs: EVERY, count: 2 });
    expect([second.kind, third.kind]).toEqual(['hold', 'hold']);
    expect(throttle(third.state, { now: 100, everyMs: EVERY, count: 1 })).toMatchObject({
      kind: 'tell',
      grouped: { count: 3, since: 10 },
    });
  });

  test('releases what it held when the time is over, and nothing when it held nothing', () => {
    const state: Throttle = { sentAt: 0, untilAt: 100, held: 2, heldSince: 40 };
    expect(release(state, { now: 99, everyMs: EVERY })).toBeNull();
    expect(release(state, { now: 100, everyMs: EVERY })).toEqual({
      kind: 'tell',
      grouped: { count: 1, since: 40 },
      state: { sentAt: 100, untilAt: 200, held: 0, heldSince: null },
    });
    expect(release({ ...state, held: 1 }, { now: 100, everyMs: EVERY })?.grouped).toBeNull();
    expect(release({ ...state, held: 0, heldSince: null }, { now: 100, everyMs: EVERY })).toBeNull();
  });

  test('never speaks twice within the span and never loses one, whatever comes when', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('raise' as const),
          after: fc.nat(150),
          count: fc.integer({ min: 1, max: 5 }),
        }),
        fc.record({ kind: fc.constant('sweep' as const), after: fc.nat(150) }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, list => {
        let now = 0;
        let raised = 0;
        let told = 0;
        let last = Number.NEGATIVE_INFINITY;
        let state: Throttle | null = null;
        const take = (done: ReturnType<typeof throttle> | null) => {
          if (done === null) return;
          state = done.state;
          if (done.kind !== 'tell') return;
          expect(now - last).toBeGreaterThanOrEqual(EVERY);
          last = now;
          told += 1 + (done.grouped?.count ?? 0);
        };
        for (const step of list) {
          now += step.after;
          if (step.kind === 'raise') {
            raised += step.count;
            take(throttle(state, { now, everyMs: EVERY, count: step.count }));
          } else if (state !== null) take(release(state, { now, everyMs: EVERY }));
        }
        now += EVERY;
        if (state !== null) take(release(state, { now, everyMs: EVERY }));
        expect(told).toBe(raised);
      }),
    );
  });
});
