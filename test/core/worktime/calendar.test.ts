import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import type { WeekHours } from '../../../src/core/agreement/hours.ts';
import type { WorkSpan } from '../../../src/core/agreement/practice.ts';
import {
  addWorkSpan,
  compileCalendar,
  isWorking,
  nextOpening,
  workingMsBetween,
} from '../../../src/core/worktime/calendar.ts';
import { changes, drawn, everywhere, spanMs, workSpan } from '../arbitrary/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (text: string): number => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`not an instant: ${text}`);
  return ms;
};
const iso = (ms: number): string => new Date(ms).toISOString().replace(':00.000Z', 'Z');
const time = (ms: number): WorkSpan => ({ kind: 'time', ms });
const workdays = (days: number): WorkSpan => ({ kind: 'workdays', days });

type Day = WeekHours[number];
const day = (...spans: readonly string[]): Day =>
  spans.map(span => {
    const [open = 0, close = 0] = span.split('-').map(clock => {
      const [hour = 0, minute = 0] = clock.split(':').map(Number);
      return hour * 60 + minute;
    });
    return [open, close] as const;
  });
const monToFri = (hours: Day): WeekHours => [hours, hours, hours, hours, hours, [], []];
const daily = (hours: Day): WeekHours => [hours, hours, hours, hours, hours, hours, hours];

const calendars = {
  /** 7.5 h a day with an hour for lunch; Christmas 2026 is a Friday. */
  london: compileCalendar({
    timezone: 'Europe/London',
    hours: monToFri(day('09:00-12:30', '13:30-17:30')),
    holidays: ['2026-12-25'],
  }),
  newYork: compileCalendar({ timezone: 'America/New_York', hours: monToFri(day('09:00-17:00')) }),
  kolkata: compileCalendar({ timezone: 'Asia/Kolkata', hours: monToFri(day('10:00-18:00')) }),
  apia: compileCalendar({ timezone: 'Pacific/Apia', hours: daily(day('09:00-17:00')) }),
  /** Open while clocks change: Sundays, midnight to six. */
  night: compileCalendar({
    timezone: 'Europe/London',
    hours: [[], [], [], [], [], [], day('00:00-06:00')],
  }),
  /** Open only within the hour that spring skips and autumn repeats. */
  hidden: compileCalendar({
    timezone: 'Europe/London',
    hours: daily(day('01:15-01:45')),
  }),
  uneven: compileCalendar({
    timezone: 'UTC',
    hours: [
      day('09:00-17:00'),
      day('09:00-12:00'),
      day('13:00-17:00'),
      day('09:00-12:30', '13:30-17:30'),
      [],
      [],
      [],
    ],
  }),
  overlapping: compileCalendar({
    timezone: 'UTC',
    hours: daily(day('11:00-14:00', '09:00-12:00', '09:30-10:00', '14:00-15:00')),
  }),
  wednesdays: compileCalendar({ timezone: 'UTC', hours: [[], [], day('10:00-11:00'), [], [], [], []] }),
  allDay: compileCalendar({ timezone: 'Europe/London', hours: daily(day('00:00-24:00')) }),
  aroundTheClock: compileCalendar({ timezone: 'UTC', hours: monToFri(day('00:00-24:00')) }),
  lisbon: compileCalendar({ timezone: 'Europe/Lisbon', hours: daily(day('00:00-24:00')) }),
} as const;

