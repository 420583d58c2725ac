import { describe, expect, test } from 'vitest';
import {
  type Company,
  type CompanyAsk,
  domainOfTraits,
  foldTraits,
  openCompanyBook,
} from '../../../src/core/contact/company.ts';

const acme: Company = { id: 'acme', domain: 'acme.com', groupId: null, claimedDomain: null };
const product: Company = { id: 'product', domain: null, groupId: 'g1', claimedDomain: null };

function place(
  known: readonly Company[],
  asks: readonly CompanyAsk[],
  companyOf: Readonly<Record<string, string>> = {},
) {
  let made = 0;
  const book = openCompanyBook({
    companies: known,
    companyOf: new Map(Object.entries(companyOf)),
    newId: () => {
      made += 1;
      return `new${made}`;
    },
  });
  return { ids: asks.map(book.place), changed: book.changed() };
}

const byDomain = (contactId: string, domain: string): CompanyAsk => ({ kind: 'domain', contactId, domain });
const byClaim = (contactId: string, domain: string): CompanyAsk => ({ kind: 'claim', contactId, domain });
const byGroup = (contactId: string, groupId: string, domain: string | null = null): CompanyAsk => ({
  kind: 'group',
  contactId,
  groupId,
  domain,
});

describe('which company a contact belongs to', () => {
  test('colleagues with one domain share a company', () => {
    expect(place([], [byDomain('ann', 'acme.com'), byDomain('bob', 'acme.com')])).toEqual({
      ids: ['new1', 'new1'],
      changed: [{ ...acme, id: 'new1' }],
    });
    expect(place([acme], [byDomain('ann', 'acme.com')])).toEqual({ ids: ['acme'], changed: [] });
  });

  test('a new id of a product joins the company of the address', () => {
    expect(place([acme], [byGroup('ann', 'g1')], { ann: 'acme' })).toEqual({
      ids: ['acme'],
      changed: [{ ...acme, groupId: 'g1' }],
    });
    expect(place([acme], [byGroup('ann', 'g1', 'acme.com')]).ids).toEqual(['acme']);
    expect(place([], [byDomain('ann', 'acme.com'), byGroup('ann', 'g1')]).changed).toEqual([
      { ...acme, id: 'new1', groupId: 'g1' },
    ]);
  });

  test('a new domain joins the company of the product', () => {
    expect(place([product], [byDomain('ann', 'acme.com')], { ann: 'product' })).toEqual({
      ids: ['product'],
      changed: [{ ...product, domain: 'acme.com' }],
    });
  });

  test('a contact in an account of the product stays there when its address leads elsewhere', () => {
    expect(place([acme, product], [byDomain('ann', 'acme.com')], { ann: 'product' }).ids).toEqual([
      'product',
    ]);
    const elsewhere = { ...acme, groupId: 'g2' };
    expect(place([elsewhere], [byDomain('ann', 'new.com')], { ann: 'acme' }).ids).toEqual(['new1']);
  });

  test('a company with an id of its own takes no second one', () => {
    const { ids, changed } = place([{ ...acme, groupId: 'g0' }], [byGroup('ann', 'g1', 'acme.com')], {
      ann: 'acme',
    });
    expect(ids).toEqual(['new1']);
    expect(changed).toEqual([{ ...product, id: 'new1' }]);
  });

  test('a claim leads to the company of its domain, else to one of claims alone', () => {
    expect(place([acme], [byClaim('eve', 'acme.com')])).toEqual({ ids: ['acme'], changed: [] });
    const { ids, changed } = place([], [byClaim('eve', 'acme.com'), byClaim('eva', 'acme.com')]);
    expect(ids).toEqual(['new1', 'new1']);
    expect(changed).toEqual([{ id: 'new1', domain: null, groupId: null, claimedDomain: 'acme.com' }]);
  });

  test('a claim keeps no domain from the company that a server says has it', () => {
    const claimed: Company = { id: 'claimed', domain: null, groupId: null, claimedDomain: 'acme.com' };
    expect(
      place([claimed, product], [byDomain('ann', 'acme.com'), byClaim('eve', 'acme.com')], {
        ann: 'product',
      }),
    ).toEqual({ ids: ['product', 'product'], changed: [{ ...product, domain: 'acme.com' }] });
    expect(place([claimed], [byDomain('ann', 'acme.com'), byGroup('ann', 'g1')]).changed).toEqual([
      { ...acme, id: 'claimed', groupId: 'g1' },
    ]);
  });

  test('a claim gives no company to what a server says of the contact next', () => {
    const asks = [byClaim('eve', 'acme.com'), byGroup('eve', 'g1')];
    expect(place([acme], asks)).toEqual({ ids: ['acme', 'new1'], changed: [{ ...product, id: 'new1' }] });
  });

  test('a known id of a product leads to its company whatever the address', () => {
    expect(place([acme, product], [byGroup('ann', 'g1', 'acme.com')], { ann: 'acme' })).toEqual({
      ids: ['product'],
      changed: [],
    });
  });
});

test.each([
  [{ domain: 'Acme.com' }, 'acme.com'],
  [{ website: 'https://www.acme.co.uk/about?x' }, 'acme.co.uk'],
  [{ website: 'acme.com:8080' }, 'acme.com'],
  [{ website: 'not a site' }, null],
  [{ website: 'localhost' }, null],
  [{ domain: 7 }, null],
  [{}, null],
  [{ domain: `${'a.'.repeat(130)}com` }, null],
])('the domain in %j is %s', (traits, domain) => {
  expect(domainOfTraits(traits)).toBe(domain);
});

test('traits add up in the order of the facts', () => {
  expect(
    foldTraits([{ industry: 'Retail', size: 5 }, { country: 'France' }, { size: null }, 'nonsense']),
  ).toEqual({ industry: 'Retail', country: 'France' });
});
