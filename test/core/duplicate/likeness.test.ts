import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  keysOf,
  LIKENESS_LINE,
  type Likeable,
  likeableOf,
  likenessOf,
} from '../../../src/core/duplicate/likeness.ts';
import { likenessOfNames } from '../../../src/core/duplicate/name.ts';

type Given = Readonly<Record<string, unknown>> & { readonly company?: string; readonly companyId?: string };

const person = ({ company, companyId, ...contact }: Given): Likeable =>
  likeableOf({ contact, companyName: company ?? null, companyId: companyId ?? null });

const free = (email: string) => ({ email, emailKind: 'free' });
const said = (a: Given, b: Given) => {
  const { score, reasons } = likenessOf(person(a), person(b));
  return { score, texts: reasons.map(({ text }) => text) };
};

const ALIKE: readonly {
  readonly what: string;
  readonly a: Given;
  readonly b: Given;
  readonly text: string;
}[] = [
  {
    what: 'a plus-tag',
    a: { email: 'ann.lee@acme.com' },
    b: { email: 'ann.lee+trial@acme.com' },
    text: 'same address but for a plus-tag: ann.lee@acme.com and ann.lee+trial@acme.com',
  },
  {
    what: 'dots at Gmail',
    a: free('annlee@gmail.com'),
    b: free('a.n.n.lee@googlemail.com'),
    text: 'same address but for dots: annlee@gmail.com and a.n.n.lee@googlemail.com',
  },
  {
    what: 'dots and a plus-tag',
    a: { email: 'AnnLee@acme.com ' },
    b: { email: 'ann.lee+x@acme.com' },
    text: 'same address but for dots and a plus-tag: annlee@acme.com and ann.lee+x@acme.com',
  },
  {
    what: 'two letters swapped in a mail service',
    a: free('ann.lee@gmail.com'),
    b: { email: 'ann.lee@gmial.com', emailKind: 'business' },
    text: 'same address but for what may be a typo in the domain: ann.lee@gmail.com and ann.lee@gmial.com',
  },
  {
    what: 'a misspelt mail service that is on the lists of mail services itself',
    a: free('ann.lee@hotmail.com'),
    b: free('ann.lee@hotmial.com'),
    text: 'same address but for what may be a typo in the domain: ann.lee@hotmail.com and ann.lee@hotmial.com',
  },
  {
    what: 'a letter too few in the ending of a mail service',
    a: free('ann.lee@gmail.co'),
    b: free('ann.lee@gmail.com'),
    text: 'same address but for what may be a typo in the domain: ann.lee@gmail.co and ann.lee@gmail.com',
  },
  {
    what: 'another ending of the domain',
    a: { email: 'ann.lee@acme.com' },
    b: { email: 'ann.lee@acme.co.uk' },
    text: 'same address but for the ending of the domain: ann.lee@acme.com and ann.lee@acme.co.uk',
  },
  {
    what: 'a phone number, once with its country, and no name',
    a: { phone: '+44 (0)20 7946 0018' },
    b: { phone: '020 7946 0018', name: 'Ann Lee' },
    text: 'same phone number: 020 7946 0018',
  },
  {
    what: 'phone number and name',
    a: { phone: '+1 (415) 867-5309', name: 'Ann Lee', ...free('ann@gmail.com') },
    b: { mobile: '415.867.5309 ext. 12', firstName: 'Ann', lastName: 'Leé', email: 'lee@acme.com' },
    text: 'same phone number and name: +1 (415) 867-5309',
  },
  {
    what: 'name the other way around, and a company with its legal form',
    a: { name: 'Ann Lee', company: 'Acme Ltd', ...free('ann@gmail.com') },
    b: { name: 'Lee, Dr. Ann', company: 'ACME', email: 'ann@acme.com' },
    text: 'same name and company: Ann Lee, ACME',
  },
  {
    what: 'name at a company known by its domain',
    a: { name: 'Łukasz Müller', company: 'Acme GmbH' },
    b: { name: 'Lukasz Muller', company: 'acme.de' },
    text: 'same name and company: Lukasz Muller, Acme GmbH',
  },
  {
    what: 'a slip in both names',
    a: { name: 'Jon Smyth', company: 'Acme' },
    b: { name: 'John Smith', company: 'Acme' },
    text: 'nearly the same name at one company: John Smith and Jon Smyth, Acme',
  },
  {
    what: 'names in another script',
    a: { name: '田中 太郎', company: '株式会社アクメ' },
    b: { name: '太郎 田中', company: '株式会社アクメ' },
    text: 'same name and company: 太郎 田中, 株式会社アクメ',
  },
];

