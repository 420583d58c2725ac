import { isObject } from '../condition/reading.ts';
import { normaliseText } from '../text/normalise.ts';
import { isPlaceholderAddress } from '../text/placeholder.ts';
import type { Bag } from './bag.ts';
import { emailFacts, type KindOfDomain, normaliseEmail } from './email.ts';
import { kindNaming } from './provider.ts';

/** What was said of a contact or its company at one time: `set` overwrites, `fill` fills gaps, `replace` is the whole. */
export interface ProfileFact {
  readonly at: number | null;
  readonly messageId: string;
  readonly mode: 'set' | 'fill' | 'replace';
  readonly contact: Bag;
  readonly companyPart: Bag;
  /** The company the contact belongs to from then on; null says nothing about it. */
  readonly companyId: string | null;
}

/**
 * A contact's own profile as of some time. `unverified` names the values only a public key has claimed, inside objects by
 * their path.
 */
export interface ContactProfile {
  /** Whether more than a public key has spoken of the contact: a server, a file, a person. */
  readonly isVouched: boolean;
  readonly contact: Bag;
  readonly companyPart: Bag;
  readonly companyId: string | null;
  readonly unverified: readonly string[];
}

export const EMPTY_PROFILE: ContactProfile = {
  isVouched: false,
  contact: {},
  companyPart: {},
  companyId: null,
  unverified: [],
};

/**
 * Orders facts by the time they hold from. At one time what only names the company comes last: a product that says who
 * belongs to an account knows better than the domain of an address. Ties go by message id, so that no order of arrival
 * can matter.
 */
