import { isObject } from '../condition/reading.ts';
import type { Bag } from './bag.ts';
import { fillBag, setBag, textIn } from './profile.ts';

/** A company as far as telling companies apart needs it. */
export interface Company {
  readonly id: string;
  readonly domain: string | null;
  readonly groupId: string | null;
}

/** A contact's link to a company: by the domain of a business address, or by the id a product gave it. */
export type CompanyAsk =
  | {
      readonly kind: 'domain';
      readonly contactId: string;
      readonly domain: string;
      /** Whether the caller may give the domain to a company that has none. */
      readonly mayName: boolean;
    }
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
  const companyOf = new Map(known.companyOf);
  const changed = new Set<string>();
  const save = (company: Company): string => {
    byId.set(company.id, company);
    changed.add(company.id);
    if (company.domain !== null) byDomain.set(company.domain, company.id);
    if (company.groupId !== null) byGroup.set(company.groupId, company.id);
    return company.id;
  };
  const find = (ask: CompanyAsk): string => {
    if (ask.kind === 'domain') {
      const current = byId.get(companyOf.get(ask.contactId) ?? '');
      const sameDomain = byDomain.get(ask.domain);
      if (sameDomain !== undefined) return current?.domain === null ? current.id : sameDomain;
      if (ask.mayName && current?.domain === null) return save({ ...current, domain: ask.domain });
      return save({ id: known.newId(), domain: ask.domain, groupId: null });
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
    return save({ id: known.newId(), domain: isTaken ? null : ask.domain, groupId: ask.groupId });
  };
  return {
    place: ask => {
      const id = find(ask);
      companyOf.set(ask.contactId, id);
      return id;
    },
    changed: () => [...changed].flatMap(id => byId.get(id) ?? []),
  };
}

/** Something said of a company at one time. */
interface CompanyFact {
  readonly mode: 'set' | 'fill';
  readonly traits: unknown;
}

/** What is known of a company after facts in the order of the time they hold from. */
export function foldTraits(facts: readonly CompanyFact[]): Bag {
  return facts.reduce<Bag>((known, { mode, traits }) => {
    const said = isObject(traits) ? traits : {};
    return mode === 'fill' ? fillBag(known, said) : setBag(known, said);
  }, {});
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
