import { describe, expect, it } from 'vitest';
import { answerWorktime } from '../../../src/core/worktime/answer.ts';
import { compileCalendar } from '../../../src/core/worktime/calendar.ts';

const HOURS = [
  [540, 750],
  [810, 1050],
] as const;
const london = compileCalendar({
  timezone: 'Europe/London',
  hours: [HOURS, HOURS, HOURS, HOURS, HOURS, [], []],
  holidays: ['2026-12-25'],
});

describe('a question about working time', () => {
  it.each([
    [{ from: '2026-03-02T09:00:00Z', add: '4h' }, { at: '2026-03-02T14:00:00.000Z' }],
    [{ from: '2026-03-02T10:00:00+01:00', add: '90m' }, { at: '2026-03-02T10:30:00.000Z' }],
    [{ from: '2026-03-01', add: '0s' }, { at: '2026-03-02T09:00:00.000Z' }],
    [{ from: '2026-03-02T10:15:00.250Z', add: '0s' }, { at: '2026-03-02T10:15:00.250Z' }],
    [{ from: '2026-03-01', add: '0bd' }, { at: '2026-03-02T09:00:00.000Z' }],
    [{ from: '2026-03-03T10:00:00Z', add: '1bd' }, { at: '2026-03-04T10:00:00.000Z' }],
    [{ from: '2026-03-28T12:00:00Z', add: '1bd' }, { at: '2026-03-31T08:00:00.000Z' }],
    [{ from: '2026-03-02T09:00:00Z', add: '1d' }, { at: '2026-03-05T10:30:00.000Z' }],
    [{ from: '2026-03-02T09:00:00Z', to: '2026-03-03T09:00:00Z' }, { ms: 27_000_000 }],
    [{ from: '2026-03-03T09:00:00Z', to: '2026-03-02T09:00:00Z' }, { ms: -27_000_000 }],
    [{ from: '2026-03-07', to: '2026-03-08' }, { ms: 0 }],
  ])('%j is answered with %j', (question, answer) => {
    expect(answerWorktime(london, question)).toEqual(answer);
  });

  it.each([
    [null, /^expected an object such as .*, got nothing$/],
    [[], /^expected an object such as .*, got a list$/],
    [{}, /^from: expected a time such as .*, got nothing; expected add, such as "4h", or to/],
    [
      { from: '2026-02-30', to: 5, then: 1 },
      /^then: expected .*; from: expected .*; to: expected .* number 5$/,
    ],
    [{ from: '2026-03-01', to: '2026-03-02', add: '1h' }, /^expected add, .*; got both$/],
    [{ from: '2026-03-01', add: '-4h' }, /^add: expected a span such as 4h.*got the text "-4h"$/],
    [{ from: '2026-03-01', add: '4 hours' }, /^add: /],
    [{ from: '2026-03-01', add: 4 }, /^add: .*got the number 4$/],
    [{ from: '2026-03-01', add: '3651d' }, /^add: .*ten years/],
    [{ from: '2026-03-01', add: null }, /^add: .*got nothing$/],
    [{ from: '0000-01-01', add: '1h' }, /^from: /],
    [{ from: '9999-12-31T23:00:00Z', add: '999bd' }, /^add: the span ends after the year 9999$/],
    [{ from: '1500-01-01', to: '2026-01-01' }, /^to: expected a time within a hundred years of from$/],
  ])('%j is answered with what is wrong', (question, error) => {
    expect(answerWorktime(london, question)).toEqual({ error: expect.stringMatching(error) });
  });

  it('counts plain time where no calendar closes', () => {
    expect(answerWorktime(null, { from: '2026-03-01', add: '2bd' })).toEqual({
      at: '2026-03-03T00:00:00.000Z',
    });
    expect(answerWorktime(null, { from: '1500-01-01', to: '2026-01-01' })).toEqual({
      ms: Date.UTC(2026, 0, 1) - Date.UTC(1500, 0, 1),
    });
  });

  it('says so where a calendar opens too seldom', () => {
    const never = compileCalendar({ timezone: 'Europe/London', hours: [[], [], [], [], [], [], []] });
    const minute = compileCalendar({ timezone: 'Europe/London', hours: [[[0, 1]], [], [], [], [], [], []] });
    const error = /^add: the calendar has too little working time after /;
    for (const add of ['0s', '1h', '1bd', '0bd'])
      expect(answerWorktime(never, { from: '2026-03-01', add })).toEqual({
        error: expect.stringMatching(error),
      });
    expect(answerWorktime(minute, { from: '2026-03-01', add: '3650d' })).toEqual({
      error: expect.stringMatching(error),
    });
    expect(answerWorktime(never, { from: '2026-03-01', to: '2036-03-01' })).toEqual({ ms: 0 });
  });
});
