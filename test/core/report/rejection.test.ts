import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../src/core/report/frame.ts';
import { rateOf } from '../../../src/core/report/rate.ts';
import { type RejectionCount, rejectionLines, rejectionReport } from '../../../src/core/report/rejection.ts';

const RANGE = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
const frame = (by: string) =>
  frameOf({ range: RANGE, at: RANGE.to, imported: null, filters: {} }, { by, zone: 'UTC', isAsOf: false });
const count = (
  key: string | null,
  rejected: number,
  given: Partial<RejectionCount> = {},
): RejectionCount => ({ ...{ key, label: null, cell: null, cellLabel: null, rejected }, ...given });

describe('rejections', () => {
  test('of nothing are nothing', () => {
    const { rows, total } = rejectionReport(frame('reason'), [], { and: 'source', minSample: 2 });
    expect(rows).toEqual([]);
    expect(total).toMatchObject({ rejected: 0, share: { value: null }, cells: [] });
  });

  test('are counted by reason, with their share of all, and split by source', () => {
    const counts = [
      count('no_budget', 3, { label: 'No budget', cell: 'ads' }),
      count('no_budget', 1, { cell: 'fair' }),
      count('timing', 5, { cell: 'fair' }),
      count(null, 1),
    ];
    const { rows, total } = rejectionReport(frame('reason'), counts, { and: 'source', minSample: 2 });
    expect(rows.map(({ key, label, rejected, share }) => [key, label, rejected, share.value])).toEqual([
      ['timing', 'timing', 5, 0.5],
      ['no_budget', 'No budget', 4, 0.4],
      ['unknown', 'Unknown', 1, 0.1],
    ]);
    expect(rows[1]?.cells.map(({ key, rejected }) => [key, rejected])).toEqual([
      ['ads', 3],
      ['fair', 1],
    ]);
    expect(rows[1]?.cells[0]?.leads).toBe(
      'from=2026-01-01T00%3A00%3A00.000Z&to=2026-03-01T00%3A00%3A00.000Z&elsewhere=exclude&source=ads&outcome=rejected&reason=no_budget',
    );
    expect(total.cells.map(({ key, rejected }) => [key, rejected])).toEqual([
      ['fair', 6],
      ['ads', 3],
      ['unknown', 1],
    ]);
  });

  test('by month show every month, and split by month those with leads', () => {
    const months = rejectionReport(frame('month'), [count('2', 4, { cell: 'x' })], {
      ...{ and: 'reason', minSample: 2 },
    });
    expect(months.rows.map(({ key, rejected, cells }) => [key, rejected, cells.length])).toEqual([
      ['2026-01', 0, 0],
      ['2026-02', 4, 1],
    ]);
    expect(months.rows[1]?.cells[0]?.leads).toMatch(/^from=2026-02-01.*&outcome=rejected&reason=x$/);
    const sources = rejectionReport(frame('source'), [count('ads', 4, { cell: '1' })], {
      ...{ and: 'month', minSample: 2 },
    });
    expect(sources.rows[0]?.cells).toMatchObject([{ key: '2026-01', label: 'January 2026', rejected: 4 }]);
    expect(sources.rows[0]?.cells[0]?.leads).toMatch(/^from=2026-01-01.*&to=2026-02-01.*&source=ads&/);
  });

  test('add up: cells to their row, rows and the cells of the total to all', () => {
    const some = fc.record({
      ...{ key: fc.constantFrom('a', 'b', null), cell: fc.constantFrom('x', 'y', null) },
      rejected: fc.integer({ min: 1, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(some), given => {
        const counts = given.map(({ key, cell, rejected }) => count(key, rejected, { cell }));
        const { rows, total } = rejectionReport(frame('reason'), counts, { and: 'source', minSample: 2 });
        const sum = (of: readonly { readonly rejected: number }[]) =>
          of.reduce((all, { rejected }) => all + rejected, 0);
        expect(sum(rows)).toBe(total.rejected);
        expect(sum(total.cells)).toBe(total.rejected);
        for (const row of rows) expect(sum(row.cells)).toBe(row.rejected);
      }),
    );
  });

  test('have a line for each cell in a file', () => {
    const { rows } = rejectionReport(frame('reason'), [count('x', 2, { cell: 'ads' })], {
      ...{ and: 'source', minSample: 2 },
    });
    expect(rejectionLines(rows, 'source')).toEqual([
      {
        ...{ key: 'x', label: 'x', source: 'ads', 'source.label': 'ads', rejected: 2 },
        share: rateOf({ n: 2, of: 2 }, 2),
      },
    ]);
    expect(rejectionLines(rows, null)).toBe(rows);
  });
});