export function byTime(a: ProfileFact, b: ProfileFact): number {
  const difference = (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  if (isOnlyLink(a) !== isOnlyLink(b)) return isOnlyLink(a) ? 1 : -1;
  return a.messageId < b.messageId ? -1 : a.messageId > b.messageId ? 1 : 0;
}

function isOnlyLink({ contact, companyPart, companyId }: ProfileFact): boolean {
  return companyId !== null && Object.keys(contact).length === 0 && Object.keys(companyPart).length === 0;
}

/**
 * The profile after one more fact. A value given as null is forgotten by `set`; nested objects are merged. A company that
 * was claimed holds until more than a public key speaks of the contact.
 *
 * @example applyFact(EMPTY_PROFILE, { mode: 'fill', contact: { title: 'VP' }, … }).unverified // ['contact.title']
 */
export function applyFact(profile: ContactProfile, fact: ProfileFact): ContactProfile {
  if (fact.mode === 'fill') return fillProfile(profile, fact);
  const { contact, companyPart } = fact;
  const companyId = fact.companyId ?? (profile.isVouched ? profile.companyId : null);
  if (fact.mode === 'replace') return { isVouched: true, contact, companyPart, companyId, unverified: [] };
  const said = [...leavesOf('contact', contact), ...leavesOf('company', companyPart)];
  return {
    isVouched: true,
    contact: setBag(profile.contact, contact),
    companyPart: setBag(profile.companyPart, companyPart),
    companyId,
    unverified: profile.unverified.filter(
      name => !said.some(path => name === path || name.startsWith(`${path}.`)),
    ),
  };
}

function fillProfile(profile: ContactProfile, fact: ProfileFact): ContactProfile {
  const { contact, companyPart, companyId, isVouched } = profile;
  // An address and what it says belong together: a claimed one never mixes with a known one.
  const isOtherAddress = !isGap(contact.email) && !isSameAddress(contact.email, fact.contact.email);
  const saidCompanyId = isOtherAddress && Object.hasOwn(fact.contact, 'email') ? null : fact.companyId;
  const said = isOtherAddress ? withoutEmail(fact.contact) : fact.contact;
  const claimed = [...claims('contact', contact, said), ...claims('company', companyPart, fact.companyPart)];
  return {
    isVouched,
    contact: fillBag(contact, said),
    companyPart: fillBag(companyPart, fact.companyPart),
    companyId: isVouched ? companyId : (companyId ?? saidCompanyId),
    unverified: [...new Set([...profile.unverified, ...claimed])],
  };
}

function isSameAddress(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return normaliseText(normaliseEmail(a)) === normaliseText(normaliseEmail(b));
}

function withoutEmail(contact: Bag): Bag {
  const { email: _email, emailDomain: _domain, emailKind: _kind, ...rest } = contact;
  return rest;
}

/** The paths of the values in a bag; an object without values counts as one. */
function leavesOf(part: string, bag: Bag): readonly string[] {
  return Object.entries(bag).flatMap(([key, value]) => {
    const leaves = isObject(value) ? leavesOf(`${part}.${key}`, value) : [];
    return leaves.length === 0 ? [`${part}.${key}`] : leaves;
  });
}

/** The paths of the values that fill a gap. */
function claims(part: string, known: Bag, said: Bag): readonly string[] {
  return Object.entries(said).flatMap(([key, value]) => {
    const before = known[key];
    if (isObject(before) && isObject(value)) return claims(`${part}.${key}`, before, value);
    return isGap(before) && !isGap(value) ? leavesOf(part, { [key]: value }) : [];
  });
}

/** The bag with each given value set; null takes a value away. */
export function setBag(known: Bag, said: Bag): Bag {
  const next: Record<string, unknown> = { ...known };
  for (const [key, value] of Object.entries(said)) {
    const before = next[key];
    if (value === null) delete next[key];
    else if (value !== undefined)
      next[key] = isObject(before) && isObject(value) ? setBag(before, value) : value;
  }
  return next;
}

/** The bag with gaps filled: what is known stays. */
export function fillBag(known: Bag, said: Bag): Bag {
  const next: Record<string, unknown> = { ...known };
  for (const [key, value] of Object.entries(said)) {
    const before = next[key];
    if (isObject(before) && isObject(value)) next[key] = fillBag(before, value);
    else if (isGap(before) && !isGap(value)) next[key] = value;
  }
  return next;
}

function isGap(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** What `identify` traits say: the company object goes to the company's part, the rest to the contact. */
export function factFromTraits(
  traits: Bag,
  known: {
    readonly at: number | null;
    readonly messageId: string;
    readonly mode: ProfileFact['mode'];
    readonly kindOf: KindOfDomain;
  },
): ProfileFact {
  const { company: _company, ...rest } = traits;
  const companyPart = companyIn(traits);
  const { emailDomain: _domain, emailKind: _kind, createdAt: _createdAt, ...told } = rest;
  // What a broken program makes of a missing address says nothing, and must not take a good one away.
  const { email, ...others } = told;
  const given =
    typeof email === 'string' && email.trim() !== '' && isPlaceholderAddress(email) ? others : told;
  const { emailDomain = null, emailKind = null } = emailFacts(
    given.email,
    kindNaming(known.kindOf, companyPart.name),
  );
  const derived = Object.hasOwn(given, 'email') ? { emailDomain, emailKind } : {};
  return {
    at: known.at,
    messageId: known.messageId,
    mode: known.mode,
    contact: { ...given, ...derived },
    companyPart,
    companyId: null,
  };
}

/** What traits say of the company; its name alone may stand for it. @example companyIn({ company: 'Acme' }) // { name: 'Acme' } */
export function companyIn({ company }: Bag): Bag {
  if (isObject(company)) return company;
  return typeof company === 'string' && company.trim() !== '' ? { name: company } : {};
}

/**
 * The name to show for a contact, from what is known of it.
 *
 * @example displayName({ firstName: 'Ann', lastName: 'Lee' }) // 'Ann Lee'
 */
export function displayName(contact: Bag, fallback = 'Anonymous visitor'): string {
  const first = textIn(contact.firstName) ?? textIn(contact.first_name);
  const last = textIn(contact.lastName) ?? textIn(contact.last_name);
  const full = textIn(contact.name) ?? [first, last].filter(part => part !== null).join(' ');
  if (full !== '') return full.slice(0, 200);
  const email = textIn(contact.email);
  return (email === null ? fallback : normaliseEmail(email)).slice(0, 200);
}

/** A value as trimmed text; null when it is neither text nor a number, or is blank. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A profile as it stands at one time: free-form properties of the contact and its company. */
export interface Profile {
  readonly contact: unknown;
  readonly company: unknown;
}

/** A whole profile from `at` on; `at` null is from the beginning. Epoch ms. */
export interface ProfileVersion extends Profile {
  readonly at: number | null;
}