const OTHERS: readonly { readonly what: string; readonly a: Given; readonly b: Given }[] = [
  {
    what: 'two of one name with mailboxes of their own',
    a: { name: 'John Smith', ...free('john@gmail.com') },
    b: { name: 'John Smith', ...free('jsmith@yahoo.com') },
  },
  {
    what: 'two colleagues at one switchboard',
    a: { name: 'Ann Lee', phone: '+44 20 7946 0018', email: 'ann@acme.com', company: 'Acme' },
    b: { name: 'Bob Stone', phone: '+44 20 7946 0018', email: 'bob@acme.com', company: 'Acme' },
  },
  {
    what: 'one name of a mailbox at two mail services',
    a: free('ann.lee@gmail.com'),
    b: free('ann.lee@ymail.com'),
  },
  {
    what: 'one name of a mailbox at two mail services that few know',
    a: free('ann.lee@inbox.lv'),
    b: free('ann.lee@inbox.lt'),
  },
  {
    what: 'one name of a mailbox at a mail service of two countries',
    a: free('ann.lee@yahoo.com'),
    b: free('ann.lee@yahoo.co.uk'),
  },
  { what: 'the mailbox of an office', a: { email: 'contact@acme.com' }, b: { email: 'contact@acne.com' } },
  { what: 'short names of mailboxes', a: { email: 'ann@acme.com' }, b: { email: 'ann@acme.org' } },
  {
    what: 'a made-up phone number',
    a: { name: 'Ann Lee', phone: '000-000-0000' },
    b: { name: 'Ann Lee', phone: '0000000000' },
  },
  { what: 'digits in a row', a: { phone: '12345678' }, b: { phone: '12345678' } },
  {
    what: 'two of one first name at a company',
    a: { name: 'Ann', company: 'Acme' },
    b: { name: 'Ann Lee', company: 'Acme' },
  },
  {
    what: 'siblings at a company',
    a: { name: 'Anna Smith', company: 'Acme', email: 'anna@acme.com' },
    b: { name: 'Hannah Smith', company: 'Acme', email: 'hannah@acme.com' },
  },
  {
    what: 'nearly one name, each with an address of the company',
    a: { name: 'Mark Smith', company: 'Acme', email: 'mark@acme.com' },
    b: { name: 'Mary Smith', company: 'Acme', email: 'mary@acme.com' },
  },
  {
    what: 'a typo in the domain under another name',
    a: { name: 'Ann Lee', email: 'sunny@acme.com' },
    b: { name: 'Bob Stone', email: 'sunny@acne.com' },
  },
  {
    what: 'one first name at a company',
    a: { name: 'John', company: 'Acme' },
    b: { name: 'John', company: 'Acme' },
  },
  { what: 'nothing known of either', a: {}, b: {} },
  {
    what: 'values that are not text',
    a: { email: 5, name: {}, phone: [] },
    b: { email: 5, name: {}, phone: [] },
  },
];

describe('two contacts that may be one person', () => {
  test.each(ALIKE)('$what', ({ a, b, text }) => {
    expect(said(a, b).texts).toContain(text);
    expect(said(a, b).score).toBeGreaterThanOrEqual(LIKENESS_LINE);
    expect(said(b, a)).toEqual(said(a, b));
    const [left, right] = [person(a), person(b)].map(of =>
      keysOf(of).map(({ kind, key }) => `${kind} ${key}`),
    );
    expect(left?.filter(key => right?.includes(key))).not.toEqual([]);
  });

  test('several reasons are surer than one, the strongest first', () => {
    const a = { name: 'Ann Lee', email: 'ann.lee@acme.com', phone: '+1 415 867 5309', company: 'Acme' };
    const b = { ...a, email: 'ann.lee+x@acme.com' };
    const { score, reasons } = likenessOf(person(a), person(b));
    expect(score).toBe(0.99);
    expect(reasons.map(({ kind }) => kind)).toEqual(['email', 'phone', 'name_company']);
    expect(said({ email: a.email }, { email: b.email }).score).toBe(0.95);
  });

  test('what strangers typed stays on one line of a reason and breaks nothing', () => {
    const name = `Ann\u202e\r\nBcc: all@acme.com ${'x'.repeat(5000)}`;
    const { texts } = said(
      { name: 'Ann\u0000\r\nLee\u202e', phone: '415 867 5309' },
      { name: 'Ann Lee', phone: '4158675309' },
    );
    expect(texts).toEqual(['same phone number and name: 4158675309']);
    expect(() => said({ name, email: `${'a'.repeat(9999)}@${'b.'.repeat(999)}c` }, { name })).not.toThrow();
    for (const { key } of keysOf(
      person({ name, company: name, email: 'a\u0000nnlee@acme.com', phone: name }),
    ))
      expect(key).not.toMatch(/\p{Cc}/u);
  });
});

