import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAST_INSTANT } from '../../../src/core/time/instant.ts';
import { readMoment } from '../../../src/core/time/moment.ts';

const AT = Date.parse('2026-11-29T09:59:15Z');
const SECONDS = AT / 1000;

describe('a time that can mean one instant only', () => {
  test.each([
    ['2026-11-29T09:59:15Z', AT],
    ['2026-11-29T09:59:15+0000', AT],
    ['2026-11-29T10:59:15+01', AT],
    ['2026-11-29T04:59:15-0500', AT],
    ['2026-11-29T15:29:15+05:30', AT],
    ['2026-11-29T15:29:15+0530', AT],
    ['2026-11-29t09:59:15z', AT],
    ['2026-11-29T09:59Z', AT - 15_000],
    ['2026-11-29T09:59+0000', AT - 15_000],
    ['2026-11-29 09:59:15Z', AT],
    ['2026-11-29 09:59:15+00', AT],
    ['2026-11-29 10:59:15 +0100', AT],
    ['2026-11-29 09:59:15 UTC', AT],
    ['2026-11-29 09:59:15.123456789 +0000 UTC', AT + 123],
    ['2026-11-29T09:59:15,250Z', AT + 250],
    ['2026-11-29T09:59:15.5+0000', AT + 500],
    ['2026-11-29T10:59:15+01:00[Europe/Berlin]', AT],
    ['2026-11-29T04:59:15\u22120500', AT],
    ['20261129T095915Z', AT],
    [' 2026-11-29T09:59:15+0000 ', AT],
    ['Sun, 29 Nov 2026 09:59:15 +0000', AT],
    ['Sun, 29 Nov 2026 09:59:15 GMT', AT],
    ['29 Nov 2026 09:59 GMT', AT - 15_000],
    ['Sun, 29 Nov 2026 04:59:15 EST', AT],
    ['Sun, 29 Nov 2026 02:59:15 PDT', AT],
    ['Sunday, 29-Nov-2026 09:59:15 UTC', AT],
    ['Sun Nov 29 2026 10:59:15 GMT+0100 (Central European Standard Time)', AT],
    ['Sun Nov 29 09:59:15 UTC 2026', AT],
    ['Tue, 1 Dec 2026 00:00:00 +0000', Date.parse('2026-12-01')],
    [SECONDS, AT],
    [String(SECONDS), AT],
    [SECONDS + 0.123, AT + 123],
    [`${SECONDS}.5`, AT + 500],
    [AT, AT],
    [String(AT), AT],
    [AT + 0.75, AT],
    [`${AT}123`, AT],
    [`${AT}999999`, AT],
    ['2026-11-29', Date.parse('2026-11-29')],
  ])('%s is read', (value, at) => {
    expect(readMoment(value)).toEqual({ at, expected: null });
  });

  test('of any instant from 2001 on, whichever way it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }), at => {
        const iso = new Date(at).toISOString();
        const whole = at - (at % 1000);
        expect(
          [at, String(at), iso, iso.replace('Z', '+0000'), `${at}000`, `${at}000000`].map(
            one => readMoment(one).at,
          ),
        ).toEqual(Array.from({ length: 6 }, () => at));
        expect(
          [at / 1000, whole / 1000, new Date(at).toUTCString(), new Date(at).toString()].map(
            one => readMoment(one).at,
          ),
        ).toEqual([at, whole, whole, whole]);
      }),
    );
  });
});

describe('a time that may mean several, or none', () => {
  test.each([
    '2026-11-29T09:59:15',
    '2026-11-29 09:59',
    '2026-11-29 09:59:15.123',
    '20261129T095915',
    'Sun, 29 Nov 2026 09:59:15',
    '29 Nov 2026 09:59',
  ])('%s is refused for want of a zone', text => {
    expect(readMoment(text)).toEqual({ at: null, expected: expect.stringMatching(/no zone; expected one/) });
  });

  test.each([
    ['', null, undefined, true, {}, [], [AT], Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 7, -SECONDS],
    [
      'noon',
      'now',
      '29/11/2026',
      '11/29/2026 09:59',
      '29.11.2026',
      '2026-13-01T00:00:00Z',
      '2026-02-30T00:00+0000',
    ],
    [
      '2026-11-29T24:00:00+0000',
      '2026-11-29T09:60+0000',
      '2026-11-29T09:59:60+0000',
      '2026-11-29T09:59:15+2500',
    ],
    [
      'Mon, 29 Nov 2026 09:59:15 +0000',
      '29 Foo 2026 09:59:15 GMT',
      '29 Nov 26 09:59:15 GMT',
      'Sun, 29 Nov 2026 09:59:15 CET',
    ],
    [
      '123456789',
      '12345678901',
      '17644103551234567',
      '1e12',
      '0x65',
      `${SECONDS}Z`,
      `2026-11-29T09:59:15Z${' '.repeat(200)}x`,
    ],
  ])('is refused: %#', (...values) => {
    for (const value of values)
      expect([value, readMoment(value)]).toEqual([
        value,
        { at: null, expected: expect.stringMatching(/^expected a date and time with a zone/) },
      ]);
  });

  test('whatever somebody sends, the answer is an instant that can be written or what was expected', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        const { at, expected } = readMoment(value);
        expect(at === null).toBe(expected !== null);
        if (at !== null) expect(Math.abs(at)).toBeLessThanOrEqual(LAST_INSTANT + 86_400_000);
      }),
    );
  });
});