describe('addWorkSpan over a span of time', () => {
  it.each([
    // Within a day, over lunch, over night, over a weekend and a holiday.
    ['london', '2026-06-02T09:00Z', 1 * HOUR, '2026-06-02T10:00Z'],
    ['london', '2026-06-02T11:00Z', 30 * MINUTE, '2026-06-02T11:30Z'],
    ['london', '2026-06-02T11:00Z', 1 * HOUR, '2026-06-02T13:00Z'],
    ['london', '2026-06-02T12:00Z', 1 * HOUR, '2026-06-02T13:30Z'],
    ['london', '2026-06-02T16:00Z', 30 * MINUTE, '2026-06-02T16:30Z'],
    ['london', '2026-06-02T16:30Z', 1 * MINUTE, '2026-06-03T08:01Z'],
    ['london', '2026-06-06T15:00Z', 1 * HOUR, '2026-06-08T09:00Z'],
    ['london', '2026-06-02T08:00Z', 37.5 * HOUR, '2026-06-08T16:30Z'],
    ['london', '2026-12-24T17:00Z', 1 * HOUR, '2026-12-28T09:30Z'],
    ['london', '2026-12-25T10:00Z', 1 * HOUR, '2026-12-28T10:00Z'],
    // Over the weekends on which the clocks change: one hour less of UTC in spring, one more in autumn.
    ['london', '2026-03-27T16:30Z', 2 * HOUR, '2026-03-30T09:00Z'],
    ['london', '2026-10-23T16:00Z', 1 * HOUR, '2026-10-26T09:30Z'],
    ['newYork', '2026-03-06T21:00Z', 2 * HOUR, '2026-03-09T14:00Z'],
    ['newYork', '2026-10-30T20:00Z', 2 * HOUR, '2026-11-02T15:00Z'],
    // While the clocks change: 00:00-06:00 lasts five hours in spring, seven in autumn.
    ['night', '2026-03-29T00:00Z', 5 * HOUR, '2026-03-29T05:00Z'],
    ['night', '2026-03-28T12:00Z', 5 * HOUR + MINUTE, '2026-04-04T23:01Z'],
    ['night', '2026-10-24T23:00Z', 7 * HOUR, '2026-10-25T06:00Z'],
    ['night', '2026-10-24T12:00Z', 7 * HOUR + MINUTE, '2026-11-01T00:01Z'],
    // 01:15-01:45 does not exist on 29 March and is there twice on 25 October.
    ['hidden', '2026-03-28T12:00Z', 30 * MINUTE, '2026-03-30T00:45Z'],
    ['hidden', '2026-10-24T12:00Z', 30 * MINUTE, '2026-10-25T00:45Z'],
    ['hidden', '2026-10-24T12:00Z', 60 * MINUTE, '2026-10-25T01:45Z'],
    // Half an hour off the hour; a zone that left out 30 December 2011.
    ['kolkata', '2026-03-27T12:00Z', 1 * HOUR, '2026-03-30T05:00Z'],
    ['apia', '2011-12-30T02:00Z', 2 * HOUR, '2011-12-30T20:00Z'],
    // One hour a week.
    ['wednesdays', '2026-06-03T10:30Z', 1 * HOUR, '2026-06-10T10:30Z'],
    ['wednesdays', '2026-06-04T00:00Z', 52 * HOUR, '2027-06-02T11:00Z'],
  ] as const)('on %s: from %s, %d ms end at %s', (name, from, ms, expected) => {
    expect(iso(addWorkSpan(calendars[name], at(from), time(ms)))).toBe(expected);
  });

  it('ends an empty span at the next working moment', () => {
    expect(iso(addWorkSpan(calendars.london, at('2026-06-02T16:30Z'), time(0)))).toBe('2026-06-03T08:00Z');
  });

  it('reaches the longest span an agreement may name, 3650 days on an eight-hour day', () => {
    const from = at('2026-06-01T13:00Z');
    // 87 600 h are 2190 weeks of 40 h: they end at 17:00 EDT on the Friday of the 2190th, 15 327 days later.
    expect(iso(addWorkSpan(calendars.newYork, from, time(3650 * DAY)))).toBe('2068-05-18T21:00Z');
  });
});

