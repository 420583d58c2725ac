import { describe, expect, test } from 'vitest';
import { readSchedule } from '../../../src/core/worktime/hours.ts';
import { dayOf, opensAt } from '../../../src/core/worktime/schedule.ts';

describe('hours of single dates of a person', () => {
  const open = [
    { date: '2026-03-07', hours: ['22:00-02:00'] },
    { date: '2026-03-09', hours: ['10:00-14:00'] },
  ];
  const scheduleOf = (hours: object | null) => {
    const { schedule } = readSchedule({ timezone: 'Europe/London', hours, holidays: ['2026-03-09'], open });
    if (schedule === null) throw new Error('the schedule cannot be read');
    return schedule;
  };
  const at = (time: string) => Date.parse(`2026-03-${time}:00Z`);

  test('replace those of the weekday, holiday or not, and make the date a working day', () => {
    const schedule = scheduleOf({ 'mon-fri': ['09:00-17:00'] });
    expect(opensAt(schedule, at('06T17:00'))).toBe(at('07T22:00'));
    expect(opensAt(schedule, at('08T01:30'))).toBe(at('08T01:30'));
    expect(opensAt(schedule, at('08T02:00'))).toBe(at('09T10:00'));
    expect(opensAt(schedule, at('09T14:00'))).toBe(at('10T09:00'));
    const isWorkday = (time: string) => schedule.isWorkday(dayOf(schedule, at(time)));
    expect(['07T12:00', '08T12:00', '09T12:00', '14T12:00'].map(isWorkday)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('close the rest of the date for somebody who is always at work else', () => {
    const schedule = scheduleOf(null);
    expect(opensAt(schedule, at('06T03:00'))).toBe(at('06T03:00'));
    expect(opensAt(schedule, at('07T03:00'))).toBe(at('07T22:00'));
  });
});
