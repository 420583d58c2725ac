import { describe, expect, test } from 'vitest';
import type { ClockFacts } from '../../../src/core/followup/clock.ts';
import { pause, resume } from '../../../src/core/followup/pause.ts';
import { compileCalendar } from '../../../src/core/worktime/calendar.ts';

const HOUR = 3_600_000;
const FACTS: ClockFacts = {
  kind: 'decision',
  startedAt: 0,
  dueAt: 10 * HOUR,
  stoppedAt: null,
  wasMissed: false,
  rests: [],
  calendar: null,
  remind: [],
  reassignAfter: null,
};
const SAID = { state: 'open', reason: 'Procurement', until: 5 * HOUR, now: 2 * HOUR } as const;
const PAUSED = { rests: [{ from: HOUR, until: 5 * HOUR, reason: 'Away' }] };

describe('a pause', () => {
  test('moves the end by what was left', () => {
    expect(pause(FACTS, SAID)).toEqual({ kind: 'moved', dueAt: 13 * HOUR });
  });

  test.each<readonly [string, ClockFacts | null, Partial<Parameters<typeof pause>[1]>, string, string]>([
    ['without a clock', null, {}, '', 'no clock runs for the decision: the agreement sets none'],
    [
      'of a clock that stopped',
      { ...FACTS, stoppedAt: HOUR },
      { state: 'accepted' },
      '',
      'the lead is accepted; the clock of its decision has stopped',
    ],
    [
      'of a missed clock',
      { ...FACTS, dueAt: HOUR },
      {},
      '',
      'the decision was due at 1970-01-01T01:00:00.000Z; a missed clock cannot be paused',
    ],
    [
      'within a pause',
      { ...FACTS, ...PAUSED },
      {},
      '',
      'the clock is paused until 1970-01-01T05:00:00.000Z already; resume it first',
    ],
    ['without a reason', FACTS, { reason: ' ' }, 'reason', 'expected a reason: what is waited for'],
    ['that is over', FACTS, { until: 2 * HOUR }, 'until', 'expected an end in the future'],
    [
      'of more than a year',
      FACTS,
      { until: 9_000 * HOUR },
      'until',
      'expected an end at most 366 days ahead; recycle the lead instead',
    ],
  ])('%s is refused', (_, facts, said, path, message) => {
    expect(pause(facts, { ...SAID, ...said })).toMatchObject({ kind: 'refused', path, message });
  });

  test('on a calendar that never opens has an end all the same', () => {
    const never = compileCalendar({ timezone: 'UTC', hours: [[], [], [], [], [], [], []] });
    expect(pause({ ...FACTS, calendar: never }, SAID)).toMatchObject({ kind: 'moved' });
  });
});

describe('its end', () => {
  test('is due after what was left, however early it comes', () => {
    const facts = { ...FACTS, ...PAUSED, dueAt: 14 * HOUR };
    expect(resume(facts, 2 * HOUR)).toEqual({ kind: 'moved', dueAt: 11 * HOUR });
  });

  test.each([
    ['where nothing is paused', FACTS],
    ['without a clock', null],
    ['where the clock has stopped', { ...FACTS, ...PAUSED, stoppedAt: 2 * HOUR }],
  ])('is refused %s', (_, facts) => {
    expect(resume(facts, 3 * HOUR)).toMatchObject({
      kind: 'refused',
      message: 'the clock of the decision is not paused',
    });
  });
});
