import { describe, expect, test } from 'vitest';
import { type CohortCount, cohortReport, watchedMonths } from '../../../src/core/report/cohort.ts';
import { frameOf, type LeadGroup } from '../../../src/core/report/frame.ts';

const RANGE = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
const frame = frameOf(
  { range: RANGE, at: Date.UTC(2026, 3, 10), imported: null, filters: {} },
  { by: 'month', zone: 'UTC', isAsOf: false },
);
const count = (key: number, given: Partial<CohortCount>): LeadGroup & CohortCount => ({
  ...{ key: String(key), label: null, contacts: 0, months: null },
  ...{ customers: 0, currency: null, buyers: 0, value: 0 },
  ...given,
});

describe('cohorts', () => {
  test('without contacts are empty, and as old as they are', () => {
    const { rows, total } = cohortReport(frame, [], frame.at);
    expect(rows.map(({ key, months }) => [key, months.length])).toEqual([
      ['2026-01', 4],
      ['2026-02', 3],
    ]);
    expect(total).toMatchObject({ contacts: 0, customers: 0, value: {}, valuePerLead: {} });
    expect(rows[0]?.months[0]).toEqual({ month: 0, contacts: 0, customers: 0, value: {} });
    expect(watchedMonths(frame, frame.at).map(({ key }) => key)).toEqual([
      ...['2026-01', '2026-02', '2026-03', '2026-04'],
    ]);
  });

  test('count customers and value by months since, each currency for itself', () => {
    const counts = [
      count(1, { contacts: 6 }),
      // Two contacts were won in the first month, one of them again in the third, in dollars.
      count(1, { contacts: 2, months: 0, customers: 2, currency: 'EUR', buyers: 2, value: 300 }),
      count(1, { months: 2, currency: 'USD', buyers: 1, value: 50 }),
      count(1, { contacts: 1, months: 2, customers: 1, currency: 'JPY', buyers: 1, value: 9000 }),
      count(1, { contacts: 1, months: 1, customers: 1 }),
      count(2, { contacts: 1, months: 1, customers: 1, currency: 'EUR', buyers: 1, value: 100 }),
      count(2, { contacts: 3 }),
    ];
    const { rows, total } = cohortReport(frame, counts, frame.at);
    expect(rows[0]).toMatchObject({
      ...{ contacts: 10, customers: 4, value: { EUR: 300, JPY: 9000, USD: 50 } },
      ...{ valuePerLead: { EUR: 30, JPY: 900, USD: 5 }, valuePerCustomer: { EUR: 150, JPY: 9000, USD: 50 } },
      months: [
        { month: 0, contacts: 10, customers: 2, value: { EUR: 300 } },
        { month: 1, contacts: 10, customers: 3, value: { EUR: 300 } },
        { month: 2, contacts: 10, customers: 4, value: { EUR: 300, JPY: 9000, USD: 50 } },
        { month: 3, contacts: 10, customers: 4, value: { EUR: 300, JPY: 9000, USD: 50 } },
      ],
    });
    expect(rows[0]?.leads).toContain('&first=yes');
    expect(total).toMatchObject({ contacts: 14, customers: 5, value: { EUR: 400, JPY: 9000, USD: 50 } });
    // February is two months old: month 3 is that of January alone.
    expect(total.months.map(({ contacts, customers }) => [contacts, customers])).toEqual([
      [14, 2],
      [14, 4],
      [14, 5],
      [10, 4],
    ]);
    expect(total.valuePerCustomer.EUR).toBeCloseTo(400 / 3, 12);
  });

  test('that are not there yet have no months', () => {
    const { rows } = cohortReport(frame, [count(2, { contacts: 1 })], Date.UTC(2026, 0, 15));
    expect(rows.map(({ contacts, months }) => [contacts, months.length])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});