describe('addWorkSpan over working days', () => {
  it.each([
    ['london', '2026-06-02T09:00Z', 1, '2026-06-03T09:00Z'],
    ['london', '2026-06-02T09:00Z', 5, '2026-06-09T09:00Z'],
    ['london', '2026-06-05T16:29Z', 1, '2026-06-08T16:29Z'],
    // At the close, over lunch, on a Saturday, before work: counted from the next opening.
    ['london', '2026-06-05T16:30Z', 1, '2026-06-09T08:00Z'],
    ['london', '2026-06-02T11:45Z', 1, '2026-06-03T12:30Z'],
    ['london', '2026-06-06T15:00Z', 1, '2026-06-09T08:00Z'],
    ['london', '2026-06-02T05:00Z', 1, '2026-06-03T08:00Z'],
    // A holiday is not a working day; the local time survives a change of clocks.
    ['london', '2026-12-24T10:00Z', 1, '2026-12-28T10:00Z'],
    ['london', '2026-03-27T10:00Z', 1, '2026-03-30T09:00Z'],
    ['london', '2026-10-23T09:00Z', 1, '2026-10-26T10:00Z'],
    ['newYork', '2026-03-06T15:00Z', 1, '2026-03-09T14:00Z'],
    ['newYork', '2026-10-30T14:00Z', 1, '2026-11-02T15:00Z'],
    ['kolkata', '2026-03-27T05:00Z', 1, '2026-03-30T05:00Z'],
    ['apia', '2011-12-30T02:00Z', 1, '2011-12-31T02:00Z'],
    // Clamped: Tuesday closes at 12:00, Wednesday opens at 13:00, Thursday lunches from 12:30.
    ['uneven', '2026-06-01T15:00Z', 1, '2026-06-02T12:00Z'],
    ['uneven', '2026-06-01T15:00Z', 2, '2026-06-03T15:00Z'],
    ['uneven', '2026-06-01T10:00Z', 2, '2026-06-03T13:00Z'],
    ['uneven', '2026-06-01T13:00Z', 3, '2026-06-04T12:30Z'],
    ['uneven', '2026-06-01T13:30Z', 3, '2026-06-04T13:30Z'],
    // 01:30 on the short day is 01:30 that does not exist: due at the change, when 00:59:59 becomes 02:00.
    ['allDay', '2026-03-28T01:30Z', 1, '2026-03-29T01:00Z'],
    // 01:30 comes twice on the long day: due at the first. From the second pass, as if from its end at 02:00.
    ['allDay', '2026-10-24T00:30Z', 1, '2026-10-25T00:30Z'],
    ['allDay', '2026-10-25T00:30Z', 1, '2026-10-26T01:30Z'],
    ['allDay', '2026-10-25T01:15Z', 1, '2026-10-26T02:00Z'],
    // Midnight on Friday is Friday's, though Thursday's hours end with it.
    ['aroundTheClock', '2026-06-05T00:00Z', 1, '2026-06-08T00:00Z'],
    ['aroundTheClock', '2026-06-04T23:59Z', 1, '2026-06-05T23:59Z'],
    // In Lisbon the hour before midnight UTC was repeated after it on 27 September 1981.
    ['lisbon', '1981-09-27T00:15Z', 1, '1981-09-28T01:00Z'],
    // The hidden half hour is missing on 29 March, so that day is not a working day.
    ['hidden', '2026-03-28T01:20Z', 1, '2026-03-30T00:20Z'],
    ['wednesdays', '2026-06-03T10:15Z', 999, '2045-07-26T10:15Z'],
  ] as const)('on %s: from %s, %d working days end at %s', (name, from, days, expected) => {
    expect(iso(addWorkSpan(calendars[name], at(from), workdays(days)))).toBe(expected);
  });
});

describe('workingMsBetween', () => {
  it.each([
    ['london', '2026-06-02T00:00Z', '2026-06-03T00:00Z', 7.5 * HOUR],
    ['london', '2026-06-02T11:00Z', '2026-06-02T13:00Z', 1 * HOUR],
    ['london', '2026-12-21T00:00Z', '2026-12-28T00:00Z', 30 * HOUR],
    ['london', '2026-03-27T16:30Z', '2026-03-30T09:00Z', 2 * HOUR],
    ['london', '2026-03-30T09:00Z', '2026-03-27T16:30Z', -2 * HOUR],
    ['night', '2026-03-28T00:00Z', '2026-03-30T00:00Z', 5 * HOUR],
    ['night', '2026-10-24T00:00Z', '2026-10-26T00:00Z', 7 * HOUR],
    ['hidden', '2026-03-28T12:00Z', '2026-03-29T12:00Z', 0],
    ['hidden', '2026-10-24T12:00Z', '2026-10-25T12:00Z', 1 * HOUR],
    ['apia', '2011-12-29T10:00Z', '2011-12-31T10:00Z', 16 * HOUR],
    ['overlapping', '2026-06-01T00:00Z', '2026-06-03T00:00Z', 12 * HOUR],
    ['allDay', '2026-01-01T00:00Z', '2027-01-01T00:00Z', 365 * DAY],
    // 1827 days from Monday 1 June 2026 to Sunday 1 June 2031: 261 weeks, less the holiday on a Friday.
    ['london', '2026-06-01T00:00Z', '2031-06-01T23:00Z', (261 * 5 - 1) * 7.5 * HOUR],
  ] as const)('on %s: between %s and %s lie %d ms', (name, from, to, ms) => {
    expect(workingMsBetween(calendars[name], at(from), at(to))).toBe(ms);
  });

  it('counts the first hundred years of a longer distance and no more', () => {
    const from = at('2026-06-01T00:00Z');
    const century = workingMsBetween(calendars.wednesdays, from, from + 36_525 * DAY);
    expect(century).toBe(5218 * HOUR);
    expect(workingMsBetween(calendars.wednesdays, from, 8.64e15)).toBe(century);
  });
});

