import fc from 'fast-check';
import { expect, test } from 'vitest';
import { periodsOf, readEdge, SPANS, usualRange } from '../../../src/core/report/period.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';

const iso = (at: number) => formatInstant(at).replace(':00.000Z', '');

test('months begin at midnight of the zone, fourteen hours apart', () => {
  const range = { from: Date.UTC(2026, 0, 1, 12), to: Date.UTC(2026, 2, 1) };
  const starts = (zone: string) =>
    periodsOf('month', range, zone).map(({ key, from }) => `${key} ${iso(from)}`);
  expect(starts('Pacific/Kiritimati')).toEqual([
    '2026-01 2026-01-01T12:00',
    '2026-02 2026-01-31T10:00',
    '2026-03 2026-02-28T10:00',
  ]);
  expect(starts('America/Los_Angeles')).toEqual(['2026-01 2026-01-01T12:00', '2026-02 2026-02-01T08:00']);
});

test.each([
  ['2026-01-01', '2026-W01'],
  ['2024-12-29', '2024-W52'],
  ['2024-12-30', '2025-W01'],
  ['2027-01-03', '2026-W53'],
  ['2021-01-03', '2020-W53'],
  ['2016-01-04', '2016-W01'],
])('%s lies in week %s', (day, key) => {
  const at = Date.parse(day);
  expect(periodsOf('week', { from: at, to: at + 1 }, 'UTC')[0]?.key).toBe(key);
});

test('quarters hold three months, and a day that a zone skipped moves no edge', () => {
  const year = { from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 11, 31) };
  expect(periodsOf('quarter', year, 'UTC').map(({ key }) => key)).toEqual([
    '2025-Q4',
    '2026-Q1',
    '2026-Q2',
    '2026-Q3',
    '2026-Q4',
  ]);
  // Samoa had no 30 December 2011.
  const samoa = periodsOf(
    'month',
    { from: Date.UTC(2011, 11, 15), to: Date.UTC(2012, 0, 15) },
    'Pacific/Apia',
  );
  expect(samoa.map(({ key, from }) => `${key} ${iso(from)}`)).toEqual([
    '2011-12 2011-12-15T00:00',
    '2012-01 2011-12-31T10:00',
  ]);
});

test('a day whose midnight is skipped begins with its first moment', () => {
  // In Havana, clocks went from 00:00 to 01:00 on 8 March 2026.
  expect(readEdge('2026-03-08', 'America/Havana')).toBe(Date.UTC(2026, 2, 8, 5));
  expect(readEdge('2026-03-08T00:00:00Z', 'America/Havana')).toBe(Date.UTC(2026, 2, 8));
  expect(readEdge('2026-02-30', 'UTC')).toBeNull();
  expect(readEdge('9999-12-31', 'America/Havana')).toBe(Date.UTC(9999, 11, 31, 5));
  expect(readEdge('0001-01-01', 'Asia/Tokyo')).toBeNull();
});

test('the usual range is twelve whole months and this one', () => {
  const { from, to } = usualRange(Date.UTC(2026, 2, 31, 23), 'Asia/Tokyo');
  expect([iso(from), iso(to)]).toEqual(['2025-03-31T15:00', '2026-04-30T15:00']);
});

test('periods lie side by side and fill their range, wherever it lies', () => {
  const zones = fc.constantFrom('UTC', 'Europe/London', 'Pacific/Apia', 'America/Havana', 'Asia/Kathmandu');
  const day = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2030, 0, 1) });
  fc.assert(
    fc.property(
      fc.constantFrom(...SPANS),
      zones,
      day,
      fc.nat(600 * 86_400_000),
      (span, zone, from, length) => {
        const periods = periodsOf(span, { from, to: from + length }, zone);
        const edges = periods.flatMap(period => [period.from, period.to]);
        expect(edges).toEqual([...edges].sort((a, b) => a - b));
        expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
        expect([...periods.map(({ key }) => key)].sort()).toEqual(periods.map(({ key }) => key));
        expect([edges[0], edges.at(-1)]).toEqual(
          length === 0 ? [undefined, undefined] : [from, from + length],
        );
        for (const [index, { to }] of periods.slice(0, -1).entries())
          expect(periods[index + 1]?.from).toBe(to);
      },
    ),
  );
});
