import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockFacts,
  clockAt,
  dueAfterRest,
  dueAfterResume,
  type Rest,
  ticksOf,
  workedBy,
} from '../../../src/core/followup/clock.ts';
import { addWorkSpan, compileCalendar, isWorking } from '../../../src/core/worktime/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** London's working week, with a day off. */
const BUSINESS = compileCalendar({
  timezone: 'Europe/London',
  hours: [[[540, 1050]], [[540, 1050]], [[540, 1050]], [[540, 1050]], [[540, 1050]], [], []],
  holidays: ['2026-03-04'],
});
const at = (text: string) => Date.parse(`2026-${text}:00Z`);

function factsOf(given: Partial<ClockFacts>): ClockFacts {
  const startedAt = given.startedAt ?? at('03-02T10:00');
  return {
    kind: 'decision',
    startedAt,
    dueAt: startedAt + HOUR,
    stoppedAt: null,
    wasMissed: false,
    rests: [],
    calendar: null,
    remind: [],
    reassignAfter: null,
    ...given,
  };
}

describe('the state of a clock', () => {
  const due = at('03-02T11:00');
  test.each<readonly [string, Partial<ClockFacts>, number, object]>([
    ['runs before it is due', {}, due - 1, { state: 'running', lateMs: null, workedMs: HOUR - 1 }],
    ['is missed when it is due', {}, due, { state: 'missed', lateMs: 0 }],
    [
      'is missed by ever more',
      {},
      due + 7 * MINUTE,
      { state: 'missed', lateMs: 7 * MINUTE, stoppedAt: null },
    ],
    ['is kept by what comes in time', { stoppedAt: due }, due + DAY, { state: 'kept', workedMs: HOUR }],
    ['is missed by what comes late', { stoppedAt: due + 1 }, due + DAY, { state: 'missed', lateMs: 1 }],
    [
      'stays missed when a touch is logged later for an earlier time',
      { stoppedAt: due - MINUTE, wasMissed: true },
      due + DAY,
      { state: 'missed', lateMs: 0 },
    ],
    [
      'is paused',
      { dueAt: due + HOUR, rests: [{ from: due - HOUR / 2, until: due + HOUR / 2, reason: 'away' }] },
      due,
      {
        state: 'paused',
        pausedUntil: due + HOUR / 2,
        pauseReason: 'away',
        workedMs: HOUR / 2,
        totalMs: HOUR,
      },
    ],
    [
      'goes on at the end of a pause',
      { dueAt: due + HOUR, rests: [{ from: due - HOUR / 2, until: due + HOUR / 2, reason: 'away' }] },
      due + HOUR / 2,
      { state: 'running', pausedUntil: null, workedMs: HOUR / 2 },
    ],
    [
      'is not paused between a decision and its being taken back',
      { dueAt: due + HOUR, rests: [{ from: due - HOUR / 2, until: due + HOUR / 2, reason: null }] },
      due,
      { state: 'running', workedMs: HOUR / 2 },
    ],
    [
      'of no length is missed at once',
      { dueAt: at('03-02T10:00') },
      at('03-02T10:00'),
      { state: 'missed', totalMs: 0 },
    ],
  ])('%s', (_, given, now, expected) => {
    expect(clockAt(factsOf(given), now)).toMatchObject(expected);
  });

  test('how late is working time: the night and the holiday do not count', () => {
    const facts = factsOf({ calendar: BUSINESS, dueAt: at('03-03T17:00') });
    expect(clockAt(facts, at('03-05T09:10')).lateMs).toBe(40 * MINUTE);
  });
});