describe('two people', () => {
  test.each(OTHERS)('$what', ({ a, b }) => {
    expect(said(a, b).score).toBeLessThan(LIKENESS_LINE);
  });
});

test.each([
  { a: ['ann', 'lee'], b: ['ann', 'lee', 'marie'], from: 0.89, to: 0.91 },
  { a: ['a', 'lee'], b: ['ann', 'lee'], from: 0.9, to: 0.95 },
  { a: ['john', 'smith'], b: ['jane', 'smith'], from: 0.5, to: 0.5 },
  { a: ['jon', 'smyth'], b: ['john', 'smith'], from: 0.9, to: 0.92 },
])('the names $a and $b are alike by $from to $to', ({ a, b, from, to }) => {
  expect(likenessOfNames(a, b)).toBeGreaterThanOrEqual(from);
  expect(likenessOfNames(a, b)).toBeLessThanOrEqual(to);
});

const word = fc.constantFrom('ann', 'anna', 'lee', 'leah', 'jon', 'john', 'smith', 'smyth', 'Ö', 'x', '李');
const contact: fc.Arbitrary<Given> = fc.record(
  {
    name: fc.oneof(
      fc.array(word, { maxLength: 5 }).map(words => words.join(' ')),
      fc.string({ unit: 'binary' }),
    ),
    email: fc.oneof(
      fc
        .tuple(
          fc.constantFrom('ann.lee', 'annlee', 'ann.lee+x', 'info', 'j'),
          fc.constantFrom('acme.com', 'acme.co', 'acne.com', 'gmail.com', 'gmial.com'),
        )
        .map(([local, domain]) => `${local}@${domain}`),
      fc.string({ unit: 'binary' }),
    ),
    emailKind: fc.constantFrom('free', 'business'),
    phone: fc.oneof(
      fc.constantFrom('+44 20 7946 0018', '020 7946 0018', '7946 0018', '0'),
      fc.string({ unit: 'binary' }),
    ),
    company: fc.constantFrom('Acme', 'Acme Ltd', 'acme.com', 'Acme Europe', 'Initech', ''),
    companyId: fc.constantFrom('c1', 'c2'),
  },
  { requiredKeys: [] },
);

test('a likeness is the same either way around, from 0 to 1, and has a reason wherever it is above 0', () => {
  fc.assert(
    fc.property(contact, contact, (a, b) => {
      const found = likenessOf(person(a), person(b));
      expect(likenessOf(person(b), person(a))).toEqual(found);
      expect(found.score).toBeGreaterThanOrEqual(0);
      expect(found.score).toBeLessThanOrEqual(1);
      expect(found.score > 0).toBe(found.reasons.length > 0);
    }),
    { numRuns: 1000 },
  );
});

test('a contact with an address is wholly like itself, and anybody alike but for a slip in a name shares a key', () => {
  fc.assert(
    fc.property(contact, contact, (a, b) => {
      const [one, other] = [person(a), person(b)];
      if (one.address !== null) expect(likenessOf(one, one).score).toBe(1);
      const { score, reasons } = likenessOf(one, other);
      const isSlip = reasons.every(({ kind, text }) => kind === 'name_company' && !text.startsWith('same'));
      const isByCompanyId = one.companyId !== null && one.companyId === other.companyId;
      if (score < LIKENESS_LINE || isSlip || isByCompanyId) return;
      const keys = new Set(keysOf(one).map(({ kind, key }) => `${kind} ${key}`));
      expect(keysOf(other).some(({ kind, key }) => keys.has(`${kind} ${key}`))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
