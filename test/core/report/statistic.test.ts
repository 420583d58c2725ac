import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aucOf, type ScoreTally } from '../../../src/core/report/auc.ts';
import { isClear, rateOf, wilson } from '../../../src/core/report/rate.ts';
import { survive, waitUntil } from '../../../src/core/report/survival.ts';
import { type Targets, verdictOf } from '../../../src/core/report/verdict.ts';

const round = (value: number) => Math.round(value * 10_000) / 10_000;

describe('the interval of a rate', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857: its four examples, and two edges.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
    [0, 1, 0, 0.7935],
  ])('%i of %i', (n, of, low, high) => {
    expect(wilson(n, of).map(round)).toEqual([low, high]);
  });

  test('holds its rate, lies in 0 to 1, and narrows with the sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (of, raw) => {
        const n = raw % (of + 1);
        const [low, high] = wilson(n, of);
        const [lower, higher] = wilson(n * 10, of * 10);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(n / of);
        expect(high).toBeGreaterThanOrEqual(n / of);
        expect(higher - lower).toBeLessThan(high - low);
      }),
    );
  });

  test('of nothing is no interval, and tells nothing apart', () => {
    const nothing = rateOf({ n: 0, of: 0 }, 1);
    expect(nothing).toEqual({ value: null, n: 0, of: 0, low: null, high: null, enough: false });
    expect(isClear(nothing, rateOf({ n: 1, of: 2 }, 1))).toBeNull();
    expect(isClear(rateOf({ n: 40, of: 100 }, 1), rateOf({ n: 50, of: 100 }, 1))).toBe(false);
    expect(isClear(rateOf({ n: 400, of: 1000 }, 1), rateOf({ n: 500, of: 1000 }, 1))).toBe(true);
  });
});

describe('the curve of Kaplan and Meier', () => {
  // Freireich et al. (1963): weeks in remission of 21 patients, the usual example of textbooks.
  const times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
  const happened = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
  const remission = survive(
    times.filter((_, index) => happened[index] === 1),
    times.filter((_, index) => happened[index] === 0),
  );

  test('is that of the textbook', () => {
    expect(remission.curve.map(({ ms, share }) => [ms, round(share)])).toEqual([
      [6, 0.8571],
      [7, 0.8067],
      [10, 0.7529],
      [13, 0.6902],
      [16, 0.6275],
      [22, 0.5378],
      [23, 0.4482],
    ]);
    expect([remission.events, remission.censored]).toEqual([9, 12]);
    expect(waitUntil(remission, 0.5)).toBe(23);
    expect(waitUntil(remission, 0.1)).toBeNull();
  });

  test('of nothing has no steps, and of waits alone never falls', () => {
    expect(survive([], [])).toEqual({ events: 0, censored: 0, curve: [] });
    expect(waitUntil(survive([], [1, 2, 3]), 0.5)).toBeNull();
  });

  test('counts who was watched as long as an event took as still waiting', () => {
    expect(survive([5], [5]).curve).toEqual([{ ms: 5, share: 0.5 }]);
    expect(survive([5], [4]).curve).toEqual([{ ms: 5, share: 0 }]);
  });

  test('without anybody who still waits is the share that is left, and its median the middle one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 200 }), durations => {
        const { curve } = survive(durations, []);
        for (const { ms, share } of curve)
          expect(share).toBe(durations.filter(other => other > ms).length / durations.length);
        const sorted = [...durations].sort((a, b) => a - b);
        expect(waitUntil(survive(durations, []), 0.5)).toBe(sorted[Math.ceil(sorted.length / 2) - 1]);
      }),
    );
  });

  test('is the product over the risk sets, counted one by one', () => {
    const some = fc.array(fc.nat(30), { maxLength: 60 });
    fc.assert(
      fc.property(some, some, (events, censored) => {
        let share = 1;
        const all = [...events, ...censored];
        const expected = [...new Set(events)]
          .sort((a, b) => a - b)
          .map(ms => {
            const atRisk = all.filter(other => other >= ms).length;
            share *= 1 - events.filter(other => other === ms).length / atRisk;
            return { ms, share: expect.closeTo(share, 10) };
          });
        expect(survive(events, censored).curve).toEqual(expected);
      }),
    );
  });
});

describe('how well a score tells accepted from rejected', () => {
  const one = (score: number, wasAccepted: boolean): ScoreTally => ({
    score,
    accepted: wasAccepted ? 1 : 0,
    rejected: wasAccepted ? 0 : 1,
  });

  test('is a half where all scores are one, 1 where the accepted ones are above, 0 where below', () => {
    expect(aucOf([{ score: 5, accepted: 3, rejected: 4 }]).value).toBe(0.5);
    expect(aucOf([one(1, false), one(2, true)]).value).toBe(1);
    expect(aucOf([one(1, true), one(2, false)]).value).toBe(0);
    expect(aucOf([one(1, true)])).toEqual({ value: null, low: null, high: null, n: 1 });
  });

  test('is the share of pairs in order, with the variance of the placements, pair by pair', () => {
    const tally = fc.record({
      score: fc.nat(20),
      accepted: fc.nat(3),
      rejected: fc.nat(3),
    });
    const tallies = fc.uniqueArray(tally, { selector: ({ score }) => score, maxLength: 12 });
    fc.assert(
      fc.property(tallies, given => {
        const scores = (of: 'accepted' | 'rejected') =>
          given.flatMap(one => Array<number>(one[of]).fill(one.score));
        const [accepted, rejected] = [scores('accepted'), scores('rejected')];
        fc.pre(accepted.length > 1 && rejected.length > 1);
        const psi = (high: number, low: number) => (high > low ? 1 : high === low ? 0.5 : 0);
        const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
        const spread = (values: readonly number[]) =>
          values.reduce((total, value) => total + (value - mean(values)) ** 2, 0) / (values.length - 1);
        const ofAccepted = accepted.map(high => mean(rejected.map(low => psi(high, low))));
        const ofRejected = rejected.map(low => mean(accepted.map(high => psi(high, low))));
        const error = Math.sqrt(spread(ofAccepted) / accepted.length + spread(ofRejected) / rejected.length);
        const found = aucOf(given);
        expect(found.value).toBeCloseTo(mean(ofAccepted), 10);
        expect(found.low).toBeCloseTo(Math.max(0, mean(ofAccepted) - 1.959963984540054 * error), 10);
        expect(found.high).toBeCloseTo(Math.min(1, mean(ofAccepted) + 1.959963984540054 * error), 10);
        expect(found.n).toBe(accepted.length + rejected.length);
      }),
    );
  });
});

describe('the verdict on acceptance', () => {
  const band: Omit<Targets, 'minSample'> = { acceptance: [0.65, 0.75], floor: 0.5, ceiling: 0.8 };
  test.each([
    [49, 'below_floor'],
    [50, 'below_band'],
    [64, 'below_band'],
    [65, 'in_band'],
    [75, 'in_band'],
    [76, 'above_band'],
    [80, 'above_band'],
    [81, 'above_ceiling'],
  ])('at %i %% is %s', (n, expected) => {
    expect(verdictOf(rateOf({ n, of: 100 }, 30), band)).toBe(expected);
  });

  test('waits for enough decisions, and for a band', () => {
    expect(verdictOf(rateOf({ n: 7, of: 10 }, 30), band)).toBe('not_enough');
    expect(verdictOf(rateOf({ n: 0, of: 0 }, 0), band)).toBe('not_enough');
    expect(verdictOf(rateOf({ n: 70, of: 100 }, 30), {})).toBeNull();
  });
});
