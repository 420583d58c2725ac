import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FirmSaid,
  firmKey,
  firmsOf,
  newlySaid,
  standsForMany,
} from '../../../src/core/duplicate/firm.ts';

const said = (contactId: string, name: string | null, domain: string | null = null): FirmSaid => ({
  contactId,
  name,
  domain,
});

describe('companies told apart by what group calls say', () => {
  test.each([
    ['nothing is said', [said('a', null), said('b', null)], 0],
    ['one spelling', [said('a', 'Acme'), said('b', 'ACME, Inc.')], 1],
    ['a slip of the pen', [said('a', 'Nordwind'), said('b', 'Nordwnid')], 1],
    ['a slip of the pen at two domains', [said('a', 'Nordwind', 'a.de'), said('b', 'Nordwint', 'b.de')], 2],
    ['a number', [said('a', 'Studio 54'), said('b', 'Studio 55')], 2],
    ['one domain', [said('a', 'Acme', 'a.de'), said('b', 'Globex', 'a.de')], 1],
    ['one contact', [said('a', 'Acme'), said('a', 'Globex'), said('b', 'Globex')], 1],
    ['the whole and its part', [said('a', 'Acme', 'a.com'), said('b', 'Acme Europe', 'a.eu')], 1],
    ['other scripts', [said('a', '株式会社日立'), said('b', '有限会社三菱')], 2],
  ])('%s', (_what, all, count) => {
    expect(firmsOf(all)).toHaveLength(count);
  });

  test('more than two named companies, or five domains, are too many', () => {
    const named = ['Nordwind', 'Alpha Foods', 'Kepler Bikes'].map((name, n) => said(`c${n}`, name));
    expect([2, 3].map(n => standsForMany(firmsOf(named.slice(0, n))))).toEqual([false, true]);
    const domains = [1, 2, 3, 4, 5, 6].map(n => said(`c${n}`, null, `d${n}.example`));
    expect([5, 6].map(n => standsForMany(firmsOf(domains.slice(0, n))))).toEqual([false, true]);
  });

  const people = fc.array(
    fc.record({
      contactId: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.option(fc.string({ maxLength: 30 })),
      domain: fc.option(fc.constantFrom('a.de', 'b.de', 'c.de')),
    }),
  );

  test('people of one domain are of one company, whatever they call it, and so is what is said of one contact', () => {
    const isOne = (all: readonly FirmSaid[]) => firmsOf(all).length <= 1;
    fc.assert(fc.property(people, all => isOne(all.map(one => ({ ...one, domain: 'a.de' })))));
    fc.assert(fc.property(people, all => isOne(all.map(one => ({ ...one, contactId: 'a' })))));
  });

  test('what is said twice tells nothing new', () => {
    fc.assert(
      fc.property(people, all => {
        expect(firmsOf([...all, ...all]).length).toBe(firmsOf(all).length);
        expect(newlySaid(all, newlySaid(all, []))).toEqual([]);
      }),
    );
  });

  test('different companies are too many in any order', () => {
    const names = ['Nordwind', 'Alpha Foods', 'Kepler Bikes', 'Hafen 7', 'Hafen 8'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 3 }), some =>
        standsForMany(firmsOf(some.map((name, n) => said(`c${n}`, name, `d${n}.example`)))),
      ),
    );
  });

  test('what is kept is bounded, and each name is kept once', () => {
    const many = Array.from({ length: 100 }, (_, n) => said('a', `Firm ${n}`));
    expect(newlySaid(many, [])).toHaveLength(20);
    expect(newlySaid([said('a', 'Acme'), said('b', 'ACME Ltd')], [])).toHaveLength(1);
    expect(firmKey(said('a', null, 'a.de'))).toBe('@a.de');
  });
});
