import fc from 'fast-check';
import type { WeekHours } from '../../../src/core/agreement/hours.ts';
import type { WorkSpan } from '../../../src/core/agreement/practice.ts';
import type { CalendarHours } from '../../../src/core/worktime/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A zone, and changes of its clocks near which instants are drawn. */
export interface Change {
  readonly timezone: string;
  readonly around: readonly string[];
}

/** Changes by an hour, by half of one, of a date left out, at midnight, and a zone that has none. */
export const changes: readonly Change[] = [
  { timezone: 'Europe/London', around: ['2026-03-29T01:00Z', '2026-10-25T01:00Z'] },
  { timezone: 'America/New_York', around: ['2026-03-08T07:00Z', '2026-11-01T06:00Z'] },
  { timezone: 'Asia/Kolkata', around: ['2026-03-29T01:00Z'] },
  { timezone: 'Pacific/Apia', around: ['2011-12-30T10:00Z', '2012-03-31T14:00Z'] },
  { timezone: 'Australia/Lord_Howe', around: ['2026-04-04T15:00Z', '2026-10-03T15:30Z'] },
  { timezone: 'America/Havana', around: ['2026-03-08T05:00Z', '2026-11-01T05:00Z'] },
  { timezone: 'America/Sao_Paulo', around: ['2018-02-18T02:00Z', '2018-11-04T03:00Z'] },
  { timezone: 'Africa/Cairo', around: ['2025-04-24T22:00Z', '2025-10-30T21:00Z'] },
  { timezone: 'Atlantic/Azores', around: ['2026-03-29T01:00Z', '2026-10-25T01:00Z'] },
  { timezone: 'Antarctica/Troll', around: ['2026-03-29T01:00Z', '2026-10-25T01:00Z'] },
  { timezone: 'Asia/Pyongyang', around: ['2018-05-04T15:00Z'] },
  { timezone: 'Pacific/Kwajalein', around: ['1993-08-21T12:00Z'] },
];

/** Zones that left a date and entered it again: St John's a minute after midnight, Kwajalein for a whole day. */
export const reentries: readonly Change[] = [
  { timezone: 'America/St_Johns', around: ['2009-03-08T03:31Z', '2009-11-01T02:31Z'] },
  { timezone: 'Pacific/Kwajalein', around: ['1969-09-30T13:00Z'] },
];

export const everywhere: readonly Change[] = [...changes, ...reentries];

type Day = WeekHours[number];
const minuteSpan = fc
  .tuple(
    fc.integer({ min: 0, max: 1439 }),
    fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 600 }) }, fc.integer({ min: 1, max: 1439 })),
  )
  .map(([open, length]) => [open, open + length] as const);
const dayHours = fc.oneof(
  fc.constant<Day>([]),
  { arbitrary: fc.array(minuteSpan, { minLength: 1, maxLength: 3 }), weight: 3 },
  fc.constant<Day>([[0, 1440]]),
);
const weekHours = fc
  .array(dayHours, { minLength: 7, maxLength: 7 })
  .filter(week => week.some(hours => hours.length > 0));

/** A calendar and `count` instants in order, most within days of a change of clocks, all within a hundred days. */
export const drawn = (count: number, zones: readonly Change[]) =>
  fc
    .constantFrom(...zones)
    .chain(({ timezone, around }) =>
      fc.record({ timezone: fc.constant(timezone), change: fc.constantFrom(...around) }),
    )
    .chain(
      ({
        timezone,
        change,
      }): fc.Arbitrary<{ readonly hours: CalendarHours; readonly instants: readonly number[] }> => {
        const at = Date.parse(change);
        const offset = fc.oneof(
          fc.integer({ min: -3 * HOUR, max: 3 * HOUR }),
          fc.integer({ min: -5 * DAY, max: 5 * DAY }),
          fc.integer({ min: -50 * DAY, max: 50 * DAY }),
          fc.integer({ min: -300, max: 300 }).map(quarters => quarters * 15 * MINUTE),
        );
        const date = fc
          .integer({ min: -20, max: 20 })
          .map(days => new Date(at + days * DAY).toISOString().slice(0, 10));
        return fc.record({
          hours: fc.record({
            timezone: fc.constant(timezone),
            hours: weekHours,
            holidays: fc.array(date, { maxLength: 6 }),
            open: fc.uniqueArray(fc.record({ date, hours: dayHours }), {
              maxLength: 3,
              selector: day => day.date,
            }),
          }),
          instants: fc
            .array(offset, { minLength: count, maxLength: count })
            .map(offsets => offsets.sort((a, b) => a - b).map(ms => at + ms)),
        });
      },
    );

/** A span of time, mostly within two days. */
export const spanMs = fc.oneof(fc.integer({ min: 1, max: 2 * DAY }), fc.integer({ min: 1, max: 30 * DAY }));

/** A span of time or of working days. */
export const workSpan = fc.oneof(
  spanMs.map((ms): WorkSpan => ({ kind: 'time', ms })),
  fc.integer({ min: 1, max: 12 }).map((days): WorkSpan => ({ kind: 'workdays', days })),
);
