import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bagOf } from '../../src/core/contact/bag.ts';
import { setBag } from '../../src/core/contact/profile.ts';
import type { Database } from '../../src/db/database.ts';
import { DRIVERS } from '../db/opened.ts';
import { AGREEMENT } from './agreement.ts';
import { begin, type Story } from './story.ts';

type Raw = Readonly<Record<string, unknown>>;
const identify = (ids: Raw, traits: Raw = {}, more: Raw = {}) => ({
  type: 'identify',
  ...ids,
  traits,
  ...more,
});
const group = (ids: Raw, groupId: string, traits: Raw = {}) => ({ type: 'group', ...ids, groupId, traits });
const page = (ids: Raw, more: Raw = {}) => ({ type: 'page', ...ids, ...more });
const WEB = { trust: 'public' } as const;

const agreement = {
  ...AGREEMENT,
  rules: [
    ...AGREEMENT.rules,
    { id: 'large', label: 'Large', score: 'fit', points: 30, when: { 'company.employees': { gte: 100 } } },
    { id: 'old', label: 'Old', score: 'fit', points: 5, when: { 'contact.createdAt': { olderThan: '20d' } } },
  ],
};
/** A bag without values that are marked as unverified. */
const keptOf = (bag: Raw, part: string, unverified: readonly string[]) =>
  Object.fromEntries(Object.entries(bag).filter(([key]) => !unverified.includes(`${part}.${key}`)));

const BIGCO = { name: 'BigCo', industry: 'Software', employees: 420 };
const EVIL = { name: 'Evil Corp', industry: 'None', employees: 1 };
const LEADS = [0, 1, 2, 3].map(n => ({ userId: `p${n}` }));

