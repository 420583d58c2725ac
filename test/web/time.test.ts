import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueWords,
  lengthWords,
  monthKey,
  monthStart,
  monthWords,
  relativeWords,
} from '../../src/web/words/time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Any instant of the years 1970 to 2100. */
const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

describe('lengths of time', () => {
  it.each([
    [20_000, 'less than a minute'],
    [MINUTE, '1 min'],
    [35 * MINUTE + 59_000, '35 min'],
    [HOUR, '1 h'],
    [130 * MINUTE, '2 h 10 min'],
    [DAY - 1, '23 h 59 min'],
    [DAY, '1 d'],
    [3 * DAY + 5 * HOUR, '3 d 5 h'],
    [40 * DAY + 5 * HOUR, '40 d'],
  ])('%d ms is written "%s"', (ms, words) => {
    expect(lengthWords(ms)).toBe(words);
  });
});

describe('deadlines', () => {
  it.each([
    [{ at: 130 * MINUTE, from: 0 }, 0, 'due in 2 h 10 min', 'calm'],
    [{ at: 0, from: -HOUR }, 35 * MINUTE, 'overdue by 35 min', 'late'],
    [{ at: 40 * MINUTE, from: 0 }, 0, 'due in 40 min', 'soon'],
    [{ at: 4 * DAY, from: 0 }, 4 * DAY - 20 * HOUR, 'due in 20 h', 'soon'],
    [{ at: 4 * DAY, from: 0 }, 2 * DAY, 'due in 2 d', 'calm'],
  ])('%o seen at %d reads "%s" and is %s', (due, now, words, urgency) => {
    expect(dueWords(due, now)).toEqual({ words, urgency });
  });

  it('is late exactly when its instant has passed', () => {
    fc.assert(
      fc.property(instant, instant, (at, now) => {
        expect(dueWords({ at, from: 0 }, now).urgency === 'late').toBe(at < now);
      }),
    );
  });
});

describe('relative times', () => {
  it.each([
    [-30_000, 'just now'],
    [30_000, 'in a moment'],
    [-5 * MINUTE, '5 min ago'],
    [-3 * HOUR, '3 h ago'],
    [-DAY, '1 day ago'],
    [12 * DAY, 'in 12 days'],
    [-31 * DAY, '1 Jan 2026'],
  ])('%d ms from now reads "%s"', (distance, words) => {
    const now = Date.UTC(2026, 1, 1, 12);
    expect(relativeWords(now + distance, now)).toBe(words);
  });
});

describe('months of a report', () => {
  it('ends one where the next begins', () => {
    fc.assert(
      fc.property(instant, at => {
        const key = monthKey(at);
        const [start, end] = [monthStart(key) ?? Number.NaN, monthStart(key, 1) ?? Number.NaN];
        expect(start).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(end);
        expect(monthKey(end - 1)).toBe(key);
      }),
    );
  });

  it('are written out, and other keys are left as they are', () => {
    expect(monthWords('2026-03')).toBe('Mar 2026');
    expect(monthWords('partner')).toBe('partner');
  });
});
