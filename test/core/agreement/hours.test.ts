import { describe, expect, test } from 'vitest';
import { readAgreementFile } from '../../../src/contract/file/agreement.ts';
import {
  addWorkSpan,
  compileCalendar,
  isWorking,
  workingMsBetween,
} from '../../../src/core/worktime/calendar.ts';

const BASE = 'agreement: 1\nname: x\nscores: { fit: {} }\n';
const read = (calendar: string) => readAgreementFile(`${BASE}calendars: { c: { ${calendar} } }\n`);
const compiled = (calendar: string) => {
  const { agreement, problems } = read(calendar);
  if (agreement === null) throw new Error(JSON.stringify(problems));
  const written = agreement.practice.calendars?.c;
  if (written === undefined) throw new Error('no calendar');
  return compileCalendar(written);
};
const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;

describe('hours past midnight', () => {
  const night = compiled(
    'timezone: Asia/Manila, hours: { mon-fri: ["22:00-06:00"] }, holidays: [2026-06-03]',
  );

  test.each([
    ['Monday before they begin', '2026-06-01T21:59:00+08:00', false],
    ['Monday night', '2026-06-01T22:00:00+08:00', true],
    ['Tuesday morning', '2026-06-02T05:59:00+08:00', true],
    ['Tuesday after they end', '2026-06-02T06:00:00+08:00', false],
    ['the night before a holiday, which goes on into it', '2026-06-03T02:00:00+08:00', true],
    ['the night of a holiday', '2026-06-03T23:00:00+08:00', false],
    ['the morning after a holiday', '2026-06-04T02:00:00+08:00', false],
    ['Saturday morning', '2026-06-06T02:00:00+08:00', true],
    ['Monday morning after a Sunday', '2026-06-08T02:00:00+08:00', false],
  ])('%s', (_name, moment, expected) => {
    expect(isWorking(night, at(moment))).toBe(expected);
  });

  test('a working day is that of the evening on which it begins', () => {
    const due = addWorkSpan(night, at('2026-06-02T02:00:00+08:00'), { kind: 'workdays', days: 1 });
    expect(due).toBe(at('2026-06-03T02:00:00+08:00'));
    // From the night of Tuesday over the holiday to that of Thursday.
    const over = addWorkSpan(night, at('2026-06-03T02:00:00+08:00'), { kind: 'workdays', days: 1 });
    expect(over).toBe(at('2026-06-05T02:00:00+08:00'));
  });

  test('eight hours fill a night, and hours that meet at midnight count once', () => {
    const both = compiled(
      'timezone: Asia/Manila, hours: { mon-fri: ["22:00-06:00"], tue-sat: ["00:00-06:00", "05:00-07:00"] }',
    );
    expect(workingMsBetween(night, at('2026-06-01T00:00Z'), at('2026-06-02T12:00Z'))).toBe(8 * HOUR);
    expect(workingMsBetween(both, at('2026-06-01T00:00Z'), at('2026-06-02T12:00Z'))).toBe(9 * HOUR);
  });

  test('a clock change inside a night makes it shorter and longer', () => {
    const paris = compiled('timezone: Europe/Paris, hours: { sat: ["22:00-06:00"] }');
    expect(workingMsBetween(paris, at('2026-03-28T12:00Z'), at('2026-03-29T12:00Z'))).toBe(7 * HOUR);
    expect(workingMsBetween(paris, at('2026-10-24T12:00Z'), at('2026-10-25T12:00Z'))).toBe(9 * HOUR);
  });

  test('hours up to 00:00 end at midnight', () => {
    const late = compiled('timezone: UTC, hours: { mon: ["20:00-00:00"] }');
    expect(workingMsBetween(late, at('2026-06-01T00:00Z'), at('2026-06-03T00:00Z'))).toBe(4 * HOUR);
  });
});

