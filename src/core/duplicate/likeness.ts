import { isObject } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { countryOf } from '../text/country.ts';
import { oneLine } from '../text/safe.ts';
import { type Address, isTelling, likenessOfAddresses, readAddress } from './address.ts';
import { resemblance } from './distance.ts';
import { likenessOfNames } from './name.ts';
import { phoneDigits, phoneKey } from './phone.ts';
import { likenessOfPhones, type WrittenPhone } from './phonenumber.ts';
import { companyWords, foldWord, isEastern, personWords } from './word.ts';

/** What of a contact tells whether it is the same person as another. */
export interface Likeable {
  readonly address: Address | null;
  readonly phones: readonly WrittenPhone[];
  /** The words of the name in the order of the alphabet; none without a name. */
  readonly name: readonly string[];
  readonly fullName: string;
  readonly company: readonly string[];
  readonly companyName: string;
  readonly companyId: string | null;
}

const PHONES = ['phone', 'mobile', 'mobilePhone', 'workPhone', 'phoneNumber'] as const;
/** The longest value that a reason shows. */
const MAX_SHOWN = 80;

/** Reads from a profile what tells people apart; what is not text, or no name, address or number, is passed over. */
export function likeableOf(of: {
  readonly contact: Bag;
  readonly companyPart?: Bag;
  readonly companyName: string | null;
  readonly companyId: string | null;
}): Likeable {
  const { contact, companyPart = {}, companyName, companyId } = of;
  const email = textOf(contact.email);
  const first = textOf(contact.firstName) || textOf(contact.first_name);
  const last = textOf(contact.lastName) || textOf(contact.last_name);
  const fullName = textOf(contact.name) || `${first} ${last}`.trim();
  const country = countryIn(contact) ?? countryIn(companyPart);
  const phones = PHONES.flatMap((field): WrittenPhone[] => {
    const text = textOf(contact[field]);
    const digits = phoneDigits(text);
    return digits === null ? [] : [{ digits, text, country }];
  });
  return {
    address: email === '' ? null : readAddress(email, contact.emailKind === 'free'),
    phones: phones.filter(({ digits }, at) => phones.findIndex(other => other.digits === digits) === at),
    name: personWords(fullName),
    fullName,
    company: companyWords(companyName ?? ''),
    companyName: companyName ?? '',
    companyId,
  };
}

