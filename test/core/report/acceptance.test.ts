import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fillMonths,
  lastYear,
  monthsOf,
  type ReportCount,
  sumCounts,
  tellApart,
  withRates,
} from '../../../src/core/report/acceptance.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';

const count = (given: Partial<ReportCount> = {}): ReportCount => ({
  key: '2026-03',
  handedOff: 0,
  accepted: 0,
  rejected: 0,
  open: 0,
  ...given,
});

const amount = fc.nat(1_000_000);
const counts = fc
  .record({ accepted: amount, rejected: amount, open: amount })
  .map(given => count({ ...given, handedOff: given.accepted + given.rejected + given.open }));

describe('rates', () => {
  test.each([
    { given: {}, acceptance: null, conversion: null },
    { given: { handedOff: 3, open: 3 }, acceptance: null, conversion: 0 },
    { given: { handedOff: 3, rejected: 3 }, acceptance: 0, conversion: 0 },
    { given: { handedOff: 4, accepted: 4 }, acceptance: 1, conversion: 1 },
    { given: { handedOff: 10, accepted: 6, rejected: 2, open: 2 }, acceptance: 0.75, conversion: 0.6 },
    { given: { handedOff: 3, accepted: 1, rejected: 2 }, acceptance: 1 / 3, conversion: 1 / 3 },
  ])('of $given are $acceptance and $conversion', ({ given, acceptance, conversion }) => {
    const line = withRates(count(given));
    expect(line.acceptanceRate).toBe(acceptance);
    expect(line.conversionRate).toBe(conversion);
  });

  test('are shares, and acceptance is never below conversion', () => {
    fc.assert(
      fc.property(counts, given => {
        const { acceptanceRate, conversionRate } = withRates(given);
        for (const rate of [acceptanceRate, conversionRate]) {
          if (rate !== null) expect(rate >= 0 && rate <= 1).toBe(true);
        }
        if (acceptanceRate !== null && conversionRate !== null)
          expect(acceptanceRate).toBeGreaterThanOrEqual(conversionRate);
      }),
    );
  });

  test('of a total come from the sums and lie between those of the rows', () => {
    const rows = [
      count({ handedOff: 100, accepted: 90, rejected: 10 }),
      count({ handedOff: 2, rejected: 2 }),
    ];
    expect(withRates(sumCounts(rows)).acceptanceRate).toBe(90 / 102);
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1 }), given => {
        const rates = given.map(row => withRates(row).acceptanceRate).filter(rate => rate !== null);
        const total = withRates(sumCounts(given)).acceptanceRate;
        if (total === null) return expect(rates).toEqual([]);
        expect(total).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-12);
        expect(total).toBeLessThanOrEqual(Math.max(...rates) + 1e-12);
      }),
    );
  });
});

describe('months', () => {
  test.each([
    { name: 'one day', from: '2026-01-15', to: '2026-01-16', months: ['2026-01'] },
    { name: 'an end at midnight of the first', from: '2026-01-15', to: '2026-02-01', months: ['2026-01'] },
    {
      name: 'an end a millisecond later',
      from: '2026-01-15',
      to: '2026-02-01T00:00:00.001Z',
      months: ['2026-01', '2026-02'],
    },
    {
      name: 'a change of year',
      from: '2025-11-30',
      to: '2026-01-02',
      months: ['2025-11', '2025-12', '2026-01'],
    },
    { name: 'nothing', from: '2026-01-15', to: '2026-01-15', months: [] },
    { name: 'an end before the beginning', from: '2026-01-15', to: '2025-01-15', months: [] },
    { name: 'a leap day', from: '2024-02-29', to: '2024-03-01', months: ['2024-02'] },
  ])('of $name are $months', ({ from, to, months }) => {
    expect(monthsOf({ from: Date.parse(from), to: Date.parse(to) })).toEqual(months);
  });

  test('without leads appear with zeros', () => {
    const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) };
    const february = count({ key: '2026-02', handedOff: 1, open: 1 });
    expect(fillMonths([february], range)).toEqual([
      count({ key: '2026-01' }),
      february,
      count({ key: '2026-03' }),
    ]);
  });

  test('of the last year are twelve, whole, and end with the current one', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        date => {
          const now = date.getTime();
          const range = lastYear(now);
          const months = monthsOf(range);
          expect(months).toHaveLength(12);
          expect(months.at(-1)).toBe(formatInstant(now).slice(0, 7));
          expect(formatInstant(range.from)).toMatch(/-01T00:00:00\.000Z$/);
          expect(now >= range.from && now < range.to).toBe(true);
        },
      ),
    );
  });
});

test('names that several bear get their mark, others stay as they are', () => {
  const people = [
    { name: 'Ann', mark: 'a@x.co' },
    { name: 'Bob', mark: 'b@x.co' },
    { name: 'Ann', mark: 'c@x.co' },
  ];
  expect(tellApart(people)).toEqual(['Ann (a@x.co)', 'Bob', 'Ann (c@x.co)']);
});
