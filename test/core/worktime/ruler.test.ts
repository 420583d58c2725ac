import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCalendar, workingMsBetween } from '../../../src/core/worktime/calendar.ts';
import { type ClockPause, rulerOf } from '../../../src/core/worktime/ruler.ts';
import { drawn, everywhere } from '../arbitrary/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);

const day = [
  [540, 750],
  [810, 1050],
] as const;
const london = compileCalendar({
  timezone: 'Europe/London',
  hours: [day, day, day, day, day, [], []],
  holidays: ['2026-12-25', '2026-12-28'],
});
const riyadh = compileCalendar({
  timezone: 'Asia/Riyadh',
  hours: [[[480, 960]], [[480, 960]], [], [[480, 960]], [], [], [[480, 960]]],
});
const night = compileCalendar({
  timezone: 'Asia/Manila',
  hours: [[[1320, 1800]], [[1320, 1800]], [], [], [], [], []],
});

/** A ruler as lines: how long, what, how much counted in minutes. */
const lines = (
  calendar: typeof london | null,
  from: string,
  to: string,
  pauses: readonly ClockPause[] = [],
) =>
  rulerOf(calendar, { from: at(from), to: at(to), pauses }).map(
    ({ from: begins, to: ends, countedMs, why, reason }) =>
      `${begins.slice(5, 16)} ${ends.slice(5, 16)} ${why ?? countedMs / MINUTE}${reason === null ? '' : ` ${reason}`}`,
  );

describe('the stretches of a clock', () => {
  it('are hours, breaks and nights', () => {
    expect(lines(london, '2026-06-02T10:00Z', '2026-06-03T09:00Z')).toEqual([
      '06-02T10:00 06-02T11:30 90',
      '06-02T11:30 06-02T12:30 break',
      '06-02T12:30 06-02T16:30 240',
      '06-02T16:30 06-03T08:00 night',
      '06-03T08:00 06-03T09:00 60',
    ]);
  });

  it('are weekends and holidays with the nights around them', () => {
    expect(lines(london, '2026-12-24T16:00Z', '2026-12-29T09:30Z')).toEqual([
      '12-24T16:00 12-24T17:30 90',
      '12-24T17:30 12-26T00:00 holiday',
      '12-26T00:00 12-28T00:00 weekend',
      '12-28T00:00 12-29T09:00 holiday',
      '12-29T09:00 12-29T09:30 30',
    ]);
  });

  it('know what they are part of where they are cut', () => {
    expect(lines(london, '2026-06-06T10:00Z', '2026-06-06T11:00Z')).toEqual([
      '06-06T10:00 06-06T11:00 weekend',
    ]);
    expect(lines(london, '2026-06-02T11:40Z', '2026-06-02T11:50Z')).toEqual([
      '06-02T11:40 06-02T11:50 break',
    ]);
    expect(lines(london, '2026-06-02T17:00Z', '2026-06-02T18:00Z')).toEqual([
      '06-02T17:00 06-02T18:00 night',
    ]);
  });

  it('call a weekend so whenever it is, and a day without hours within the week closed', () => {
    expect(lines(riyadh, '2026-06-02T12:00Z', '2026-06-07T06:00Z')).toEqual([
      '06-02T12:00 06-02T13:00 60',
      '06-02T13:00 06-04T05:00 closed',
      '06-04T05:00 06-04T13:00 480',
      '06-04T13:00 06-07T05:00 weekend',
      '06-07T05:00 06-07T06:00 60',
    ]);
  });

  it('count a night to the day on which it begins', () => {
    expect(lines(night, '2026-06-01T12:00Z', '2026-06-03T00:00Z')).toEqual([
      '06-01T12:00 06-01T14:00 weekend',
      '06-01T14:00 06-01T22:00 480',
      '06-01T22:00 06-02T14:00 night',
      '06-02T14:00 06-02T22:00 480',
      '06-02T22:00 06-03T00:00 weekend',
    ]);
  });

  it('stand still while the clock is paused, on a calendar and without one', () => {
    const pauses = [
      { from: at('2026-06-02T13:00Z'), to: at('2026-06-03T08:30Z'), reason: 'On leave' },
      { from: at('2026-06-03T08:00Z'), to: at('2026-06-03T09:00Z'), reason: 'Asked to wait' },
    ];
    expect(lines(london, '2026-06-02T12:30Z', '2026-06-03T10:00Z', pauses)).toEqual([
      '06-02T12:30 06-02T13:00 30',
      '06-02T13:00 06-03T08:30 paused On leave',
      '06-03T08:30 06-03T09:00 paused Asked to wait',
      '06-03T09:00 06-03T10:00 60',
    ]);
    expect(lines(null, '2026-06-02T12:00Z', '2026-06-02T14:00Z', pauses)).toEqual([
      '06-02T12:00 06-02T13:00 60',
      '06-02T13:00 06-02T14:00 paused On leave',
    ]);
  });

  it('are days when they are many, closed ones together', () => {
    const weeks = lines(london, '2026-06-01T08:00Z', '2026-07-10T16:30Z');
    expect(weeks.length).toBeLessThanOrEqual(48);
    expect(lines(london, '2026-06-01T08:00Z', '2026-07-02T16:30Z').slice(3, 7)).toEqual([
      '06-03T23:00 06-04T23:00 450',
      '06-04T23:00 06-05T23:00 450',
      '06-05T23:00 06-07T23:00 weekend',
      '06-07T23:00 06-08T23:00 450',
    ]);
  });

  it('are few over 42 years', () => {
    const to = at('2026-06-01T00:00Z') + 42 * 365 * DAY;
    const stretches = rulerOf(london, { from: at('2026-06-01T00:00Z'), to, pauses: [] });
    expect(stretches.length).toBeLessThanOrEqual(48);
    expect(stretches.reduce((sum, { countedMs }) => sum + countedMs, 0)).toBe(
      workingMsBetween(london, at('2026-06-01T00:00Z'), to),
    );
  });

  it('are none where a clock ends as it begins', () => {
    expect(rulerOf(london, { from: 5, to: 5, pauses: [] })).toEqual([]);
    expect(rulerOf(null, { from: 5, to: 4, pauses: [] })).toEqual([]);
  });
});