test.each([
  ['sun-thu', ['2026-06-07', '2026-06-11'], ['2026-06-12', '2026-06-13']],
  ['sat-wed', ['2026-06-06', '2026-06-10'], ['2026-06-11', '2026-06-12']],
  ['Fri - Mon', ['2026-06-05', '2026-06-08'], ['2026-06-09', '2026-06-11']],
  ['sun-sun', ['2026-06-07'], ['2026-06-08', '2026-06-06']],
])('%s goes over the end of the week', (days, open, closed) => {
  const calendar = compiled(`timezone: Asia/Riyadh, hours: { ${days}: ["08:00-16:00"] }`);
  const works = (date: string) => isWorking(calendar, at(`${date}T12:00:00+03:00`));
  expect([open.map(works), closed.map(works)]).toEqual([open.map(() => true), closed.map(() => false)]);
});

test('one-off hours replace those of their date, holiday or not', () => {
  const calendar = compiled(
    'timezone: UTC, hours: { mon-fri: ["09:00-17:00"] }, holidays: [2026-12-24, 2026-12-25], ' +
      'open: [{ date: 2026-12-19, hours: ["22:00-02:00"] }, { date: 2026-12-24, hours: ["10:00-12:00"] }, ' +
      '{ date: 2026-12-23, hours: ["13:00-14:00"] }]',
  );
  const worked = (date: string) =>
    workingMsBetween(calendar, at(`${date}T00:00Z`), at(`${date}T24:00Z`)) / HOUR;
  const dates = ['2026-12-19', '2026-12-20', '2026-12-22', '2026-12-23', '2026-12-24', '2026-12-25'];
  expect(dates.map(worked)).toEqual([2, 2, 8, 1, 2, 0]);
});

test('everything wrong with calendars is said at once, each in its own words', () => {
  const { problems } = readAgreementFile(`${BASE}calendars:
  a: { timezone: Europe/Paris, hours: { mon-fri: ["09:00-12:00"] }, holidays: [2026-02-30] }
  b: { timezone: Europe/Paris, hours: { mon-fri: ["09:00-09:00"] } }
  c: { timezone: Europe/Paris, hours: { mon-fri: ["09:00-17:30"] }, holidays: ["25/12/2026", 2026-12-25T00:00:00Z, 2026-1-1, "3/4/2026", "31.4.2026"] }
  d: { timezone: Europe/Paris, hours: { mon-fri: ["9:00-17:30"], sat: ["9am-1pm"], sunday: ["25:00-26:00", all] } }
  e: { timezone: "+05:00", hours: { fri-mon: ["09:00-17:00"] }, open: [{ date: 2026-13-01, hours: [] }] }
  f: { timezone: UTC, hours: { mon: ["09:00-17:00"] }, open: [{ date: 2026-05-01, hours: ["09:00-10:00"] }, { date: 2026-05-01, hours: ["11:00-12:00"] }] }
`);
  expect(problems?.map(({ path, line, message }) => `${line} ${path}: ${message}`)).toEqual([
    '5 calendars.a.holidays[0]: expected a date that exists, got 2026-02-30',
    '6 calendars.b.hours.mon-fri[0]: expected an end that differs from the beginning, got the text "09:00-09:00"; write 00:00-24:00 for a whole day',
    '7 calendars.c.holidays[0]: expected a date such as 2026-12-25, got "25/12/2026"; write 2026-12-25',
    '7 calendars.c.holidays[1]: expected a date such as 2026-12-25, got "2026-12-25T00:00:00Z"; write 2026-12-25',
    '7 calendars.c.holidays[2]: expected a date such as 2026-12-25, got "2026-1-1"; write 2026-01-01',
    '7 calendars.c.holidays[3]: expected a date such as 2026-12-25, got "3/4/2026"',
    '7 calendars.c.holidays[4]: expected a date such as 2026-12-25, got "31.4.2026"',
    '8 calendars.d.hours.mon-fri[0]: expected hours such as 09:00-17:30, got the text "9:00-17:30"; write 09:00-17:30',
    '8 calendars.d.hours.sat[0]: expected hours such as 09:00-17:30, got the text "9am-1pm"; write 09:00-13:00',
    '8 calendars.d.hours.sunday: expected a weekday or a range: mon, sat, mon-fri, sun-thu',
    '8 calendars.d.hours.sunday[0]: expected times from 00:00 to 24:00, got the text "25:00-26:00"',
    '8 calendars.d.hours.sunday[1]: expected hours such as 09:00-17:30, got the text "all"',
    '9 calendars.e.timezone: expected an IANA time zone such as Europe/London',
    '9 calendars.e.open[0].date: expected a date that exists, got 2026-13-01',
    '9 calendars.e.open[0].hours: expected at least one working hour; list the date in holidays to close it',
    '10 calendars.f.open[1].date: 2026-05-01 stands twice; expected each date once, with all its hours',
  ]);
});

