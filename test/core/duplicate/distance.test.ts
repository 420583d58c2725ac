import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mistypes, resemblance } from '../../../src/core/duplicate/distance.ts';

test.each([
  { a: '', b: '', wrong: 0 },
  { a: 'acme', b: 'acme', wrong: 0 },
  { a: 'acme', b: 'acne', wrong: 1 },
  { a: 'gmail.com', b: 'gmial.com', wrong: 1 },
  { a: 'gmail.com', b: 'gmail.co', wrong: 1 },
  { a: 'kitten', b: 'sitting', wrong: 3 },
  { a: 'ca', b: 'abc', wrong: 3 },
  { a: '𝒶b', b: '𝒶c', wrong: 1 },
])('$a and $b are $wrong mistypes apart', ({ a, b, wrong }) => {
  expect(mistypes(a, b)).toBe(wrong);
});

// The figures are those of Winkler's paper.
test.each([
  { a: 'martha', b: 'marhta', by: 0.961 },
  { a: 'dwayne', b: 'duane', by: 0.84 },
  { a: 'dixon', b: 'dicksonx', by: 0.813 },
  { a: '', b: 'x', by: 0 },
  { a: '', b: '', by: 1 },
])('$a resembles $b by $by', ({ a, b, by }) => {
  expect(resemblance(a, b)).toBeCloseTo(by, 3);
});

/** The same by its definition, without a table. */
function slowMistypes(a: string, b: string): number {
  if (a === '' || b === '') return Math.max(a.length, b.length);
  const isSwap = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    slowMistypes(a.slice(0, -1), b) + 1,
    slowMistypes(a, b.slice(0, -1)) + 1,
    slowMistypes(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    isSwap ? slowMistypes(a.slice(0, -2), b.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY,
  );
}

test('mistypes are counted as their definition says', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(mistypes(a, b)).toBe(slowMistypes(a, b));
    }),
  );
});

test('a resemblance lies between 0 and 1 and is whole for equal words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(resemblance(a, b)).toBeGreaterThanOrEqual(0);
      expect(resemblance(a, b)).toBeLessThanOrEqual(1);
      expect(resemblance(a, a)).toBeCloseTo(1, 12);
    }),
  );
});