const pause = fc.record({
  start: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  lasts: fc.double({ min: 0, max: 0.4, noNaN: true }),
  reason: fc.constantFrom('On leave', 'Asked to wait'),
});

it('follow each other, are few, and count what elapsed less what was paused', () => {
  fc.assert(
    fc.property(
      drawn(1, everywhere),
      fc.oneof(fc.integer({ min: 1, max: 3 * DAY }), fc.integer({ min: 1, max: 90 * DAY })),
      fc.array(pause, { maxLength: 12 }),
      fc.boolean(),
      ({ hours, instants: [from = 0] }, lasts, drawnPauses, isAlways) => {
        const calendar = isAlways ? null : compileCalendar(hours);
        const to = from + lasts;
        const pauses = drawnPauses.map(({ start, lasts: share, reason }) => {
          const begins = Math.round(from + start * lasts);
          return { from: begins, to: Math.round(begins + share * lasts), reason };
        });
        const stretches = rulerOf(calendar, { from, to, pauses });
        const ends = stretches.map(stretch => at(stretch.to));
        expect(stretches.map(stretch => at(stretch.from))).toEqual([from, ...ends.slice(0, -1)]);
        expect(ends.at(-1)).toBe(to);
        expect(stretches.length).toBeLessThanOrEqual(48);
        // Instants at which a pause begins or ends part the clock into spans that stood still or did not.
        const marks = [from, to, ...pauses.flatMap(({ from: a, to: b }) => [a, b])]
          .map(mark => Math.min(to, Math.max(from, mark)))
          .sort((a, b) => a - b);
        let ran = 0;
        marks.forEach((mark, index) => {
          const next = marks[index + 1] ?? to;
          const isStill = pauses.some(({ from: a, to: b }) => a <= mark && mark < b);
          if (!isStill) ran += workingMsBetween(calendar, mark, next);
        });
        expect(stretches.reduce((sum, { countedMs }) => sum + countedMs, 0)).toBe(ran);
        for (const { from: a, to: b, countedMs, why } of stretches) {
          expect(countedMs).toBeLessThanOrEqual(at(b) - at(a));
          expect(countedMs === 0).toBe(why !== null);
        }
      },
    ),
    { numRuns: 100 },
  );
});