describe('isWorking and nextOpening', () => {
  it.each([
    ['london', '2026-06-02T07:59Z', false, '2026-06-02T08:00Z'],
    ['london', '2026-06-02T08:00Z', true, '2026-06-02T08:00Z'],
    ['london', '2026-06-02T11:29Z', true, '2026-06-02T11:29Z'],
    ['london', '2026-06-02T11:30Z', false, '2026-06-02T12:30Z'],
    ['london', '2026-06-05T16:30Z', false, '2026-06-08T08:00Z'],
    ['london', '2026-12-25T10:00Z', false, '2026-12-28T09:00Z'],
    ['newYork', '2026-03-07T12:00Z', false, '2026-03-09T13:00Z'],
    ['newYork', '2026-10-31T12:00Z', false, '2026-11-02T14:00Z'],
    ['hidden', '2026-03-29T00:30Z', false, '2026-03-30T00:15Z'],
    ['hidden', '2026-10-25T00:45Z', false, '2026-10-25T01:15Z'],
    ['apia', '2011-12-30T03:00Z', false, '2011-12-30T19:00Z'],
    ['allDay', '2026-03-29T01:00Z', true, '2026-03-29T01:00Z'],
  ] as const)('on %s at %s: working %s, next opening %s', (name, moment, working, opening) => {
    expect(isWorking(calendars[name], at(moment))).toBe(working);
    expect(iso(nextOpening(calendars[name], at(moment)))).toBe(opening);
  });
});

describe('a calendar that is always open', () => {
  it('counts plain time, and a working day as 24 h', () => {
    expect(addWorkSpan(null, 5, time(7))).toBe(12);
    expect(addWorkSpan(null, 0, workdays(2))).toBe(2 * DAY);
    expect(workingMsBetween(null, 1000, 4000)).toBe(3000);
    expect(workingMsBetween(null, 4000, 1000)).toBe(-3000);
    expect(isWorking(null, 5)).toBe(true);
    expect(nextOpening(null, 5)).toBe(5);
  });
});

describe('a calendar that does not open for years', () => {
  /** Mondays only, and every Monday from 8 June 2026 on for `years` years is a holiday. */
  const closedFor = (years: number) => {
    const first = at('2026-06-08T00:00Z');
    const holidays = Array.from({ length: Math.ceil(years * 52.18) }, (_, week) =>
      new Date(first + week * 7 * DAY).toISOString().slice(0, 10),
    );
    return compileCalendar({
      timezone: 'UTC',
      hours: [day('09:00-17:00'), [], [], [], [], [], []],
      holidays,
    });
  };

  it('waits for a calendar that opens within ten years', () => {
    const due = addWorkSpan(closedFor(9), at('2026-06-03T00:00Z'), time(HOUR));
    expect(due).toBeGreaterThan(at('2035-05-01T00:00Z'));
    expect(isWorking(closedFor(9), due)).toBe(true);
  });

  it('counts plain time from the last working moment when there is none for ten years', () => {
    const closed = closedFor(12);
    expect(iso(addWorkSpan(closed, at('2026-06-03T00:00Z'), time(HOUR)))).toBe('2026-06-03T01:00Z');
    expect(iso(addWorkSpan(closed, at('2026-06-01T16:00Z'), time(3 * HOUR)))).toBe('2026-06-01T19:00Z');
    expect(iso(addWorkSpan(closed, at('2026-06-03T00:00Z'), workdays(2)))).toBe('2026-06-05T00:00Z');
    expect(iso(addWorkSpan(closed, at('2026-06-01T16:00Z'), workdays(2)))).toBe('2026-06-03T17:00Z');
    expect(iso(nextOpening(closed, at('2026-06-03T00:00Z')))).toBe('2026-06-03T00:00Z');
    expect(workingMsBetween(closed, at('2026-06-03T00:00Z'), at('2036-06-03T00:00Z'))).toBe(0);
  });

  it('stops after a hundred years of a minute a week', () => {
    const minute = compileCalendar({ timezone: 'UTC', hours: [day('09:00-09:01'), [], [], [], [], [], []] });
    const from = at('2026-06-01T00:00Z');
    const due = addWorkSpan(minute, from, time(10_000 * MINUTE));
    expect(due).toBeGreaterThan(from + 99.9 * 365.25 * DAY);
    expect(due).toBeLessThan(from + 100.1 * 365.25 * DAY);
  });
});

