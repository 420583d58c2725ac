import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSnooze, MOST_SNOOZE_MS, snoozePresets } from '../../../src/core/followup/snooze.ts';
import { formatInstant } from '../../../src/core/time/instant.ts';

test.each([
  ['open and owned, until later', 'open', 'ann', 2, null],
  ['until the last moment allowed', 'open', 'ann', 1 + MOST_SNOOZE_MS, null],
  ['until now', 'open', 'ann', 1, 'expected a time that lies ahead'],
  ['until before', 'open', 'ann', 0, 'expected a time that lies ahead'],
  ['for too long', 'open', 'ann', 2 + MOST_SNOOZE_MS, 'expected a time within 180 days'],
  [
    'of nobody',
    'open',
    null,
    2,
    'nobody owns the lead; take it over, or give it to somebody, before it is snoozed',
  ],
  [
    'accepted',
    'accepted',
    'ann',
    2,
    'the lead is accepted; only one that waits for a decision can be snoozed',
  ],
] as const)('whether a lead may be snoozed: %s', (_, state, ownerId, until, message) => {
  expect(checkSnooze({ state, ownerId }, { until, now: 1 })?.message ?? null).toBe(message);
});

test.each([
  // A Tuesday morning, a Tuesday afternoon, shortly before two, a Sunday, and the night before clocks go on.
  ['2026-03-10T09:00:00Z', 'Europe/London', ['10T10:00', '10T14:00', '11T09:00', '16T09:00']],
  ['2026-03-10T15:00:00Z', 'Europe/London', ['10T16:00', '11T09:00', '16T09:00']],
  ['2026-03-10T13:45:00Z', 'Europe/London', ['10T14:45', '11T09:00', '16T09:00']],
  ['2026-03-15T08:00:00Z', 'Europe/London', ['15T09:00', '15T14:00', '16T09:00']],
  ['2026-03-28T20:00:00Z', 'Europe/London', ['28T21:00', '29T08:00', '30T08:00']],
  // Late in the evening of New York it is tomorrow in UTC already.
  ['2026-03-11T02:00:00Z', 'America/New_York', ['11T03:00', '11T13:00', '16T13:00']],
] as const)('what is offered at %s in %s', (now, zone, expected) => {
  const offered = snoozePresets(Date.parse(now), zone).map(({ until }) => formatInstant(until).slice(8, 16));
  expect(offered).toEqual(expected);
});

test('what is offered lies ahead, in order, and may be chosen', () => {
  const zones = ['UTC', 'Europe/London', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...zones), (now, zone) => {
      const offered = snoozePresets(now, zone);
      for (const { until } of offered)
        expect(checkSnooze({ state: 'open', ownerId: 'ann' }, { until, now })).toBeNull();
      const days = offered.filter(({ id }) => id !== 'hour').map(({ until }) => until);
      expect(days).toEqual([...days].sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
