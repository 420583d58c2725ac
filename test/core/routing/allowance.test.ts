import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Allowance,
  allowanceAt,
  mayGive,
  mayGiveFrom,
  spend,
} from '../../../src/core/routing/allowance.ts';
import { readSchedule } from '../../../src/core/worktime/hours.ts';
import { ALWAYS, dayOf, type Schedule, startOfDay } from '../../../src/core/worktime/schedule.ts';

const DAY = 86_400_000;

function scheduleOf(hours: unknown, holidays: readonly string[] = [], timezone = 'Europe/London'): Schedule {
  const { schedule, problems } = readSchedule({ timezone, hours, holidays });
  if (schedule === null) throw new Error(JSON.stringify(problems));
  return schedule;
}

/** Gives somebody as many leads as they may have, ten an hour, for some days; how many each local day. */
function give(perDay: number, schedule: Schedule, from: number, days: number): Map<number, number> {
  const got = new Map<number, number>();
  let kept: Allowance | null = null;
  for (let at = from; at < from + days * DAY; at += 360_000) {
    const now: Allowance = allowanceAt({ perDay, kept, schedule }, at);
    if (!mayGive(now)) continue;
    kept = spend(now);
    got.set(dayOf(schedule, at), (got.get(dayOf(schedule, at)) ?? 0) + 1);
  }
  return got;
}

describe('leads per working day', () => {
  const MONDAY = Date.parse('2026-03-02T00:00:00Z');

  test.each([
    [3, [3, 3, 3, 3, 3]],
    [1, [1, 1, 1, 1, 1]],
    [0.5, [1, 0, 1, 0, 1]],
    [0.25, [1, 0, 0, 0, 1]],
    [2.5, [2, 3, 2, 3, 2]],
  ])('%s a day', (perDay, expected) => {
    const got = give(perDay, ALWAYS, MONDAY, 5);
    const first = dayOf(ALWAYS, MONDAY);
    expect(expected.map((_, day) => got.get(first + day) ?? 0)).toEqual(expected);
  });

  test('a tenth of a lead a day is a lead in ten days, without rounding away', () => {
    expect([...give(0.1, ALWAYS, MONDAY, 51).values()]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('a weekend or holiday adds nothing', () => {
    const week = scheduleOf({ 'mon-fri': ['09:00-17:30'] }, ['2026-03-03']);
    const got = give(0.5, week, MONDAY, 14);
    expect([...got.keys()].map(day => new Date(day * DAY).toISOString().slice(5, 10))).toEqual([
      '03-02',
      '03-05',
      '03-09',
      '03-11',
      '03-13',
    ]);
  });

  test('what was not given is not made up for, whatever the capacity and the time away', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.integer({ min: 0, max: 300 }),
        (perDay, away) => {
          const kept = spend(allowanceAt({ perDay, kept: null }, 0));
          const { tokens } = allowanceAt({ perDay, kept }, away * DAY);
          expect(Math.floor(tokens + 1e-9)).toBeLessThanOrEqual(Math.ceil(perDay));
        },
      ),
    );
  });

  test('over a hundred days nobody gets more than their share and a day', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 6, noNaN: true }), perDay => {
        const got = [...give(perDay, ALWAYS, MONDAY, 100).values()].reduce((sum, n) => sum + n, 0);
        expect(Math.abs(got - 100 * perDay)).toBeLessThanOrEqual(Math.max(1, perDay) + 1 + 1e-6);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ['the next midnight of the person', 1, null, '2026-03-06T15:00:00Z', '2026-03-07T00:00:00.000Z'],
    [
      'Monday, for who works on weekdays',
      1,
      { 'mon-fri': ['09:00-17:30'] },
      '2026-03-06T15:00:00Z',
      '2026-03-09T00:00:00.000Z',
    ],
    [
      'the second working day for half a lead',
      0.5,
      { 'mon-fri': ['09:00-17:30'] },
      '2026-03-06T15:00:00Z',
      '2026-03-10T00:00:00.000Z',
    ],
  ])('tells when the next may be given: %s', (_name, perDay, hours, at, expected) => {
    const schedule = scheduleOf(hours);
    const now = Date.parse(at);
    let kept = allowanceAt({ perDay, kept: null, schedule }, now);
    while (mayGive(kept)) kept = spend(kept);
    const next = mayGiveFrom({ perDay, kept, schedule }, now);
    expect(next === null ? null : new Date(next).toISOString()).toBe(expected);
  });

  test('a local day begins at local midnight, or after the hour that a clock change skips', () => {
    const cairo = scheduleOf(null, [], 'Africa/Cairo');
    // On 24 April 2026 Cairo goes from 00:00 to 01:00.
    const day = Date.parse('2026-04-24T00:00:00Z') / DAY;
    const start = startOfDay(cairo, day);
    expect([dayOf(cairo, start - 1), dayOf(cairo, start)]).toEqual([day - 1, day]);
    const tokyo = scheduleOf(null, [], 'Asia/Tokyo');
    expect(new Date(startOfDay(tokyo, day)).toISOString()).toBe('2026-04-23T15:00:00.000Z');
  });
});
