import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIRST_KEPT,
  formatInstant,
  isKept,
  LAST_INSTANT,
  parseInstant,
  parseKept,
} from '../../../src/core/time/instant.ts';

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');
const MINUTE = 60_000;

/** Any instant, those at the ends of what can be kept often. */
const anyInstant = fc.oneof(
  fc.integer({ min: YEAR_0, max: LAST_INSTANT }),
  fc.constantFrom(YEAR_0, FIRST_KEPT - 1, FIRST_KEPT, -1, 0, LAST_INSTANT),
);
/** Any offset from UTC that RFC 3339 can write, in minutes; the widest often. */
const anyOffset = fc.oneof(fc.integer({ min: -1439, max: 1439 }), fc.constantFrom(-1439, 0, 1439));
const offsetText = (minutes: number) => {
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(hour)}:${two(minute)}`;
};

describe('an instant', () => {
  test('of the years 0 to 9999 reads back as it was written, and as the platform reads it', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_0, max: LAST_INSTANT }), at => {
        const text = new Date(at).toISOString();
        expect(parseInstant(text)).toBe(at);
        expect(parseInstant(text.toLowerCase())).toBe(at);
        expect(parseInstant(` ${text.replace('Z', '+00:00')}`)).toBe(at);
        expect(parseInstant(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('with any offset is what the text says, and is kept where database and wire can write it', () => {
    fc.assert(
      fc.property(anyInstant, anyOffset, (wall, offset) => {
        const text = new Date(wall).toISOString().replace('Z', offsetText(offset));
        const at = wall - offset * MINUTE;
        expect(parseInstant(text)).toBe(at);
        expect(parseKept(text)).toBe(at >= FIRST_KEPT && at <= LAST_INSTANT ? at : null);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is always written with a year of four digits, and later ones never as earlier', () => {
    const written = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    const far = fc.oneof(anyInstant, fc.integer({ min: -8.64e15, max: 8.64e15 }));
    fc.assert(
      fc.property(far, far, (one, other) => {
        const [a, b] = [Math.min(one, other), Math.max(one, other)];
        expect(formatInstant(a)).toMatch(written);
        expect(formatInstant(a) <= formatInstant(b)).toBe(true);
        if (isKept(a)) expect(parseKept(formatInstant(a))).toBe(a);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['the first that is kept', '0001-01-01T00:00:00Z', FIRST_KEPT],
    ['the first, by an offset', '0001-01-01T23:59:00+23:59', FIRST_KEPT],
    ['before the first', '0000-12-31T23:59:59.999Z', null],
    ['before the first, by an offset', '0001-01-01T00:00:00+00:01', null],
    ['the last that is kept', '9999-12-31T23:59:59.999Z', LAST_INSTANT],
    ['more digits of the last', '9999-12-31T23:59:59.9999999Z', LAST_INSTANT],
    ['after the last, by an offset', '9999-12-31T23:59:59-00:01', null],
    ['the farthest that RFC 3339 can write', '9999-12-31T23:59:59-23:59', null],
    ['the usual way to write never', '9999-12-31', Date.parse('9999-12-31')],
    ['no instant', 'never', null],
  ])('to be kept: %s', (_name, text, at) => {
    expect(parseKept(text)).toBe(at);
  });

  test('is every day of four centuries', () => {
    for (let at = Date.UTC(1600, 0, 1); at < Date.UTC(2000, 2, 2); at += 86_400_000)
      if (parseInstant(formatInstant(at)) !== at) throw new Error(formatInstant(at));
  });

  test.each([
    '2026-02-29T00:00:00.000Z',
    '1900-02-29T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-13-10T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-04-00T00:00:00.000Z',
    '2026-04-30T24:00:00.000Z',
    '2026-04-30T23:60:00.000Z',
    '2026-04-30T23:59:60.000Z',
    '2026-04-30T23:59:59.0x0Z',
    '2O26-04-30T23:59:59.000Z',
    '-026-04-30T23:59:59.000Z',
    '2026-04-30T23:59:59.000z+',
    '2026-04-30T23:59:59.00 Z',
    '２026-04-30T23:59:59.000Z',
    '+10000-01-01T00:00:00.00Z',
    '2026-04-30 23:59:59.000Z',
    '2026-04-30T23:59:59.000',
  ])('is not read from %j', text => {
    expect(parseInstant(text)).toBeNull();
  });
});
