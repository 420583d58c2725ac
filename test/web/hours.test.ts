import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursOf, spansProblem, USUAL_WEEK, weekOf, weekWords } from '../../src/web/words/hours.ts';

describe('working hours in a form', () => {
  it('are read from ranges and single days, and written back as short as they can be', () => {
    const hours = { 'mon-thu': ['09:00-12:30', '13:30-17:30'], fri: ['09:00-13:00'] };
    expect(weekOf(hours)).toEqual([
      ['09:00-12:30', '13:30-17:30'],
      ['09:00-12:30', '13:30-17:30'],
      ['09:00-12:30', '13:30-17:30'],
      ['09:00-12:30', '13:30-17:30'],
      ['09:00-13:00'],
      [],
      [],
    ]);
    expect(hoursOf(weekOf(hours))).toEqual(hours);
  });

  it('keep what any week says when written and read again', () => {
    const day = fc.subarray(['07:00-08:00', '09:00-12:30', '13:30-17:30']);
    fc.assert(
      fc.property(fc.array(day, { minLength: 7, maxLength: 7 }), week => {
        expect(weekOf(hoursOf(week))).toEqual(week);
      }),
    );
  });

  it('do not run over the end of the week', () => {
    const week = [['09:00-10:00'], [], [], [], [], [], ['09:00-10:00']];
    expect(hoursOf(week)).toEqual({ mon: ['09:00-10:00'], sun: ['09:00-10:00'] });
  });

  it('pass over what names no weekday', () => {
    expect(weekOf({ someday: ['09:00-10:00'], 'mon-noday': ['09:00-10:00'] }).flat()).toEqual([]);
  });

  it('may go over the end of the week', () => {
    const day = ['09:00-17:00'];
    const week = [day, day, day, day, [], [], day];
    expect(weekOf({ 'sun-thu': day })).toEqual(week);
    expect(weekOf(hoursOf(week))).toEqual(week);
    expect(weekWords({ 'sun-thu': day })).toBe('Mon–Thu 09:00–17:00; Sun 09:00–17:00');
    expect(weekOf({ 'fri-mon': day }).map(spans => spans.length)).toEqual([1, 0, 0, 0, 1, 1, 1]);
  });

  it.each([
    [hoursOf(USUAL_WEEK), 'Mon–Fri 09:00–17:30'],
    [
      { mon: ['09:00-12:00', '13:00-17:00'], wed: ['10:00-11:00'] },
      'Mon 09:00–12:00, 13:00–17:00; Wed 10:00–11:00',
    ],
    [{}, ''],
  ])('%j reads %s', (hours, words) => {
    expect(weekWords(hours)).toBe(words);
  });

  it.each([
    [['09:00-17:30'], null],
    [['09:00-12:30', '12:30-17:30'], null],
    [['00:00-24:00'], null],
    [['17:00-09:00'], 'Ends before it starts'],
    [['09:00-09:00'], 'Ends before it starts'],
    [['-17:30'], 'Enter both times'],
    [['09:00-13:00', '12:00-17:00'], 'The times overlap'],
  ])('of the spans %j the form says %s', (spans, problem) => {
    expect(spansProblem(spans)).toBe(problem);
  });
});