describe('compileCalendar', () => {
  it('takes a calendar of an agreement as it is read', () => {
    const { agreement } = readAgreement({
      agreement: 1,
      name: 'Core',
      scores: { fit: {} },
      calendars: {
        business: {
          timezone: 'Europe/London',
          hours: { 'mon-fri': ['09:00-12:30', '13:30-17:30'] },
          holidays: ['2026-12-25'],
        },
      },
    });
    const business = agreement?.practice.calendars?.business;
    const calendar = business === undefined ? null : compileCalendar(business);
    expect(iso(addWorkSpan(calendar, at('2026-12-24T17:00Z'), time(HOUR)))).toBe('2026-12-28T09:30Z');
  });

  it('refuses a time zone that does not exist, and the functions an instant that does not', () => {
    expect(() => compileCalendar({ timezone: 'Mars/Olympus', hours: daily(day('09:00-17:00')) })).toThrow(
      RangeError,
    );
    expect(() => addWorkSpan(calendars.london, Number.NaN, time(1))).toThrow(RangeError);
    expect(() => addWorkSpan(calendars.london, 8.64e15, time(DAY))).toThrow(RangeError);
    expect(() => nextOpening(calendars.london, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  it('gives the same answers whatever was asked before', () => {
    const fresh = compileCalendar({ timezone: 'America/New_York', hours: monToFri(day('09:00-17:00')) });
    const from = at('2026-10-30T20:00Z');
    const first = addWorkSpan(fresh, from, time(2 * HOUR));
    for (let year = 1; year < 200; year++) addWorkSpan(fresh, from + year * 366 * DAY, time(2000 * HOUR));
    expect(addWorkSpan(fresh, from, time(2 * HOUR))).toBe(first);
  });
});

describe('for any calendar and instants around a change of clocks', () => {
  it('the working time up to the end of a span is the span', () => {
    fc.assert(
      fc.property(drawn(1, everywhere), spanMs, ({ hours, instants: [from = 0] }, ms) => {
        const calendar = compileCalendar(hours);
        // A calendar of a minute a week cannot spend a long span in a hundred years.
        const weekMs = workingMsBetween(calendar, from + 70 * DAY, from + 77 * DAY);
        fc.pre(weekMs * 1000 > ms);
        expect(workingMsBetween(calendar, from, addWorkSpan(calendar, from, time(ms)))).toBe(ms);
      }),
    );
  });

  it('a span ends inside working hours or at their end', () => {
    fc.assert(
      fc.property(drawn(1, everywhere), workSpan, ({ hours, instants: [from = 0] }, span) => {
        const calendar = compileCalendar(hours);
        fc.pre(workingMsBetween(calendar, from + 70 * DAY, from + 77 * DAY) > HOUR);
        const due = addWorkSpan(calendar, from, span);
        expect(due).toBeGreaterThanOrEqual(from);
        expect(isWorking(calendar, due) || isWorking(calendar, due - 1)).toBe(true);
      }),
    );
  });

  it('a clock started later, or given a longer span, is never due earlier', () => {
    fc.assert(
      fc.property(drawn(2, changes), workSpan, ({ hours, instants: [early = 0, late = 0] }, span) => {
        const calendar = compileCalendar(hours);
        const due = addWorkSpan(calendar, early, span);
        expect(addWorkSpan(calendar, late, span)).toBeGreaterThanOrEqual(due);
        const longer = span.kind === 'time' ? time(span.ms + 1) : workdays(span.days + 1);
        expect(addWorkSpan(calendar, early, longer)).toBeGreaterThan(due);
      }),
      { numRuns: 400 },
    );
  });

  it('working time adds up over any middle', () => {
    fc.assert(
      fc.property(drawn(3, everywhere), ({ hours, instants: [a = 0, b = 0, c = 0] }) => {
        const calendar = compileCalendar(hours);
        const between = (from: number, to: number) => workingMsBetween(calendar, from, to);
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
        expect(between(a, c) + between(c, b)).toBe(between(a, b));
        expect(between(a, c)).toBeGreaterThanOrEqual(between(a, b));
      }),
    );
  });

  it('spans of time add up', () => {
    fc.assert(
      fc.property(drawn(1, everywhere), spanMs, spanMs, ({ hours, instants: [from = 0] }, one, two) => {
        const calendar = compileCalendar(hours);
        fc.pre(workingMsBetween(calendar, from + 70 * DAY, from + 77 * DAY) * 1000 > one + two);
        const middle = addWorkSpan(calendar, from, time(one));
        expect(addWorkSpan(calendar, middle, time(two))).toBe(addWorkSpan(calendar, from, time(one + two)));
      }),
    );
  });

  it('the next opening is a working moment with no working time before it', () => {
    fc.assert(
      fc.property(drawn(1, everywhere), ({ hours, instants: [from = 0] }) => {
        const calendar = compileCalendar(hours);
        const opening = nextOpening(calendar, from);
        expect(isWorking(calendar, opening)).toBe(true);
        expect(workingMsBetween(calendar, from, opening)).toBe(0);
        expect(opening === from).toBe(isWorking(calendar, from));
      }),
    );
  });
});