describe('what a clock has happen', () => {
  const of = (given: Partial<ClockFacts>) =>
    ticksOf(factsOf(given)).map(tick => [tick.what, new Date(tick.at).toISOString().slice(5, 16)]);

  test('reminders at shares of the time, then that it is missed, then another owner', () => {
    expect(
      of({
        calendar: BUSINESS,
        startedAt: at('03-02T17:00'),
        dueAt: at('03-03T09:30'),
        remind: [80, 50, 50],
        reassignAfter: { kind: 'time', ms: 2 * HOUR },
      }),
    ).toEqual([
      ['remind', '03-02T17:30'],
      ['remind', '03-03T09:18'],
      ['missed', '03-03T09:30'],
      ['reroute', '03-03T11:30'],
    ]);
  });

  test('a reminder within the minute of the handoff is not sent', () => {
    expect(of({ dueAt: at('03-02T10:00') + 90_000, remind: [50] })).toEqual([['missed', '03-02T10:01']]);
    expect(of({ dueAt: at('03-02T10:02'), remind: [50] })).toHaveLength(2);
  });

  test('nothing is left of one that stopped in time; of one that stopped late, that it was missed', () => {
    const remind = [50];
    const reassignAfter = { kind: 'time', ms: HOUR } as const;
    expect(of({ stoppedAt: at('03-02T11:00'), remind, reassignAfter })).toEqual([]);
    expect(of({ stoppedAt: at('03-02T11:01'), remind, reassignAfter })).toEqual([['missed', '03-02T11:00']]);
  });

  test('a pause moves the reminders that were not due yet, and no other', () => {
    const rests = [{ from: at('03-02T10:30'), until: at('03-02T12:30'), reason: 'away' }];
    expect(of({ dueAt: at('03-02T13:00'), remind: [25, 50, 80], rests })).toEqual([
      ['remind', '03-02T10:15'],
      ['remind', '03-02T10:30'],
      ['remind', '03-02T12:48'],
      ['missed', '03-02T13:00'],
    ]);
  });
});

/** A clock as somebody with a stopwatch would keep it: looked at every minute. */
function watched(given: {
  readonly startedAt: number;
  readonly ms: number;
  readonly rests: readonly Rest[];
  readonly calendar: ClockFacts['calendar'];
}): { readonly dueAt: number; readonly whenAt: (worked: number) => number } {
  const whenAt = (target: number) => {
    let worked = 0;
    for (let now = given.startedAt; ; now += MINUTE) {
      const rests = given.rests.some(({ from, until }) => from <= now && now < until);
      if (worked >= target && target > 0) return now;
      if (!rests && isWorking(given.calendar, now)) worked += MINUTE;
    }
  };
  return { dueAt: whenAt(given.ms), whenAt };
}

const minutes = (max: number) => fc.integer({ min: 1, max }).map(count => count * MINUTE);

test('a clock with pauses is due, and reminds, when a stopwatch says so', () => {
  const world = fc.record({
    start: fc.integer({ min: 0, max: 9 * 24 * 60 }).map(count => at('02-27T00:00') + count * MINUTE),
    ms: minutes(20 * 60),
    pauses: fc.array(fc.record({ after: minutes(600), lasts: minutes(3000) }), { maxLength: 3 }),
    business: fc.boolean(),
    share: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(world, ({ start: startedAt, ms, pauses, business, share }) => {
      const calendar = business ? BUSINESS : null;
      let dueAt = addWorkSpan(calendar, startedAt, { kind: 'time', ms });
      const rests: Rest[] = [];
      let from = startedAt;
      for (const { after, lasts } of pauses) {
        from += after;
        if (from >= dueAt) break;
        const rest = { from, until: from + lasts, reason: 'away' };
        dueAt = dueAfterRest({ dueAt, calendar }, rest);
        rests.push(rest);
        from = rest.until;
      }
      const facts = factsOf({ startedAt, dueAt, rests, calendar, remind: [share] });
      const watch = watched({ startedAt, ms, rests, calendar });
      expect(dueAt).toBe(watch.dueAt);
      expect(clockAt(facts, startedAt).totalMs).toBe(ms);
      expect(workedBy(facts, dueAt)).toBe(ms);
      const ticks = ticksOf(facts);
      expect([...ticks].sort((a, b) => a.at - b.at)).toEqual(ticks);
      const reminder = ticks.find(({ what }) => what === 'remind');
      if (reminder === undefined) return;
      const target = Math.round((share * ms) / 100);
      // To the minute: the stopwatch is looked at no more often.
      expect(watch.whenAt(Math.ceil(target / MINUTE) * MINUTE) - reminder.at).toBeLessThan(MINUTE);
      expect(workedBy(facts, reminder.at)).toBe(target);
    }),
    { numRuns: 150 },
  );
});

test('a pause that ends before it was to is one that was never longer', () => {
  fc.assert(
    fc.property(
      minutes(600),
      minutes(3000),
      minutes(3000),
      fc.boolean(),
      (after, lasts, longer, business) => {
        const calendar = business ? BUSINESS : null;
        const dueAt = at('03-03T16:00');
        const from = at('03-02T09:00') + after;
        const now = from + lasts;
        const until = now + longer;
        const said = dueAfterRest({ dueAt, calendar }, { from, until });
        const meant = dueAfterRest({ dueAt, calendar }, { from, until: now });
        expect(dueAfterResume({ dueAt: said, calendar }, { until, now })).toBe(meant);
      },
    ),
    { numRuns: 150 },
  );
});
