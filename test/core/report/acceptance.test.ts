import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AcceptanceCount, acceptanceOf, acceptanceReport } from '../../../src/core/report/acceptance.ts';
import { reportCsv } from '../../../src/core/report/file.ts';
import { type Dimension, frameOf, type LeadGroup, leadsOf } from '../../../src/core/report/frame.ts';
import { tellApart } from '../../../src/core/report/name.ts';

const TARGETS = { minSample: 30 };
const QUARTER = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) };

const count = (given: Partial<LeadGroup & AcceptanceCount> = {}): LeadGroup & AcceptanceCount => ({
  ...{
    key: null,
    label: null,
    handedOff: 0,
    accepted: 0,
    rejected: 0,
    elsewhere: 0,
    inWindow: 0,
    windowOver: 0,
  },
  ...given,
});
const frame = (by: Dimension) =>
  frameOf(
    { range: QUARTER, at: QUARTER.to, imported: null, filters: {} },
    { by, zone: 'UTC', isAsOf: false },
  );

const amount = fc.nat(10_000);
const counts = fc
  .record({ accepted: amount, rejected: amount, open: amount, over: amount })
  .map(({ accepted, rejected, open, over }) => {
    const handedOff = accepted + rejected + open;
    const windowOver = Math.min(over, handedOff);
    return count({ accepted, rejected, handedOff, windowOver, inWindow: Math.min(windowOver, accepted) });
  });

describe('acceptance', () => {
  test.each([
    { given: {}, acceptance: null, window: null, open: 0 },
    { given: { handedOff: 3 }, acceptance: null, window: null, open: 3 },
    { given: { handedOff: 3, rejected: 3, windowOver: 3 }, acceptance: 0, window: 0, open: 0 },
    {
      given: { handedOff: 10, accepted: 6, rejected: 2, inWindow: 3, windowOver: 5 },
      ...{ acceptance: 0.75, window: 0.6, open: 2 },
    },
  ])('of $given is $acceptance, in time $window', ({ given, acceptance, window, open }) => {
    const row = acceptanceOf(count(given), TARGETS);
    expect([row.acceptanceRate.value, row.windowRate.value, row.open]).toEqual([acceptance, window, open]);
  });

  test('of a total comes from its leads: it lies between the rates of the rows', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 20 }), given => {
        const keyed = given.map((one, index) => ({ ...one, key: `s${index}` }));
        const { rows, total } = acceptanceReport(frame('source'), keyed, TARGETS);
        const rates = rows.flatMap(({ acceptanceRate: { value } }) => (value === null ? [] : [value]));
        expect(rows.reduce((sum, row) => sum + row.handedOff, 0)).toBe(total.handedOff);
        expect(total.accepted + total.rejected + total.open).toBe(total.handedOff);
        const { value } = total.acceptanceRate;
        expect(value === null).toBe(rates.length === 0);
        if (value === null) return;
        expect(value).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-12);
        expect(value).toBeLessThanOrEqual(Math.max(...rates) + 1e-12);
      }),
    );
  });
});

describe('the rows of a report', () => {
  test('of time come in order, the empty ones, too, each with the leads of its days', () => {
    const february = count({ key: '2', handedOff: 4, accepted: 1, rejected: 1 });
    const { rows } = acceptanceReport(frame('month'), [february], TARGETS);
    expect(rows.map(({ key, label, handedOff }) => [key, label, handedOff])).toEqual([
      ['2026-01', 'January 2026', 0],
      ['2026-02', 'February 2026', 4],
      ['2026-03', 'March 2026', 0],
    ]);
    expect(rows[1]?.leads).toBe(
      'from=2026-02-01T00%3A00%3A00.000Z&to=2026-03-01T00%3A00%3A00.000Z&elsewhere=exclude',
    );
  });

  test('of other things come by size, then by key; leads without one are unknown, and names are told apart', () => {
    const { rows } = acceptanceReport(
      frame('owner'),
      [
        count({ key: 'b@acme.example', label: 'Ann Lee', handedOff: 2 }),
        count({ key: null, handedOff: 3 }),
        count({ key: 'a@acme.example', label: 'Ann Lee', handedOff: 2 }),
      ],
      TARGETS,
    );
    expect(rows.map(({ key, label }) => [key, label])).toEqual([
      ['unknown', 'Nobody'],
      ['a@acme.example', 'Ann Lee (a@acme.example)'],
      ['b@acme.example', 'Ann Lee (b@acme.example)'],
    ]);
    expect(rows[1]?.leads).toContain('&owner=a%40acme.example');
  });

  test('name in their lists what the report is narrowed down to, and as of when', () => {
    const leads = leadsOf(
      {
        ...{ range: QUARTER, at: Date.UTC(2026, 2, 5), imported: false, isAsOf: true },
        filters: { source: ['a&b', 'c'], campaign: ['x'] },
      },
      { filters: { source: ['c'] } },
    );
    expect(new URLSearchParams(leads).toString()).toBe(
      new URLSearchParams([
        ['from', '2026-01-01T00:00:00.000Z'],
        ['to', '2026-04-01T00:00:00.000Z'],
        ['elsewhere', 'exclude'],
        ['at', '2026-03-05T00:00:00.000Z'],
        ['imported', 'exclude'],
        ['source', 'c'],
        ['campaign', 'x'],
      ]).toString(),
    );
  });
});

test('a file has a column for each figure, and no cell that a spreadsheet would run', () => {
  const { rows, total } = acceptanceReport(
    frame('source'),
    [count({ key: '=cmd()', handedOff: 2, accepted: 1, rejected: 1 })],
    TARGETS,
  );
  const [head, first, last] = reportCsv({ by: 'source', rows, total }).split('\r\n');
  expect(head).toContain('"source","label","handedOff","accepted"');
  expect(head).toContain(
    '"acceptanceRate.value","acceptanceRate.n","acceptanceRate.of","acceptanceRate.low"',
  );
  expect(first).toMatch(/^"'=cmd\(\)","'=cmd\(\)","2","1","1","0"/);
  expect(last).toMatch(/^"total","Total","2","1"/);
});

test('names of several people are told apart', () => {
  expect(
    tellApart([
      { name: 'Ann', mark: 'a@x.co' },
      { name: 'Bob', mark: 'b@x.co' },
      { name: 'Ann', mark: 'c@x.co' },
    ]),
  ).toEqual(['Ann (a@x.co)', 'Bob', 'Ann (c@x.co)']);
});
