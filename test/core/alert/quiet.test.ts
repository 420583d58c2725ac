import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dailyAt, deliverAt, digestAt, type QuietHours, quietUntil } from '../../../src/core/alert/quiet.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';
import { instantAt, isZone, offsetAt } from '../../../src/core/time/zone.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | null) => (ms === null ? null : formatInstant(ms).slice(0, 16));
const night: QuietHours = { from: 22 * 60, to: 7 * 60, days: null };
const HOUR = 3_600_000;

describe('quiet hours', () => {
  test.each([
    ['an evening, in London in winter', 'Europe/London', '2026-01-10T22:30Z', '2026-01-11T07:00'],
    ['the early morning after', 'Europe/London', '2026-01-11T06:59Z', '2026-01-11T07:00'],
    ['their last moment is over', 'Europe/London', '2026-01-11T07:00Z', null],
    ['midday', 'Europe/London', '2026-01-11T12:00Z', null],
    ['in summer the clocks are an hour ahead', 'Europe/London', '2026-07-10T21:30Z', '2026-07-11T06:00'],
    ['an evening in New York', 'America/New_York', '2026-01-11T03:00Z', '2026-01-11T12:00'],
    [
      'the night in which clocks go forward is an hour shorter',
      'Europe/London',
      '2026-03-28T22:30Z',
      '2026-03-29T06:00',
    ],
    [
      'the night in which clocks go back is an hour longer',
      'Europe/London',
      '2026-10-24T21:30Z',
      '2026-10-25T07:00',
    ],
    ['half an hour from UTC', 'Asia/Kolkata', '2026-01-10T17:00Z', '2026-01-11T01:30'],
  ])('%s', (_name, zone, now, until) => {
    expect(iso(quietUntil(night, { zone, at: at(now) }))).toBe(until);
  });

  test('within one day end on it', () => {
    const lunch = { from: 12 * 60, to: 13 * 60, days: null };
    expect(iso(quietUntil(lunch, { zone: 'UTC', at: at('2026-01-10T12:30Z') }))).toBe('2026-01-10T13:00');
    expect(quietUntil(lunch, { zone: 'UTC', at: at('2026-01-10T11:59Z') })).toBeNull();
  });

  test('of some days count from the day on which they begin', () => {
    const friday = { ...night, days: [4] };
    expect(iso(quietUntil(friday, { zone: 'UTC', at: at('2026-01-09T23:00Z') }))).toBe('2026-01-10T07:00');
    expect(iso(quietUntil(friday, { zone: 'UTC', at: at('2026-01-10T06:00Z') }))).toBe('2026-01-10T07:00');
    expect(quietUntil(friday, { zone: 'UTC', at: at('2026-01-10T23:00Z') })).toBeNull();
  });

  test('that end at a time which the clocks skip end when they have gone on', () => {
    const odd = { from: 22 * 60, to: 90, days: null };
    const end = quietUntil(odd, { zone: 'Europe/London', at: at('2026-03-29T00:30Z') });
    expect(iso(end)).toBe('2026-03-29T01:30');
  });
});

describe('a message in quiet hours', () => {
  const reader = { zone: 'UTC', quiet: night };
  const now = at('2026-01-10T23:00Z');
  const morning = at('2026-01-11T07:00Z');
  test.each([
    ['waits for their end', { isUrgent: false, dueAt: null }, morning],
    ['leaves at once when it is urgent', { isUrgent: true, dueAt: null }, now],
    ['leaves at once when the lead is due before they end', { isUrgent: false, dueAt: morning - 1 }, now],
    ['leaves at once when the lead is due as they end', { isUrgent: false, dueAt: morning }, now],
    ['leaves at once when the lead is overdue', { isUrgent: false, dueAt: now - HOUR }, now],
    ['waits when the lead is due later', { isUrgent: false, dueAt: morning + 1 }, morning],
  ])('%s', (_name, message, expected) => {
    expect(deliverAt(reader, { now, ...message })).toBe(expected);
  });

  test('leaves at once for a person who has none', () => {
    expect(deliverAt({ zone: 'UTC', quiet: null }, { now, isUrgent: false, dueAt: null })).toBe(now);
  });
});

