import { hasSlip, isOneCompanyName } from './likeness.ts';
import { companyWords } from './word.ts';

/** How many differently named companies one group id may stand for: one that was renamed, with those who know the old name. */
const MOST_NAMED = 2;
/** How many companies one group id may stand for where only the addresses of their people tell: a group has many domains. */
const MOST_FIRMS = 5;
/** Over how long they are counted, in milliseconds: a week. A company that is renamed is not renamed again within one. */
export const FIRMS_WITHIN_MS = 7 * 86_400_000;
/** How many names of one group id are kept over that time. */
const MOST_KEPT = 20;

/** What a group call says: of which contact, how its company is called, and the domain of its business address. */
export interface FirmSaid {
  readonly contactId: string;
  readonly name: string | null;
  readonly domain: string | null;
}

/** One company as group calls speak of it: what was said first, and by what else it is known. */
interface Firm {
  readonly first: FirmSaid;
  readonly isNamed: boolean;
}

interface Draft {
  readonly first: FirmSaid;
  readonly contactIds: Set<string>;
  readonly domains: Set<string>;
  /** Each name once by where it was said. */
  readonly names: Map<string, Named>;
}

/**
 * Tells companies apart by what group calls with one id say, in their order: one domain is one company, one name is, and so is
 * what is said of one contact. What names neither company nor domain says nothing. No more companies are told apart than matter.
 *
 * @example firmsOf([{ contactId: 'a', name: 'Acme', domain: null }, { contactId: 'b', name: 'Acme Ltd', domain: null }]).length // 1
 */
export function firmsOf(said: readonly FirmSaid[]): readonly Firm[] {
  const firms: Draft[] = [];
  for (const one of said) {
    const { contactId, name, domain } = one;
    if ((name === null && domain === null) || firms.length > MOST_KEPT) continue;
    const words = companyWords(name ?? '');
    const found =
      firms.find(({ domains }) => domain !== null && domains.has(domain)) ??
      firms.find(({ names }) => [...names.values()].some(known => isOneName(known, { words, domain }))) ??
      firms.find(({ contactIds }) => contactIds.has(contactId));
    const firm = found ?? { first: one, contactIds: new Set(), domains: new Set(), names: new Map() };
    if (found === undefined) firms.push(firm);
    firm.contactIds.add(contactId);
    if (domain !== null) firm.domains.add(domain);
    if (words.length > 0 && firm.names.size < MOST_KEPT)
      firm.names.set(`${words.join(' ')}\u0000${domain ?? ''}`, { words, domain });
  }
  return firms.map(({ first, names }) => ({ first, isNamed: names.size > 0 }));
}

interface Named {
  readonly words: readonly string[];
  readonly domain: string | null;
}

/** Numbers tell companies apart however alike the rest is; where both have a domain of their own, so does a letter. */
function isOneName(a: Named, b: Named): boolean {
  if (numbersIn(a.words) !== numbersIn(b.words)) return false;
  const mayHaveSlip = a.domain === null || b.domain === null;
  return isOneCompanyName(a.words, b.words) || (mayHaveSlip && hasSlip(a.words, b.words));
}

function numbersIn(words: readonly string[]): string {
  return words
    .join(' ')
    .replace(/[^\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Whether a group id that stands for these companies links nobody: more than two with different names, or more than five.
 *
 * @example standsForMany(firmsOf([])) // false
 */
export function standsForMany(firms: readonly Firm[]): boolean {
  return firms.filter(({ isNamed }) => isNamed).length > MOST_NAMED || firms.length > MOST_FIRMS;
}

/**
 * The text by which what was said of a company is kept: its name as companies are compared, else the domain.
 *
 * @example firmKey({ name: 'The Acme Co., Ltd.', domain: null }) // 'acme'
 */
export function firmKey({ name, domain }: Pick<FirmSaid, 'name' | 'domain'>): string {
  const words = companyWords(name ?? '').join(' ');
  return words === '' ? `@${domain ?? ''}` : words;
}

/**
 * What is to be kept of what is said now, beside what is known: each name once, and no more than enough.
 *
 * @example newlySaid([{ contactId: 'a', name: 'Acme', domain: null }], []).length // 1
 */
export function newlySaid(now: readonly FirmSaid[], known: readonly FirmSaid[]): readonly FirmSaid[] {
  const keys = new Set(known.map(firmKey));
  const fresh: FirmSaid[] = [];
  for (const said of now) {
    const key = firmKey(said);
    if ((said.name === null && said.domain === null) || keys.has(key) || keys.size >= MOST_KEPT) continue;
    keys.add(key);
    fresh.push(said);
  }
  return fresh;
}
