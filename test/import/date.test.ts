import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DateForm, NO_FORM, readDate, readFormat, splitZone } from '../../src/core/import/date.ts';
import { formatInstant } from '../../src/core/time/instant.ts';

const at = (text: string, form: Partial<DateForm> = {}) => {
  const read = readDate(text, { ...NO_FORM, ...form });
  return read.at === null ? `! ${read.fault}` : formatInstant(read.at).replace('.000Z', 'Z');
};

describe('a time is read', () => {
  it.each<[string, Partial<DateForm>, string]>([
    ['2026-01-15T10:22:00+0000', {}, '2026-01-15T10:22:00Z'],
    ['2026-11-20T08:21:55-0500', {}, '2026-11-20T13:21:55Z'],
    ['2026-11-20T08:21:55-05:00', {}, '2026-11-20T13:21:55Z'],
    ['2026-01-15T10:22Z', {}, '2026-01-15T10:22:00Z'],
    ['2026-01-15 10:22 UTC', {}, '2026-01-15T10:22:00Z'],
    ['2026-01-15 10:22', { zone: 'Europe/Oslo' }, '2026-01-15T09:22:00Z'],
    ['2026-07-15 10:22', { zone: 'Europe/Oslo' }, '2026-07-15T08:22:00Z'],
    ['2026-07-15 10:22', { zone: 'GMT+1' }, '2026-07-15T09:22:00Z'],
    ['2026-07-15 10:22', { zone: '-05:30' }, '2026-07-15T15:52:00Z'],
    ['2026-01-15', {}, '2026-01-15T00:00:00Z'],
    ['2026-01-15', { zone: 'America/New_York' }, '2026-01-15T05:00:00Z'],
    ['2026/1/5', {}, '2026-01-05T00:00:00Z'],
    ['31.12.2025', {}, '2025-12-31T00:00:00Z'],
    ['3.11.2026', {}, '2026-11-03T00:00:00Z'],
    ['31.12.2025 14:05', { zone: 'Europe/Berlin' }, '2025-12-31T13:05:00Z'],
    ['31.12.25 14:05:09', { zone: 'UTC' }, '2025-12-31T14:05:09Z'],
    ['01/31/2026', {}, '2026-01-31T00:00:00Z'],
    ['31/01/2026', {}, '2026-01-31T00:00:00Z'],
    ['03/11/2026', { order: 'dmy' }, '2026-11-03T00:00:00Z'],
    ['03/11/2026', { order: 'mdy' }, '2026-03-11T00:00:00Z'],
    ['3-11-2026', { order: 'dmy' }, '2026-11-03T00:00:00Z'],
    ['1/31/26, 3:05 PM', { zone: 'UTC' }, '2026-01-31T15:05:00Z'],
    ['1/31/26 12:05 a.m.', { zone: 'UTC' }, '2026-01-31T00:05:00Z'],
    ['Jan 15, 2026 at 10:22 AM', { zone: 'UTC' }, '2026-01-15T10:22:00Z'],
    ['15-Jan-2026', {}, '2026-01-15T00:00:00Z'],
    ['15 January 2026', {}, '2026-01-15T00:00:00Z'],
    ['Thu, 15 Jan 2026 10:22:00 +0000', {}, '2026-01-15T10:22:00Z'],
    ['1768472520', {}, '2026-01-15T10:22:00Z'],
    ['1768472520000', {}, '2026-01-15T10:22:00Z'],
  ])('%s %o', (text, form, expected) => {
    expect(at(text, form)).toBe(expected);
  });

  it.each<[string, Partial<DateForm>, RegExp]>([
    ['03/11/2026', {}, /is 3 November or 11 March, and no row of the file says which comes first; .*--dates/],
    ['2026-01-15 10:22', {}, /has no time zone; .*--zone Europe\/Berlin/],
    ['31/12/2025', { order: 'mdy' }, /does not exist when it is read as MM\/DD\/YYYY/],
    ['2026-02-30', {}, /names a day that does not exist/],
    ['2026-01-15 25:00', { zone: 'UTC' }, /is not a time/],
    ['2026-01-15 10:22 CEST', {}, /names the zone "CEST", which is not known/],
    ['45123', {}, /is not a time; expected a date-time such as/],
    ['soon', { order: 'dmy' }, /expected a date such as 31\/12\/2025 \(as this column is read\)/],
    ['0000-01-01', {}, /lies before the year 1/],
  ])('but %s %o is refused with what was expected', (text, form, words) => {
    expect(at(text, form)).toMatch(words);
  });

  it('never in another way than it was written, whatever the order that is said', () => {
    const date = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2069-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.constantFrom('/', '-', '.'), (day, separator) => {
        const [year = '', month = '', of = ''] = day.toISOString().slice(0, 10).split('-');
        const expected = `${year}-${month}-${of}T00:00:00Z`;
        expect(at([of, month, year].join(separator), { order: 'dmy' })).toBe(expected);
        expect(at([month, of, year].join(separator), { order: 'mdy' })).toBe(expected);
        expect(at([year, month, of].join(separator), {})).toBe(expected);
        const guess = at([of, month, year].join(separator));
        expect([expected, '!']).toContain(guess.startsWith('!') ? '!' : guess);
      }),
    );
  });
});

it('a format says the order by where its letters stand', () => {
  expect(
    ['DD.MM.YYYY HH:mm', 'MM/DD/YYYY', 'yyyy-mm-dd', 'M/D/YY h:mm', 'dmy', 'soon'].map(readFormat),
  ).toEqual(['dmy', 'mdy', 'ymd', 'mdy', 'dmy', null]);
});

it('a header may name the zone', () => {
  expect(splitZone('Last Activity Date (GMT+1)')).toEqual({ name: 'Last Activity Date', zone: 'GMT+1' });
  expect(splitZone('Phone (work)')).toEqual({ name: 'Phone (work)', zone: null });
});
