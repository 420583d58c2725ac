import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { addWorkSpan, compileCalendar, workingMsBetween } from '../../../src/core/worktime/calendar.ts';

/**
 * Sums of working time as the tests of other people's programs state them, restated as facts: name of the case, place of
 * its calendar, start, what is asked and with what, the answer; where the other program answers otherwise, how.
 */
const { calendars, cases } = z
  .object({
    calendars: z.array(z.record(z.string(), z.unknown())),
    cases: z.array(
      z.union([
        z.tuple([z.string(), z.int(), z.string(), z.literal('add'), z.int(), z.string()]).rest(z.string()),
        z.tuple([z.string(), z.int(), z.string(), z.literal('to'), z.string(), z.int()]).rest(z.string()),
        z.tuple([z.string(), z.int(), z.string(), z.literal('days'), z.int(), z.string()]).rest(z.string()),
      ]),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')));

const { agreement, problems } = readAgreement({
  agreement: 1,
  name: 'Cases',
  scores: { fit: {} },
  calendars: Object.fromEntries(calendars.map((calendar, index) => [`c${index}`, calendar])),
});

test('every calendar of them can stand in an agreement', () => {
  expect(problems).toBeNull();
  expect([calendars.length, cases.length]).toEqual([64, 173]);
});

describe('working time as other programs count it', () => {
  const compiled = calendars.map((_, index) => {
    const calendar = agreement?.practice.calendars?.[`c${index}`];
    if (calendar === undefined) throw new Error(`no calendar ${index}`);
    return compileCalendar(calendar);
  });

  it.each(cases)('%s', (...row) => {
    const [, index, start, op, value, answer] = row;
    const calendar = compiled[index] ?? null;
    const from = Date.parse(start);
    if (op === 'to') {
      expect(workingMsBetween(calendar, from, Date.parse(value))).toBe(answer);
      return;
    }
    const span =
      op === 'add' ? ({ kind: 'time', ms: value } as const) : ({ kind: 'workdays', days: value } as const);
    expect(new Date(addWorkSpan(calendar, from, span)).toISOString()).toBe(new Date(answer).toISOString());
  });
});
