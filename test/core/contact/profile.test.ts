import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFact,
  byTime,
  displayName,
  EMPTY_PROFILE,
  factFromTraits,
  fillBag,
  type ProfileFact,
  setBag,
} from '../../../src/core/contact/profile.ts';

const kindOf = (domain: string) => (domain === 'free.example' ? ('free' as const) : ('business' as const));

function fact(
  mode: ProfileFact['mode'],
  traits: Readonly<Record<string, unknown>>,
  more: Partial<ProfileFact> = {},
): ProfileFact {
  return { ...factFromTraits(traits, { at: 0, messageId: 'm', mode, kindOf }), ...more };
}

const profileAfter = (...facts: readonly ProfileFact[]) => facts.reduce(applyFact, EMPTY_PROFILE);

describe('what a fact makes of a profile', () => {
  test.each([
    ['set overwrites', [fact('set', { title: 'VP' }), fact('set', { title: 'CEO' })], { title: 'CEO' }],
    [
      'set with null forgets',
      [fact('set', { title: 'VP', phone: '1' }), fact('set', { title: null })],
      { phone: '1' },
    ],
    [
      'set without a key leaves it',
      [fact('set', { title: 'VP' }), fact('set', { phone: '1' })],
      { title: 'VP', phone: '1' },
    ],
    [
      'nested objects are merged',
      [fact('set', { address: { city: 'Bonn', zip: '1' } }), fact('set', { address: { zip: '2' } })],
      { address: { city: 'Bonn', zip: '2' } },
    ],
    [
      'a list is replaced whole',
      [fact('set', { tags: ['a', 'b'] }), fact('set', { tags: ['c'] })],
      { tags: ['c'] },
    ],
    ['fill fills a gap', [fact('fill', { title: 'VP' })], { title: 'VP' }],
    ['fill fills blank text', [fact('set', { title: ' ' }), fact('fill', { title: 'VP' })], { title: 'VP' }],
    [
      'fill overwrites nothing',
      [fact('set', { title: 'VP' }), fact('fill', { title: 'CEO', phone: '1' })],
      { title: 'VP', phone: '1' },
    ],
    [
      'nor false, nor zero',
      [fact('set', { seats: 0, opted: false }), fact('fill', { seats: 9, opted: true })],
      { seats: 0, opted: false },
    ],
    [
      'fill takes nothing away',
      [fact('set', { title: 'VP' }), fact('fill', { title: null })],
      { title: 'VP' },
    ],
    [
      'fill reaches gaps of nested objects only',
      [fact('set', { address: { city: 'Bonn' } }), fact('fill', { address: { city: 'Rome', zip: '1' } })],
      { address: { city: 'Bonn', zip: '1' } },
    ],
    [
      'replace is the whole',
      [fact('set', { title: 'VP', phone: '1' }), fact('replace', { phone: '2' })],
      { phone: '2' },
    ],
  ] as const)('%s', (_name, facts, contact) => {
    expect(profileAfter(...facts).contact).toEqual(contact);
  });

  test('the company of traits is kept apart, a name alone is its name', () => {
    expect(profileAfter(fact('set', { company: { name: 'Acme', employees: 9 } }))).toMatchObject({
      contact: {},
      companyPart: { name: 'Acme', employees: 9 },
    });
    expect(profileAfter(fact('set', { company: ' Acme ' })).companyPart).toEqual({ name: ' Acme ' });
    expect(profileAfter(fact('set', { company: 7 })).companyPart).toEqual({});
  });

  test('an address brings its domain and kind, which nobody else may claim', () => {
    const traits = {
      email: 'Ann@Acme.com',
      emailKind: 'free',
      emailDomain: 'rival.com',
      createdAt: '2020-01-01',
    };
    expect(profileAfter(fact('set', traits)).contact).toEqual({
      email: 'Ann@Acme.com',
      emailDomain: 'acme.com',
      emailKind: 'business',
    });
    expect(profileAfter(fact('set', { emailKind: 'free', emailDomain: 'x.co' })).contact).toEqual({});
  });

  test('a new address takes what the old one said with it', () => {
    const changed = profileAfter(fact('set', { email: 'a@acme.com' }), fact('set', { email: 'broken' }));
    expect(changed.contact).toEqual({ email: 'broken', emailKind: 'invalid' });
    const gone = profileAfter(fact('set', { email: 'a@acme.com' }), fact('set', { email: null }));
    expect(gone.contact).toEqual({});
  });
});

