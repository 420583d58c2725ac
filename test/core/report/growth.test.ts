import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AcceptanceCount } from '../../../src/core/report/acceptance.ts';
import { frameOf, type LeadGroup } from '../../../src/core/report/frame.ts';
import { growthFrame, growthOf, growthReport } from '../../../src/core/report/growth.ts';
import type { Range } from '../../../src/core/report/period.ts';
import { DAY_MS } from '../../../src/core/time/duration.ts';
import { FIRST_KEPT } from '../../../src/core/time/instant.ts';

const frame = (range: Range, at = range.to) =>
  frameOf({ range, at, imported: null, filters: {} }, { by: 'month', zone: 'UTC', isAsOf: false });
const count = (key: number, handedOff: number, accepted = 0): LeadGroup & AcceptanceCount => ({
  ...{ key: String(key), label: null, handedOff, accepted, rejected: 0, elsewhere: 0 },
  ...{ inWindow: 0, windowOver: 0 },
});

describe('lead velocity', () => {
  // Worked examples of public glossaries of sales metrics (winsabove.com, ideaplan.io, 2026).
  test.each([
    [180, 216, 0.2],
    [220, 250, 0.136364],
    [100, 110, 0.1],
    [200, 230, 0.15],
    [230, 264, 0.147826],
    [264, 290, 0.098485],
    [10, 0, -1],
    [0, 10, null],
    [0, 0, null],
  ])('from %i to %i is %d', (last, now, rate) => {
    const { growth } = growthOf([last, now]);
    expect(growth === null ? null : Math.round(growth * 1e6) / 1e6).toBe(rate);
  });

  test('has a mean over three months of growth, all of which must be there', () => {
    expect(growthOf([100, 110, 220, 110]).mean3).toBeCloseTo((0.1 + 1 - 0.5) / 3, 12);
    expect(growthOf([200, 230, 264, 290]).mean3).toBeCloseTo(0.132104, 6);
    expect(growthOf([0, 110, 220, 110]).mean3).toBeNull();
    expect(growthOf([110, 220, 110]).mean3).toBeNull();
    expect(growthOf([])).toEqual({ count: 0, growth: null, mean3: null });
  });

  test('of counts that do not change is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), leads => {
        expect(growthOf([leads, leads, leads, leads])).toEqual({ count: leads, growth: 0, mean3: 0 });
      }),
    );
  });
});

describe('the report', () => {
  const february = { from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 3, 1) };

  test('compares its first months with those before it, and does not list or add these', () => {
    expect(growthFrame(frame(february)).periods?.map(({ key }) => key)).toEqual([
      ...['2025-11', '2025-12', '2026-01', '2026-02', '2026-03'],
    ]);
    const counts = [count(1, 100, 10), count(2, 200, 20), count(3, 100, 20), count(4, 150, 10), count(5, 75)];
    const { rows, total } = growthReport(frame(february), counts);
    expect(rows).toMatchObject([
      {
        key: '2026-02',
        mql: { count: 150, growth: 0.5, mean3: (1 - 0.5 + 0.5) / 3 },
        sql: { count: 10, growth: -0.5, mean3: (1 + 0 - 0.5) / 3 },
        whole: true,
      },
      { key: '2026-03', mql: { count: 75, growth: -0.5 }, sql: { count: 0, growth: -1 } },
    ]);
    expect(total).toEqual({
      mql: { count: 225, growth: null, mean3: null },
      sql: { count: 10, growth: null, mean3: null },
    });
  });

  test('does not take what a month has before the range for a month, and says what is not whole', () => {
    const cut = { from: Date.UTC(2026, 1, 10), to: Date.UTC(2026, 3, 1) };
    // November to January, the first nine days of February, the rest of it, March.
    const counts = [count(3, 100), count(4, 40), count(5, 50), count(6, 60)];
    const { rows, total } = growthReport(frame(cut, Date.UTC(2026, 2, 31)), counts);
    expect(rows.map(({ key, mql, whole }) => [key, mql.count, mql.growth, whole])).toEqual([
      ['2026-02', 50, -0.5, false],
      ['2026-03', 60, 0.2, false],
    ]);
    expect(total.mql.count).toBe(110);
  });

  test('of an empty range has no rows', () => {
    const { rows, total } = growthReport(frame({ from: february.from, to: february.from }), []);
    expect([rows, total.mql.count]).toEqual([[], 0]);
  });

  test('begins with the first month that can be written', () => {
    const first = frame({ from: FIRST_KEPT, to: FIRST_KEPT + 31 * DAY_MS });
    expect(growthFrame(first).periods?.map(({ key }) => key)).toEqual(['0001-01']);
    expect(growthReport(first, [count(1, 5)]).rows).toMatchObject([{ mql: { count: 5, growth: null } }]);
  });
});
