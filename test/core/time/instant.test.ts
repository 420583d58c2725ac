import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, LAST_INSTANT, parseInstant } from '../../../src/core/time/instant.ts';

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');

describe('an instant', () => {
  test('of the years 0 to 9999 reads back as it was written, and as the platform reads it', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_0, max: LAST_INSTANT }), at => {
        const text = formatInstant(at);
        expect(parseInstant(text)).toBe(at);
        expect(parseInstant(text.toLowerCase())).toBe(at);
        expect(parseInstant(` ${text.replace('Z', '+00:00')}`)).toBe(at);
        expect(parseInstant(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)));
      }),
      { numRuns: 2_000 },
    );
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