describe('what only a public key has claimed', () => {
  test('is marked until a server says it too', () => {
    const claimed = profileAfter(fact('fill', { title: 'VP', company: { industry: 'Software' } }));
    expect([...claimed.unverified].sort()).toEqual(['company.industry', 'contact.title']);
    expect(applyFact(claimed, fact('set', { title: 'VP' })).unverified).toEqual(['company.industry']);
    expect(applyFact(claimed, fact('set', { company: { industry: 'Retail' } })).unverified).toEqual([
      'contact.title',
    ]);
    expect(applyFact(claimed, fact('replace', {})).unverified).toEqual([]);
  });

  test('is not marked where it changed nothing', () => {
    expect(profileAfter(fact('set', { title: 'VP' }), fact('fill', { title: 'CEO' })).unverified).toEqual([]);
    expect(profileAfter(fact('fill', { title: ' ' })).unverified).toEqual([]);
  });

  test('another address changes neither the address nor the company that follows from it', () => {
    const known = profileAfter(fact('set', { email: 'ann@free.example' }));
    const claimed = applyFact(
      known,
      fact('fill', { email: 'ceo@acme.com', title: 'CEO' }, { companyId: 'acme' }),
    );
    expect(claimed.contact).toEqual({
      email: 'ann@free.example',
      emailDomain: 'free.example',
      emailKind: 'free',
      title: 'CEO',
    });
    expect(claimed.companyId).toBeNull();
  });

  test('is the company of a contact until a server speaks of it, and never after that', () => {
    const claim = fact('fill', { email: 'ann@acme.com' }, { companyId: 'acme' });
    const claimed = profileAfter(claim, fact('fill', {}, { companyId: 'rival' }));
    expect(claimed.companyId).toBe('acme');
    expect(applyFact(claimed, fact('set', { title: 'VP' })).companyId).toBeNull();
    expect(applyFact(claimed, fact('set', {}, { companyId: 'real' })).companyId).toBe('real');
    expect(profileAfter(fact('set', { email: 'ann@acme.com' }), claim).companyId).toBeNull();
    expect(profileAfter(fact('set', {}, { companyId: 'real' }), claim).companyId).toBe('real');
    expect(profileAfter(fact('set', {}, { companyId: 'real' }), fact('set', {})).companyId).toBe('real');
  });

  test('inside an object is marked by its path', () => {
    const known = profileAfter(
      fact('set', { address: { city: 'Bonn' } }),
      fact('fill', { address: { city: 'Rome', zip: '1' }, plan: { name: 'Pro', seats: { most: 5 } } }),
    );
    expect([...known.unverified].sort()).toEqual([
      'contact.address.zip',
      'contact.plan.name',
      'contact.plan.seats.most',
    ]);
    expect(applyFact(known, fact('set', { address: { city: 'Berlin' } })).unverified).toHaveLength(3);
    expect(applyFact(known, fact('set', { plan: { seats: null } })).unverified).toHaveLength(2);
    expect(applyFact(known, fact('set', { plan: 'Pro', address: null })).unverified).toEqual([]);
  });
});

