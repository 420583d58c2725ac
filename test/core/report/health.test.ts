import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf, type LeadGroup } from '../../../src/core/report/frame.ts';
import { type HealthCount, healthReport, tenthsOf } from '../../../src/core/report/health.ts';
import { DAY_MS } from '../../../src/core/time/duration.ts';

const RANGE = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
const frame = (by: string, at = RANGE.to) =>
  frameOf({ range: RANGE, at, imported: null, filters: {} }, { by, zone: 'UTC', isAsOf: false });
const count = (score: number, given: Partial<LeadGroup & HealthCount> = {}): LeadGroup & HealthCount => ({
  ...{ key: null, label: null, score, handedOff: 1, accepted: 0, rejected: 0, won: 0, soFar: 1 },
  ...given,
});
const TARGETS = { minSample: 2, mqlPerWeek: 5 };

describe('the health of scores', () => {
  test('of nothing is nothing', () => {
    const { rows, total } = healthReport(frame('band'), [], TARGETS);
    expect(rows).toEqual([]);
    expect(total).toMatchObject({
      ...{ handedOff: 0, meanTotal: null, acceptanceRate: { value: null }, wonRate: { value: null } },
      ...{ auc: { value: null, low: null, high: null, n: 0 }, mqlPerWeek: { mean: 0, target: 5 } },
    });
  });

  test('by grade adds up what has the grade, whatever its score', () => {
    const counts = [
      count(60, { key: 'B', handedOff: 4, accepted: 1, rejected: 2, won: 1, soFar: 4 }),
      count(70, { key: 'B', handedOff: 2, accepted: 1, soFar: 2 }),
      count(90, { key: 'A', handedOff: 2, accepted: 2, won: 2, soFar: 2 }),
      count(10),
    ];
    const { rows, total } = healthReport(frame('grade'), counts, TARGETS);
    expect(rows).toMatchObject([
      {
        ...{ key: 'B', handedOff: 6, acceptanceRate: { n: 2, of: 4, value: 0.5, enough: true } },
        ...{ wonRate: { n: 1, of: 6 }, meanTotal: (4 * 60 + 2 * 70) / 6 },
      },
      { key: 'A', handedOff: 2, acceptanceRate: { value: 1 }, wonRate: { value: 1 }, meanTotal: 90 },
      { key: 'unknown', handedOff: 1, acceptanceRate: { value: null }, meanTotal: 10 },
    ]);
    // Accepted: 60, 70, 90, 90. Rejected: 60, 60. Of eight pairs two are equal, six are right.
    expect(total.auc).toMatchObject({ value: 7 / 8, n: 6 });
    expect(total.handedOff).toBe(9);
  });

  test('by band goes from low to high in tens of points, also below nothing', () => {
    const counts = [count(69), count(60), count(-1), count(100), count(59)];
    const { rows } = healthReport(frame('band'), counts, TARGETS);
    expect(rows.map(({ key, label, handedOff }) => [key, label, handedOff])).toEqual([
      ['-10--1', '-10 to -1 points', 1],
      ['50-59', '50 to 59 points', 1],
      ['60-69', '60 to 69 points', 2],
      ['100-109', '100 to 109 points', 1],
    ]);
    expect(rows[2]?.leads).toContain('&minTotal=60&maxTotal=69');
  });

  test('by tenth has ten groups of equal size, where scores allow it', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => count(index * 3));
    const { rows } = healthReport(frame('tenth'), twenty, TARGETS);
    expect(rows.map(({ key, handedOff }) => [key, handedOff])).toEqual(
      Array.from({ length: 10 }, (_, index) => [String(index + 1), 2]),
    );
    expect(rows[1]).toMatchObject({ label: 'Tenth 2: 6 to 9 points', meanTotal: 7.5 });
    expect(rows[1]?.leads).toContain('&minTotal=6&maxTotal=9');
    // Half of ten leads have one score: together they are in the tenth of the middle one, the third.
    const tied = [count(5, { handedOff: 5 }), ...[6, 7, 8, 9, 10].map(score => count(score))];
    expect([...tenthsOf(tied)].map(([tenth, members]) => [tenth, members.length])).toEqual([
      [3, 1],
      ...[6, 7, 8, 9, 10].map(tenth => [tenth, 1]),
    ]);
    expect(healthReport(frame('tenth'), [count(40)], TARGETS).rows).toMatchObject([
      { key: '6', label: 'Tenth 6: 40 points' },
    ]);
  });

  test('by tenth parts no score, keeps their order, and loses no lead', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            score: fc.integer({ min: -20, max: 120 }),
            handedOff: fc.integer({ min: 1, max: 50 }),
          }),
        ),
        given => {
          const sorted = given.toSorted((a, b) => a.score - b.score);
          const tenths = [...tenthsOf(sorted)];
          expect(tenths.flatMap(([, members]) => members)).toEqual(sorted);
          expect(tenths.every(([tenth]) => tenth >= 1 && tenth <= 10)).toBe(true);
          const scores = tenths.flatMap(([, members]) => [...new Set(members.map(({ score }) => score))]);
          expect(new Set(scores).size).toBe(scores.length);
        },
      ),
    );
  });

  test.each([
    { name: 'of the whole range when it is over', at: RANGE.to + DAY_MS, mean: (14 * 7) / 59 },
    { name: 'of what is over of it', at: RANGE.from + 14 * DAY_MS, mean: 7 },
    { name: 'of less than a week: nothing', at: RANGE.from + 6 * DAY_MS, mean: null },
    { name: 'of a range in the future: nothing', at: RANGE.from - DAY_MS, mean: null },
  ])('says how many MQLs a week brought, $name', ({ at, mean }) => {
    const counts = [count(50, { handedOff: 20, soFar: 14 })];
    const { total } = healthReport(frame('month', at), counts, { minSample: 30 });
    expect(total.mqlPerWeek).toEqual({ mean, target: null });
  });
});
