import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkSpan } from '../../../src/core/agreement/practice.ts';
import {
  addWorkSpan,
  compileCalendar,
  isWorking,
  nextOpening,
  workingMsBetween,
} from '../../../src/core/worktime/calendar.ts';
import { changes, drawn, everywhere } from '../arbitrary/calendar.ts';
import { slowAdd, slowAddDays, slowCalendar, slowElapsed } from '../reference/worktime.ts';

const DAY = 86_400_000;
const time = (ms: number): WorkSpan => ({ kind: 'time', ms });
/** A night run takes more of them, as CONTRIBUTING says. */
const runs = Number(process.env.BATON_PROPERTY_RUNS ?? '100');

describe('the slow second implementation', () => {
  const london = slowCalendar({
    timezone: 'Europe/London',
    hours: [[[540, 1020]], [], [], [], [], [], [[60, 120]]],
    holidays: ['2026-06-01'],
  });

  it.each([
    ['2026-05-25T07:00Z', '2026-05-25T08:30Z', 30],
    ['2026-06-01T00:00Z', '2026-06-02T00:00Z', 0],
    ['2026-03-29T00:00Z', '2026-03-29T12:00Z', 0],
    ['2026-10-25T00:00Z', '2026-10-25T12:00Z', 120],
  ])('counts from %s to %s %d minutes', (from, to, minutes) => {
    expect(slowElapsed(london, Date.parse(from), Date.parse(to))).toBe(minutes * 60_000);
  });

  it('adds time and days', () => {
    const from = Date.parse('2026-05-18T15:00Z');
    expect(slowAdd(london, from, 2 * 3_600_000, 30)).toBe(Date.parse('2026-05-24T01:00Z'));
    expect(slowAddDays(london, from, { days: 2, mostDays: 30 })).toBe(Date.parse('2026-05-25T15:00Z'));
  });
});

/** A calendar, two instants, which share of the working time between them is added, and how many working days. */
const asked = (zones: typeof changes) =>
  fc.record({
    drawn: drawn(1, zones),
    lastsMs: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 * DAY }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 * DAY }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 25 * DAY }) },
    ),
    share: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    days: fc.integer({ min: 0, max: 4 }),
  });

it('agrees with one that reads the wall clock minute by minute', () => {
  fc.assert(
    fc.property(asked(everywhere), ({ drawn: { hours, instants }, lastsMs, share }) => {
      const [from = 0] = instants;
      const [fast, slow] = [compileCalendar(hours), slowCalendar(hours)];
      const elapsed = slowElapsed(slow, from, from + lastsMs);
      expect(workingMsBetween(fast, from, from + lastsMs)).toBe(elapsed);
      expect(isWorking(fast, from)).toBe(slow.begun(Math.floor(from / 60_000)) !== null);
      const opening = slowAdd(slow, from, 0, 60);
      if (opening !== null) expect(nextOpening(fast, from)).toBe(opening);
      // What is left of the time between them is reached within it.
      const ms = Math.round(share * elapsed);
      if (elapsed === 0) return;
      const due = addWorkSpan(fast, from, time(ms));
      expect(due).toBe(slowAdd(slow, from, ms, 60));
      expect(workingMsBetween(fast, from, due)).toBe(ms);
      // Spans add up, and a clock started later, or given a longer span, is not due earlier.
      if (ms < elapsed)
        expect(addWorkSpan(fast, due, time(elapsed - ms))).toBe(addWorkSpan(fast, from, time(elapsed)));
      expect(addWorkSpan(fast, from + lastsMs, time(ms))).toBeGreaterThanOrEqual(due);
      expect(addWorkSpan(fast, from, time(ms + 1))).toBeGreaterThan(due);
    }),
    { numRuns: runs },
  );
});

it('agrees with it on working days too', () => {
  fc.assert(
    fc.property(asked(changes), ({ drawn: { hours, instants }, days }) => {
      const [from = 0] = instants;
      const due = slowAddDays(slowCalendar(hours), from, { days, mostDays: 40 });
      if (due === null) return;
      expect(addWorkSpan(compileCalendar(hours), from, { kind: 'workdays', days })).toBe(due);
    }),
    { numRuns: Math.ceil(runs / 2) },
  );
});