describe('facts in the order of the time they hold from', () => {
  test('ties go by message id, facts without a time come first', () => {
    const facts = [
      fact('set', {}, { at: 5, messageId: 'b' }),
      fact('set', {}, { at: 5, messageId: 'a' }),
      fact('set', {}, { at: null, messageId: 'z' }),
      fact('set', {}, { at: null, messageId: 'y' }),
      fact('set', {}, { at: -1, messageId: 'c' }),
    ];
    const link = fact('set', {}, { at: 5, messageId: '0', companyId: 'c' });
    expect([link, ...facts].sort(byTime).at(-1)).toBe(link);
    expect([...facts].sort(byTime).map(({ messageId }) => messageId)).toEqual(['y', 'z', 'c', 'a', 'b']);
  });

  const value = fc.oneof(
    fc.constantFrom<unknown>('x', 'y', '', null, 0, false),
    fc.record({ a: fc.constantFrom<unknown>(1, 2, '') }),
  );
  const someFact = fc.record({
    mode: fc.constantFrom('set' as const, 'fill' as const, 'replace' as const),
    at: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    traits: fc.dictionary(fc.constantFrom('p', 'q', 'email'), value, { maxKeys: 3 }),
  });

  test('the profile does not depend on the order in which facts arrived', () => {
    fc.assert(
      fc.property(
        fc.array(someFact, { maxLength: 6 }).chain(all =>
          fc.record({
            all: fc.constant(all),
            order: fc.shuffledSubarray(
              all.map((_, index) => index),
              { minLength: all.length },
            ),
          }),
        ),
        ({ all, order }) => {
          const facts = all.map(({ mode, at, traits }, index) =>
            fact(mode, traits, { at, messageId: `m${index}` }),
          );
          const shuffled = order.flatMap(index => facts[index] ?? []);
          expect(profileAfter(...[...shuffled].sort(byTime))).toEqual(
            profileAfter(...[...facts].sort(byTime)),
          );
        },
      ),
    );
  });

  /** The values of a bag by their path, without gaps. */
  const valuesOf = (
    bag: Readonly<Record<string, unknown>>,
    head = '',
  ): readonly (readonly [string, unknown])[] =>
    Object.entries(bag).flatMap(([key, item]): readonly (readonly [string, unknown])[] => {
      if (typeof item === 'object' && item !== null) return valuesOf({ ...item }, `${head}${key}.`);
      return item === undefined || item === null || item === '' ? [] : [[`${head}${key}`, item]];
    });

  test('a claim changes nothing that a server said, and is marked, whatever its time', () => {
    const company = fc.constantFrom(null, 'acme', 'rival');
    fc.assert(
      fc.property(fc.array(fc.tuple(someFact, company), { maxLength: 8 }), all => {
        const facts = all
          .map(([{ mode, at, traits }, companyId], index) =>
            fact(mode, { ...traits, company: traits }, { at, companyId, messageId: `m${index}` }),
          )
          .sort(byTime);
        const said = facts.filter(({ mode }) => mode !== 'fill');
        const [known, alone] = [profileAfter(...facts), profileAfter(...said)];
        for (const part of ['contact', 'companyPart'] as const) {
          const values = new Map(valuesOf(known[part]));
          const marks = part === 'contact' ? 'contact.' : 'company.';
          for (const [path, item] of valuesOf(alone[part])) {
            expect(values.get(path)).toBe(item);
            values.delete(path);
          }
          for (const path of values.keys()) expect(known.unverified).toContain(`${marks}${path}`);
        }
        if (said.length > 0) expect(known.companyId).toBe(alone.companyId);
      }),
      { numRuns: 2000 },
    );
  });

  test('fill never changes what is known, set always ends with what was said', () => {
    const bag = fc.dictionary(fc.constantFrom('p', 'q', 'r'), value);
    fc.assert(
      fc.property(bag, bag, (known, said) => {
        const filled = fillBag(known, said);
        for (const [key, before] of Object.entries(known))
          if (typeof before !== 'object' && before !== '') expect(filled[key]).toBe(before);
        const set = setBag(known, said);
        for (const [key, now] of Object.entries(said))
          if (typeof now !== 'object') expect(set[key]).toBe(now);
          else if (now === null) expect(Object.hasOwn(set, key)).toBe(false);
        expect(setBag(set, said)).toEqual(set);
        expect(fillBag(filled, said)).toEqual(filled);
      }),
    );
  });
});

test.each([
  [{ firstName: 'Ann', lastName: 'Lee' }, 'Ann Lee'],
  [{ first_name: 'Ann' }, 'Ann'],
  [{ name: ' Ann Lee ', firstName: 'X' }, 'Ann Lee'],
  [{ email: 'a@b.co' }, 'a@b.co'],
  [{ email: 'Ann <a@b.co>.' }, 'a@b.co'],
  [{ name: ' ' }, 'Anonymous visitor'],
  [{ name: { a: 1 } }, 'Anonymous visitor'],
  [{ name: 'x'.repeat(500) }, 'x'.repeat(200)],
])('%j is shown as %s', (contact, name) => {
  expect(displayName(contact)).toBe(name);
});
