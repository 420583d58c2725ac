import { type Refused, refuse } from '../problem.ts';
import { type Bag, bagOf } from './bag.ts';
import { setBag, textIn } from './profile.ts';

/** A company as far as telling companies apart needs it. */
export interface Company {
  readonly id: string;
  readonly domain: string | null;
  readonly groupId: string | null;
  /** The domain by which only web pages speak of it; a server's word makes it the domain. */
  readonly claimedDomain: string | null;
}

/**
 * A contact's link to a company: by the domain of a business address that a server said, or a public key claims, or by the
 * id a product gave it.
 */
export type CompanyAsk =
  | { readonly kind: 'domain'; readonly contactId: string; readonly domain: string }
  | { readonly kind: 'claim'; readonly contactId: string; readonly domain: string }
  | {
      readonly kind: 'group';
      readonly contactId: string;
      readonly groupId: string;
      readonly domain: string | null;
    };

interface CompanyBook {
  /** The company that a link leads to; made when it is new. */
  readonly place: (ask: CompanyAsk) => string;
  /** Companies that are new or have learned an id. */
  readonly changed: () => readonly Company[];
}

/**
 * Decides which company each contact belongs to. A group id that is new joins the company the contact belongs to by its
 * address, if that has no id yet, and a domain that is new joins the company of its group; so a product and a mailbox
 * speak of one company, whichever came first. Where both are companies already, the one of the product stays.
 *
 * A claim names no company and changes none: it leads to the company of its domain, else to one of claims alone, which
 * becomes the company of the domain once a server speaks of it. So what servers say ends the same with and without claims;
 * `companyOf` must leave out links by claims.
 */
export function openCompanyBook(known: {
  readonly companies: readonly Company[];
  readonly companyOf: ReadonlyMap<string, string>;
  readonly newId: () => string;
}): CompanyBook {
  const byId = new Map(known.companies.map(company => [company.id, company]));
  const byDomain = new Map(
    known.companies.flatMap(({ id, domain }) => (domain === null ? [] : [[domain, id] as const])),
  );
  const byGroup = new Map(
    known.companies.flatMap(({ id, groupId }) => (groupId === null ? [] : [[groupId, id] as const])),
  );
  const byClaim = new Map(
    known.companies.flatMap(({ id, claimedDomain }) =>
      claimedDomain === null ? [] : [[claimedDomain, id] as const],
    ),
  );
  const companyOf = new Map(known.companyOf);
  const changed = new Set<string>();
  const save = (company: Company): string => {
    byId.set(company.id, company);
    changed.add(company.id);
    if (company.domain !== null) byDomain.set(company.domain, company.id);
    if (company.groupId !== null) byGroup.set(company.groupId, company.id);
    if (company.claimedDomain !== null) byClaim.set(company.claimedDomain, company.id);
    return company.id;
  };
  const make = (named: Omit<Partial<Company>, 'id'>) =>
    save({ id: known.newId(), domain: null, groupId: null, claimedDomain: null, ...named });
  const find = (ask: CompanyAsk): string => {
    if (ask.kind === 'claim')
      return byDomain.get(ask.domain) ?? byClaim.get(ask.domain) ?? make({ claimedDomain: ask.domain });
    if (ask.kind === 'domain') {
      const current = byId.get(companyOf.get(ask.contactId) ?? '');
      const sameDomain = byDomain.get(ask.domain);
      if (sameDomain !== undefined) return current?.domain === null ? current.id : sameDomain;
      if (current?.domain === null) return save({ ...current, domain: ask.domain });
      const claimed = byId.get(byClaim.get(ask.domain) ?? '');
      if (claimed === undefined) return make({ domain: ask.domain });
      byClaim.delete(ask.domain);
      return save({ ...claimed, domain: ask.domain, claimedDomain: null });
    }
    const found = byGroup.get(ask.groupId);
    if (found !== undefined) return found;
    const candidates = [
      ask.domain === null ? undefined : byDomain.get(ask.domain),
      companyOf.get(ask.contactId),
    ];
    for (const id of candidates) {
      const company = id === undefined ? undefined : byId.get(id);
      if (company !== undefined && company.groupId === null)
        return save({ ...company, groupId: ask.groupId });
    }
    const isTaken = ask.domain !== null && byDomain.has(ask.domain);
    return make({ domain: isTaken ? null : ask.domain, groupId: ask.groupId });
  };
  return {
    place: ask => {
      const id = find(ask);
      if (ask.kind !== 'claim') companyOf.set(ask.contactId, id);
      return id;
    },
    changed: () => [...changed].flatMap(id => byId.get(id) ?? []),
  };
}

/** What is known of a company after what servers said of it, in the order of the time it holds from. */
export function foldTraits(facts: readonly unknown[]): Bag {
  return facts.reduce<Bag>((known, traits) => setBag(known, bagOf(traits)), {});
}

/** The longest domain name that DNS knows. */
const MAX_DOMAIN_LENGTH = 253;

/**
 * The domain of a company from its traits: `domain`, or the host of `website` without `www`; null without either.
 *
 * @example domainOfTraits({ website: 'https://www.acme.com/about' }) // 'acme.com'
 */
export function domainOfTraits(traits: Bag): string | null {
  const raw = textIn(traits.domain) ?? textIn(traits.website);
  const host = /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/:?#]|$)/i.exec(raw ?? '')?.[1];
  return host === undefined || host.length > MAX_DOMAIN_LENGTH ? null : host.toLowerCase();
}

/** What is known of a contact's company when a person says what it is called. */
interface KnownCompany {
  /** What was said of it together with the contact. */
  readonly own: Bag;
  /** What the company itself is known by; null for a contact of no company. */
  readonly shared: Bag | null;
  /** Whether a business address of the contact says that it is of this company. */
  readonly isByAddress: boolean;
}

/** What a person's word on a company changes: `isOther` is whether the contact is of another company from then on. */
interface CompanyCorrection {
  readonly isOther: boolean;
  readonly said: Bag;
}

/**
 * What becomes of a contact's company when a person gives its name, or null for none. Another spelling, and another name for
 * the company of a business address, change the name alone. Else it is another company, and what was said of the former one
 * with the contact no longer counts. What a company itself is known by stays as it is.
 *
 * @example correctCompany('Acme', { own: {}, shared: null, isByAddress: true }, Object.is).said // { name: 'Acme' }
 */
export function correctCompany(
  name: string | null,
  { own, shared, isByAddress }: KnownCompany,
  isSame: (a: string, b: string) => boolean,
): CompanyCorrection | Refused {
  const sharedName = shared === null ? null : textIn(shared.name);
  if (sharedName !== null && (name === null || isSame(name, sharedName)))
    return refuse(
      'invalid',
      `Your own software calls this company ${sharedName}, for all its contacts; correct it there, or name another company.`,
      'company',
    );
  const before = sharedName ?? textIn(own.name);
  if (name === null || before === null || isSame(name, before) || (sharedName === null && isByAddress))
    return { isOther: false, said: { name } };
  const gone = Object.fromEntries(Object.keys(own).map(key => [key, null]));
  return { isOther: true, said: { ...gone, name } };
}
