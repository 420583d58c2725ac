import fc from 'fast-check';
import { expect, test } from 'vitest';
import { enrol, idOf, makeRoster, numberOf } from '../../../src/core/replay/roster.ts';
import { hashText } from '../../../src/core/text/hash.ts';

/** Ids as people and attackers write them: short ones that repeat, halves of characters, long ones. */
const id = fc.oneof(
  fc.string({ minLength: 1, maxLength: 3 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom('\ud800', '\udc00', 'c1', 'C1', 'c1 ', '__proto__', 'x'.repeat(5_000)),
);

test('a roster numbers ids as they come, tells each by its number, and knows no other', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400 }), fc.array(id), (ids, others) => {
      const roster = makeRoster();
      const known = new Map<string, number>();
      for (const each of ids) {
        if (!known.has(each)) known.set(each, known.size);
        expect(enrol(roster, each)).toBe(known.get(each));
      }
      expect(roster.count).toBe(known.size);
      for (const [each, number] of known) expect(idOf(roster, number)).toBe(each);
      for (const each of [...ids, ...others]) expect(numberOf(roster, each)).toBe(known.get(each) ?? -1);
    }),
  );
});

test('ids of one hash are told apart', () => {
  const byHash = new Map<number, string>();
  let twins: readonly string[] = [];
  for (let number = 0; twins.length === 0; number++) {
    const text = `user-${number}`;
    const other = byHash.get(hashText(text, 0));
    if (other === undefined) byHash.set(hashText(text, 0), text);
    else twins = [other, text];
  }
  const roster = makeRoster();
  expect(twins.map(each => enrol(roster, each))).toEqual([0, 1]);
  expect(twins.map(each => numberOf(roster, each))).toEqual([0, 1]);
});

test('message ids as programs write them hardly ever share 64 bits', () => {
  const seen = new Set<string>();
  for (let number = 0; number < 200_000; number++) {
    const text = `msg-${number.toString(36)}`;
    seen.add(`${hashText(text, 1)} ${hashText(text, 2)}`);
  }
  expect(seen.size).toBe(200_000);
});
