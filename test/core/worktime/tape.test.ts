import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCalendar, workingMsBetween } from '../../../src/core/worktime/calendar.ts';
import { layTape } from '../../../src/core/worktime/tape.ts';

const FROM = Date.UTC(2026, 2, 20);
const TO = Date.UTC(2026, 10, 10);
const day: readonly (readonly [number, number])[] = [
  [540, 750],
  [810, 1050],
];
const CALENDARS = [
  compileCalendar({
    timezone: 'Europe/London',
    hours: [day, day, day, day, day, [], []],
    holidays: ['2026-04-03'],
  }),
  compileCalendar({ timezone: 'America/Havana', hours: Array.from({ length: 7 }, () => [[1320, 1800]]) }),
  compileCalendar({ timezone: 'UTC', hours: [[], [], [], [], [], [], []] }),
];

test('a tape measures as its calendar does, over clock changes, nights and holidays', () => {
  const at = fc.integer({ min: FROM, max: TO });
  fc.assert(
    fc.property(fc.constantFrom(...CALENDARS), at, at, (calendar, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      expect(layTape(calendar, { from: FROM, to: TO }).between(from, to)).toBe(
        workingMsBetween(calendar, from, to),
      );
    }),
    { numRuns: 300 },
  );
});

test('a span that ends before it begins is none', () => {
  expect(layTape(null, { from: 0, to: 9 }).between(5, 2)).toBe(0);
  expect(layTape(CALENDARS[0] ?? null, { from: FROM, to: TO }).between(TO, FROM)).toBe(0);
});