const zones = fc.constantFrom(
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'America/Santiago',
);
const quiets = fc
  .record({
    from: fc.nat(1439),
    to: fc.nat(1439),
    days: fc.option(fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 })),
  })
  .filter(({ from, to }) => from !== to);
// A year with all its clock changes, to the minute.
const instants = fc
  .integer({ min: 0, max: 366 * 24 * 60 })
  .map(minute => at('2026-01-01T00:00Z') + minute * 60_000);

describe('for any quiet hours, zone and instant', () => {
  test('a message never leaves early, never waits for more than a day and an hour, and does not wait again', () => {
    fc.assert(
      fc.property(quiets, zones, instants, (quiet, zone, now) => {
        const reader = { zone, quiet };
        const leaves = deliverAt(reader, { now, isUrgent: false, dueAt: null });
        expect(leaves).toBeGreaterThanOrEqual(now);
        expect(leaves - now).toBeLessThanOrEqual(25 * HOUR);
        if (leaves > now) expect((leaves - now) % 60_000).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('they are what the clock on the wall says, away from clock changes', () => {
    const wall = (zone: string, now: number) => now + offsetAt(zone, now);
    fc.assert(
      fc.property(quiets, zones, instants, (quiet, zone, now) => {
        const isSteady = offsetAt(zone, now - 30 * HOUR) === offsetAt(zone, now + 30 * HOUR);
        fc.pre(isSteady);
        const minute = Math.floor(wall(zone, now) / 60_000) % 1440;
        const weekday = (Math.floor(wall(zone, now) / 86_400_000) + 3) % 7;
        const on = (day: number) => quiet.days === null || quiet.days.includes((day + 7) % 7);
        const isOver = quiet.from > quiet.to;
        const expected = isOver
          ? (minute >= quiet.from && on(weekday)) || (minute < quiet.to && on(weekday - 1))
          : minute >= quiet.from && minute < quiet.to && on(weekday);
        expect(quietUntil(quiet, { zone, at: now }) !== null).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('a time of day is found on its date, and moves on only where the clocks skip it', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 20_454, max: 20_819 }), fc.nat(1439), (zone, date, minute) => {
        const found = instantAt(zone, { date, minute });
        const local = found + offsetAt(zone, found);
        const asked = date * 86_400_000 + minute * 60_000;
        expect([0, 30 * 60_000, HOUR]).toContain(local - asked);
      }),
      { numRuns: 2000 },
    );
  });

  test('a daily time comes again within a day and an hour, and later than now', () => {
    fc.assert(
      fc.property(zones, instants, fc.nat(1439), (zone, now, minute) => {
        const next = dailyAt(zone, { now, minute });
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(25 * HOUR);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a digest', () => {
  const now = at('2026-01-10T10:20Z');
  test.each([
    ['off', { every: 'off', at: 540 } as const, null, null],
    ['hourly comes at the next full hour', { every: 'hourly', at: 0 } as const, null, '2026-01-10T11:00'],
    ['daily comes at its time', { every: 'daily', at: 16 * 60 } as const, null, '2026-01-10T16:00'],
    [
      'daily comes tomorrow when its time is past',
      { every: 'daily', at: 540 } as const,
      null,
      '2026-01-11T09:00',
    ],
    ['waits for the end of quiet hours', { every: 'daily', at: 23 * 60 } as const, night, '2026-01-11T07:00'],
  ])('%s', (_name, digest, quiet, expected) => {
    expect(iso(digestAt(digest, { zone: 'UTC', quiet, now }))).toBe(expected);
  });
});

test('a zone is one that the world knows', () => {
  expect(isZone('Europe/London')).toBe(true);
  expect(isZone('Mars/Base')).toBe(false);
  expect(isZone('')).toBe(false);
});