test.each([
  [
    'EST',
    'EST is 5 h behind UTC all year, without daylight saving; write a place such as Europe/London or America/New_York where clocks change',
  ],
  [
    'Etc/GMT+5',
    'Etc/GMT+5 is 5 h behind UTC all year, since the sign of Etc zones reads the other way round, without daylight saving; write a place such as Europe/London or America/New_York where clocks change',
  ],
  [
    'Etc/GMT-9',
    'Etc/GMT-9 is 9 h ahead of UTC all year, since the sign of Etc zones reads the other way round, without daylight saving; write a place such as Europe/London or America/New_York where clocks change',
  ],
  [
    'IST',
    'IST is 05:30 h ahead of UTC all year, without daylight saving; write a place such as Europe/London or America/New_York where clocks change',
  ],
  [
    'CET',
    'CET stands for other zones in other countries (it is read as 1 h ahead of UTC in winter); write a place such as Europe/London or America/New_York',
  ],
  ['UTC', null],
  ['Etc/UTC', null],
  ['Europe/Paris', null],
  ['America/Phoenix', null],
  ['Japan', null],
])('the zone %s is read, and in doubt where it is not a place', (zone, doubt) => {
  const { problems, warnings } = read(`timezone: ${zone}, hours: { mon-fri: ["09:00-17:00"] }`);
  expect([problems, warnings.map(({ path, message }) => [path, message])]).toEqual([
    null,
    doubt === null ? [] : [['calendars.c.timezone', doubt]],
  ]);
});

test('hours that run into those of the next day are in doubt', () => {
  const { warnings } = read(
    'timezone: UTC, hours: { sun: ["22:00-06:00"], mon: ["05:00-07:00"], tue: ["05:00-07:00"] }',
  );
  expect(warnings.map(({ message }) => message)).toEqual([
    '22:00-06:00 of the day before and 05:00-07:00 overlap on mon; the hours of several keys add up, none replaces another',
  ]);
});

describe('calendars that close for long', () => {
  const dates = (from: string, count: number, step = 1) =>
    Array.from({ length: count }, (_, index) =>
      new Date(at(from) + index * step * 24 * HOUR).toISOString().slice(0, 10),
    );
  const doubts = (holidays: readonly string[], rest = '') => {
    const { problems, warnings } = read(
      `timezone: UTC, hours: { mon-fri: ["09:00-17:00"] }, holidays: [${holidays.join(', ')}]${rest}`,
    );
    return [problems, warnings.map(({ path, message }) => `${path}: ${message}`)];
  };

  test('5,000 holidays are read, and doubted when none of the days between them is open', () => {
    expect(doubts(dates('2026-06-01', 5000))).toEqual([
      null,
      [
        'calendars.c.holidays: 2026-06-01 to 2040-02-07 are 5,000 days without an hour of work; no clock runs out in them',
      ],
    ]);
  });

  test('5,000 holidays with a working day between them are not doubted', () => {
    expect(doubts(dates('2026-06-01', 5000, 2))).toEqual([null, []]);
  });

  test('a day that is opened once breaks a closure', () => {
    expect(
      doubts(dates('2026-06-01', 400), ', open: [{ date: 2026-12-01, hours: ["09:00-10:00"] }]'),
    ).toEqual([null, []]);
  });

  test('a week without hours, and a clock without time, are refused', () => {
    const { problems } = readAgreementFile(
      `${BASE}calendars: { c: { timezone: UTC, hours: { mon-fri: [] } } }\nsla: [{ id: a, firstTouch: 0s, decision: 0bd, calendar: c }]\n`,
    );
    expect(problems?.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'calendars.c.hours: expected at least one working hour in the week',
      'sla[0].firstTouch: expected a duration such as 1h, 2d or 5bd (working days), got the text "0s"; a clock without time would be missed at once',
      'sla[0].decision: expected a duration such as 1h, 2d or 5bd (working days), got the text "0bd"; a clock without time would be missed at once',
    ]);
  });
});
