import { expect, test } from 'vitest';
import { capacityOf, weekStart } from '../../../src/core/followup/board.ts';

test.each([
  ['a Monday at midnight', '2026-03-02T00:00:00Z', 'UTC', '2026-03-02T00:00:00Z'],
  ['a Sunday night', '2026-03-08T23:59:59Z', 'UTC', '2026-03-02T00:00:00Z'],
  [
    'a Monday in UTC that is Sunday in New York',
    '2026-03-09T02:00:00Z',
    'America/New_York',
    '2026-03-02T05:00:00Z',
  ],
  ['after the clocks went on', '2026-03-13T12:00:00Z', 'America/New_York', '2026-03-09T04:00:00Z'],
])('the week begins on Monday: %s', (_, at, zone, from) => {
  expect(weekStart(Date.parse(at), zone)).toBe(Date.parse(from));
});

test.each([
  [[], null],
  [[10], 10],
  [[10, 15], 15],
  [[10, null], null],
  [[null], null],
])('the capacity of somebody whose teams give %j is %j', (bounds, capacity) => {
  expect(capacityOf(bounds)).toBe(capacity);
});