/** The country that a profile or its address names, as an ISO code. */
function countryIn(bag: Bag): string | null {
  const { country, countryCode, country_code: snakeCode, address } = bag;
  const named = [country, countryCode, snakeCode, isObject(address) ? address.country : null];
  for (const text of named.map(textOf)) {
    const code = text === '' ? null : countryOf(text);
    if (code !== null) return code;
  }
  return null;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

/** Something by which contacts find each other: those that are alike enough share one, but for first letters mistyped. */
interface Key {
  readonly kind: 'email' | 'local' | 'phone' | 'person';
  readonly key: string;
}

/** How many letters of a company's first word find it. */
const COMPANY_LETTERS = 4;

/**
 * The keys under which a contact is found by contacts that may be the same person; a visitor without known
 * facts has none.
 *
 * @example keysOf(likeableOf({ contact: { email: 'Ann.Lee+x@acme.com' }, companyName: null, companyId: null }))[0] // { kind: 'email', key: 'annlee@acme.com' }
 */
export function keysOf({ address, phones, name, company }: Likeable): readonly Key[] {
  const keys: Key[] = phones.map(({ digits }) => ({ kind: 'phone', key: phoneKey(digits) }));
  if (address !== null) {
    keys.unshift({ kind: 'email', key: `${address.skeleton}@${address.domain}` });
    if (isTelling(address)) keys.push({ kind: 'local', key: address.skeleton });
  }
  const firm = [...(company[0] ?? '')].slice(0, COMPANY_LETTERS).join('');
  if (firm !== '')
    keys.push(...personKeys(name).map((person): Key => ({ kind: 'person', key: `${firm} ${person}` })));
  const seen = new Set<string>();
  return keys.filter(({ kind, key }) => !seen.has(`${kind} ${key}`) && seen.add(`${kind} ${key}`));
}

/** A name without spaces is found by all of its letters, since nobody knows where one word of it ends. */
function personKeys(name: readonly string[]): readonly string[] {
  if (!isEastern(name)) return initialsOf(name.map(foldWord));
  return isFullName(name) ? [[...name.join('')].sort().join('')] : [];
}

/** One word is a first name, unless it is written without spaces: two signs of Chinese are a name, or three others. */
function isFullName(name: readonly string[]): boolean {
  const [word = ''] = name;
  if (name.length !== 1) return name.length > 1;
  return isEastern(name) && [...word].length >= (/^\p{Script=Han}+$/u.test(word) ? 2 : 3);
}

/** The initials of every two words of a name: one of three words is found by the same name of two. */
function initialsOf(name: readonly string[]): readonly string[] {
  const initials = name.map(word => [...word][0] ?? '');
  return initials.flatMap((letter, at) => initials.slice(at + 1).map(other => letter + other));
}

/** Why two contacts may be one person, in a sentence that a rep understands at once. */
export interface Reason {
  /** `said` is what a person says, who puts two up for review. */
  readonly kind: 'email' | 'email_typo' | 'phone' | 'name_company' | 'said';
  readonly text: string;
}

export interface Likeness {
  /** From 0 to 1: how sure it is that both are one person. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/**
 * From where on two contacts are shown to a person: one good reason is enough (each alone scores 0.7 or more), a shared
 * switchboard with two different names (0.3) is not.
 */
export const LIKENESS_LINE = 0.7;

/** From where on two names are one with a slip in it (Jon Smyth, John Smith: 0.91), and below which they are two people's. */
const SAME_NAME = 0.88;
const OTHER_NAME = 0.75;
/** How sure each finding makes; they add up as independent ones. */
const SURE = {
  phoneAndName: 0.9,
  phoneDigitsAndName: 0.75,
  phone: 0.75,
  phoneUnclear: 0.5,
  phoneOthers: 0.3,
  name: 0.8,
  slip: 0.72,
  slipOthers: 0.5,
} as const;
/** What is left of the likeness of two addresses whose owners have clearly different names. */
const OTHERS = { email: 0.85, email_typo: 0.7 } as const;
/** Short of an equal address nothing is certain. */
const SUREST = 0.99;

type Finding = Reason & { readonly score: number };

/**
 * How alike two contacts are, and why, the strongest reason first. The same either way around; 1 for an equal address.
 */
export function likenessOf(one: Likeable, other: Likeable): Likeness {
  const [a, b] = orderOf(one) <= orderOf(other) ? [one, other] : [other, one];
  const names = likenessOfNames(a.name, b.name);
  const found = [addressFinding(a, b, names), phoneFinding(a, b, names), nameFinding(a, b, names)];
  const findings = found.flatMap(finding => finding ?? []).sort((x, y) => y.score - x.score);
  const doubt = findings.reduce((left, { score }) => left * (1 - score), 1);
  const sure = findings.some(({ score }) => score === 1) ? 1 : Math.min(SUREST, 1 - doubt);
  return {
    score: Math.round(sure * 100) / 100,
    reasons: findings.map(({ kind, text }) => ({ kind, text })),
  };
}

function orderOf({ address, fullName, phones, companyName, companyId }: Likeable): string {
  return JSON.stringify([address?.text ?? '', fullName, phones, companyName, companyId]);
}

function addressFinding(a: Likeable, b: Likeable, names: number | null): Finding | null {
  if (a.address === null || b.address === null) return null;
  const found = likenessOfAddresses(a.address, b.address);
  if (found === null) return null;
  const isOthers = found.score < 1 && names !== null && names < OTHER_NAME;
  const score = isOthers ? found.score * OTHERS[found.kind] : found.score;
  const first = shorter(a.address.text, b.address.text);
  const second = first === a.address.text ? b.address.text : a.address.text;
  const [short, long] = [first, second].map(text => oneLine(text, MAX_SHOWN));
  const text = found.score === 1 ? `${found.words}: ${short}` : `${found.words}: ${short} and ${long}`;
  return { kind: found.kind, score, text };
}

function phoneFinding(a: Likeable, b: Likeable, names: number | null): Finding | null {
  const shared = a.phones.flatMap(phone =>
    b.phones.flatMap(other => {
      const alike = likenessOfPhones(phone, other);
      return alike === null ? [] : [{ alike, text: shorter(phone.text, other.text) }];
    }),
  );
  const found = shared.find(({ alike }) => alike === 'same') ?? shared[0];
  if (found === undefined) return null;
  const number = oneLine(found.text, MAX_SHOWN);
  const say = (score: number, more: string): Finding => ({
    kind: 'phone',
    score,
    text: `same phone number${more}: ${number}`,
  });
  if (found.alike === 'digits') {
    const isNamed = names !== null && names >= SAME_NAME;
    if (isNamed) return say(SURE.phoneDigitsAndName, ', country unknown, and name');
    return say(SURE.phoneOthers, ', country unknown');
  }
  if (names === null) return say(SURE.phone, '');
  if (names >= SAME_NAME) return say(SURE.phoneAndName, ' and name');
  return names >= OTHER_NAME ? say(SURE.phoneUnclear, '') : say(SURE.phoneOthers, ' under different names');
}

function shorter(a: string, b: string): string {
  if (a.length !== b.length) return a.length < b.length ? a : b;
  return a < b ? a : b;
}

function nameFinding(a: Likeable, b: Likeable, names: number | null): Finding | null {
  // Every company has several people of one first name.
  if (names === null || names < SAME_NAME || !isFullName(a.name) || !isFullName(b.name)) return null;
  if (!isSameCompany(a, b)) return null;
  const isEqual = names === 1;
  const [first, second] = [a, b].map(({ fullName }) => oneLine(fullName, MAX_SHOWN)).sort();
  const company = [a, b].map(({ companyName }) => oneLine(companyName, MAX_SHOWN)).sort()[0];
  if (isEqual)
    return { kind: 'name_company', score: SURE.name, text: `same name and company: ${first}, ${company}` };
  const score = haveOwnMailboxes(a, b) ? SURE.slipOthers : SURE.slip;
  return {
    kind: 'name_company',
    score,
    text: `nearly the same name at one company: ${first} and ${second}, ${company}`,
  };
}

/** Two addresses of one company: whose names differ by a letter there are more likely two people. */
function haveOwnMailboxes({ address: a }: Likeable, { address: b }: Likeable): boolean {
  return a !== null && b !== null && !a.isFree && a.domain === b.domain && a.skeleton !== b.skeleton;
}

/** How alike two company names must be to be one, letter by letter. */
const SAME_COMPANY = 0.94;

function isSameCompany(a: Likeable, b: Likeable): boolean {
  if (a.companyId !== null && a.companyId === b.companyId) return true;
  return isOneCompanyName(a.company, b.company) || hasSlip(a.company, b.company);
}

/**
 * Whether the words of two names can be those of one company: "Acme" and "Acme Europe" are one as far as names go; a word that
 * is in most companies' names says nothing alone.
 *
 * @example isOneCompanyName(['acme'], ['acme', 'europe']) // true
 */
export function isOneCompanyName(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.every((word, at) => word === long[at]) && short.join('').length >= COMPANY_LETTERS) return true;
  return short.join('') === long.join('');
}

/**
 * Whether the names of two companies differ by a slip of the pen.
 *
 * @example hasSlip(['nordwind'], ['nordwnid']) // true
 */
export function hasSlip(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  return resemblance(a.join(''), b.join('')) >= SAME_COMPANY;
}