describe.each(DRIVERS)('on $name', driver => {
  let db: Database;
  let story: Story;
  beforeAll(async () => {
    db = await driver.open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    story = await begin(db, { agreement });
    story.at('2026-03-02T10:00:00Z');
  });

  const email = ({ userId }: { readonly userId: string }) => `${userId}@bigco.example`;
  const totals = async () => {
    story.at('2026-03-02T10:00:10Z');
    await story.tick();
    return Promise.all(LEADS.map(async ({ userId }) => (await story.see(userId)).total));
  };
  const takeLeads = () =>
    story.call(LEADS.map(lead => identify(lead, { email: email(lead), company: BIGCO })));
  /** The company that a contact is of, as its scores read it; without what it is claimed to be. */
  const companyOf = async (who: string, without: readonly string[] = []) => {
    const [row] = await story.query(
      { part: 'jsonb', traits: 'jsonb?', domain: 'text?', group_id: 'text?' },
      `select c.company_part as part, k.traits, k.domain, k.group_id
       from contact_identity i join contact c on c.id = i.contact_id left join company k on k.id = c.company_id
       where i.value = $1`,
      who,
    );
    if (row === undefined) throw new Error(`nobody is called ${who}`);
    const { domain, group_id: groupId } = row;
    const part = keptOf(bagOf(row.part), 'company', without);
    return { domain, groupId, traits: setBag(part, bagOf(row.traits)) };
  };

  describe('what a stranger says of a company', () => {
    test.each([
      ['an invented person of its domain', { anonymousId: 'ev' }, 'nobody@bigco.example'],
      ['a lead that it knows by its address', { anonymousId: 'ev' }, 'p1@bigco.example'],
      ['a lead that it knows by its user id', { userId: 'p1' }, undefined],
    ])('changes no score: by %s', async (_name, ids, address) => {
      await takeLeads();
      expect(await totals()).toEqual([50, 50, 50, 50]);
      await story.call(identify(ids, address === undefined ? {} : { email: address }), WEB);
      await story.call(group(ids, 'evil', EVIL), WEB);
      expect(await totals()).toEqual([50, 50, 50, 50]);
      expect(await companyOf('p1')).toMatchObject({ domain: 'bigco.example', traits: BIGCO });
      await story.call(group({ userId: 'p0' }, 'bigco', { plan: 'pro' }));
      expect(await companyOf('p3')).toMatchObject({ groupId: 'bigco', traits: { ...BIGCO, plan: 'pro' } });
      expect(await totals()).toEqual([50, 50, 50, 50]);
    });

    test('raises no score either', async () => {
      const small = { name: 'BigCo', industry: 'Retail', employees: 7 };
      await story.call(LEADS.map(lead => identify(lead, { email: email(lead), company: small })));
      await story.call(
        [
          identify({ userId: 'p0' }, { company: BIGCO, title: 'VP' }),
          group({ userId: 'p1' }, 'good', BIGCO),
          identify({ anonymousId: 'ev' }, { email: 'new@bigco.example' }),
          group({ anonymousId: 'ev' }, 'good', BIGCO),
        ],
        WEB,
      );
      expect(await totals()).toEqual([20, 0, 0, 0]);
      expect((await story.see('p0')).unverified).toEqual(['contact.title']);
    });

    test('is its own view of it, below all that a server says later', async () => {
      await story.call(group({ anonymousId: 'a1' }, 'g1', { industry: 'Software', employees: 500 }), WEB);
      expect((await story.see('a1')).total).toBe(50);
      await story.call(identify({ userId: 'u1', anonymousId: 'a1' }, { company: { employees: 3 } }));
      expect(await companyOf('u1')).toEqual({
        domain: null,
        groupId: null,
        traits: { industry: 'Software', employees: 3 },
      });
      expect((await story.see('u1')).unverified).toEqual(['company.industry']);
      await story.call(group({ userId: 'u2' }, 'g1', { industry: 'Retail' }));
      expect(await story.see('u1')).toMatchObject({ total: 20 });
    });

    test('links nobody that is known, and strangers of one domain to one company', async () => {
      await story.call(group({ userId: 'u1' }, 'bigco', BIGCO));
      await story.call(identify({ userId: 'u1' }, { email: 'u1@bigco.example' }));
      await story.call(identify({ userId: 'u2' }, { title: 'Clerk' }));
      await story.call(identify({ userId: 'u2' }, { email: 'u2@bigco.example' }), WEB);
      await story.call(identify({ anonymousId: 'a1' }, { email: 'a1@bigco.example' }), WEB);
      await story.call(identify({ anonymousId: 'a2' }, { email: 'a2@other.example' }), WEB);
      await story.call(identify({ anonymousId: 'a3' }, { email: 'a3@other.example' }), WEB);
      expect(await companyOf('u2')).toEqual({ domain: null, groupId: null, traits: {} });
      expect(await companyOf('a1')).toMatchObject({ groupId: 'bigco', traits: BIGCO });
      expect(await story.count('company')).toBe(2);
      await story.call(identify({ userId: 'u3' }, { email: 'u3@other.example' }));
      expect(await companyOf('a2')).toMatchObject({ domain: 'other.example' });
      expect(await story.count('company')).toBe(2);
    });

    test('takes no domain from the account that a server says it belongs to', async () => {
      await story.call(identify({ anonymousId: 'ev' }, { email: 'x@bigco.example' }), WEB);
      await story.call(group({ userId: 'u1' }, 'bigco', BIGCO));
      await story.call(identify({ userId: 'u1' }, { email: 'u1@bigco.example' }));
      await story.call(identify({ userId: 'u2' }, { email: 'u2@bigco.example' }));
      expect(await companyOf('u2')).toMatchObject({ groupId: 'bigco', traits: BIGCO });
    });

    test('puts the account of its own contact in nobody else’s place', async () => {
      await takeLeads();
      await story.call(identify({ anonymousId: 'ev' }, { email: 'ev@bigco.example' }), WEB);
      await story.call(group({ userId: 'own', anonymousId: 'ev' }, 'evil', EVIL));
      expect(await totals()).toEqual([50, 50, 50, 50]);
    });
  });

  test('a stranger ages no contact, and stops no call whose id it guesses', async () => {
    await story.call(identify({ userId: 'p0' }, { title: 'VP' }));
    const claim = { timestamp: '1999-01-01T00:00:00Z', messageId: 'order-7' };
    await story.call(page({ userId: 'p0' }, claim), WEB);
    expect((await story.see('p0')).createdAt).toBe('2026-02-23T10:00:00.000Z');
    expect((await story.see('p0')).total).toBe(30);
    await story.call(identify({ userId: 'p0' }, { title: 'Clerk' }, { messageId: 'order-7' }));
    expect((await story.see('p0')).contact).toMatchObject({ title: 'Clerk' });
    await story.call(page({ userId: 'p0' }, claim), WEB);
    expect((await story.see('p0')).events).toBe(1);
  });

  test('a file lands at the person whom a server knows, not at one to whom a stranger gave the address', async () => {
    await story.call(identify({ userId: 'u1', anonymousId: 'a1' }, { title: 'VP' }));
    await story.call(identify({ anonymousId: 'a1' }, { email: 'bob@bigco.example' }), WEB);
    await story.call(identify({}, { email: 'bob@bigco.example', title: 'Clerk' }));
    expect((await story.see('u1')).contact).toMatchObject({ title: 'VP' });
    expect((await story.see('bob@bigco.example')).contact).toMatchObject({ title: 'Clerk' });
    expect(await story.count("journal where kind = 'merged'")).toBe(0);
  });

  test('claims change nothing that servers say, whatever comes first', async () => {
    const user = fc.constantFrom('u1', 'u2', 'u3');
    const address = fc.constantFrom('x@bigco.example', 'y@bigco.example', 'z@other.example', 'f@gmail.com');
    const traits = fc.record(
      {
        title: fc.constantFrom('VP', 'Clerk'),
        email: address,
        company: fc.record(
          { employees: fc.constantFrom(1, 500), name: fc.constantFrom('A', 'B') },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const said = fc.oneof(
      fc.tuple(user, traits).map(([userId, given]) => identify({ userId }, given)),
      fc
        .tuple(user, fc.constantFrom('g1', 'g2'), fc.constantFrom({ employees: 9 }, { industry: 'Software' }))
        .map(([userId, groupId, given]) => group({ userId }, groupId, given)),
    );
    const arrival = fc.record({
      raw: said,
      isClaim: fc.boolean(),
      visitor: fc.constantFrom(null, 'a1', 'a2'),
    });
    const run = async (
      arrivals: readonly { readonly raw: Raw; readonly isClaim: boolean; readonly visitor: string | null }[],
    ) => {
      story = await begin(db, { agreement });
      story.at('2026-03-02T10:00:00Z');
      for (const { raw, isClaim, visitor } of arrivals) {
        const { userId: _userId, ...rest } = raw;
        const call = isClaim && visitor !== null ? { ...rest, anonymousId: visitor } : raw;
        await story.call(call, isClaim ? WEB : {});
      }
      const users = [
        ...new Set(arrivals.flatMap(({ raw, isClaim }) => (isClaim ? [] : [String(raw.userId)]))),
      ];
      return new Map(
        await Promise.all(
          users.map(async who => {
            const { contact, unverified } = await story.see(who);
            const company = await companyOf(who, unverified);
            return [who, { contact: keptOf(bagOf(contact), 'contact', unverified), company }] as const;
          }),
        ),
      );
    };
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 2, maxLength: 8 }), async arrivals => {
        const [known, alone] = [await run(arrivals), await run(arrivals.filter(({ isClaim }) => !isClaim))];
        expect(known).toEqual(alone);
      }),
      { numRuns: driver.name === 'pglite' ? 20 : 5 },
    );
  });
});
