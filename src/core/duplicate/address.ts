import { emailDomain, normaliseEmail } from '../contact/email.ts';
import { mistypes } from './distance.ts';

/** An e-mail address taken apart; all lower case. */
export interface Address {
  readonly text: string;
  /** What stands before the `@`, without the dots and the tag that many mail servers pass over. */
  readonly skeleton: string;
  readonly hasTag: boolean;
  readonly domain: string;
  /** Whether anybody can have a mailbox there. */
  readonly isFree: boolean;
}

/** The longest address that mail servers take (RFC 5321). */
const MAX_ADDRESS = 254;
/**
 * Mail services that people mean when they mistype one: those with the most mailboxes. The lists of free mail services name
 * their misspellings as services of their own, since somebody lives on each.
 */
const WELL_KNOWN = new Set(
  (
    'gmail.com ymail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.ca yahoo.com.br yahoo.co.in ' +
    'hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es outlook.com outlook.de outlook.fr live.com ' +
    'live.co.uk msn.com icloud.com me.com mac.com aol.com mail.com email.com proton.me protonmail.com gmx.com gmx.net ' +
    'gmx.de gmx.at gmx.ch web.de t-online.de freenet.de orange.fr wanadoo.fr laposte.net free.fr libero.it mail.ru ' +
    'yandex.ru yandex.com qq.com 163.com 126.com naver.com daum.net fastmail.com zoho.com comcast.net bol.com.br uol.com.br'
  ).split(' '),
);
/** Two names of one mail service. */
const SAME_SERVICE: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

/**
 * Takes an address apart; null when it is not an address.
 *
 * @example readAddress('Ann.Lee+trial@Acme.com', false)?.skeleton // 'annlee'
 */
export function readAddress(email: string, isFree: boolean): Address | null {
  const text = normaliseEmail(email);
  const domain = text.length > MAX_ADDRESS ? null : emailDomain(text);
  // NUL and the like are in no address, and no database holds them.
  if (domain === null || /\p{Cc}/u.test(text)) return null;
  const local = text.slice(0, text.lastIndexOf('@'));
  const tagAt = local.indexOf('+', 1);
  const untagged = tagAt === -1 ? local : local.slice(0, tagAt);
  const skeleton = untagged.replaceAll('.', '');
  if (skeleton === '') return null;
  return { text, skeleton, hasTag: tagAt !== -1, domain: SAME_SERVICE[domain] ?? domain, isFree };
}

/** Mailboxes of an office, which exist at every company. */
const OFFICES = new Set(
  (
    'info sales contact admin support office hello mail marketing team service help test webmaster hr jobs accounts billing ' +
    'finance enquiries inquiries noreply postmaster'
  ).split(' '),
);
/** Shorter names of mailboxes are those of many people. */
const MIN_TELLING = 5;

/** Whether the part before the `@` is likely one person's, whatever the domain. */
export function isTelling({ skeleton }: Address): boolean {
  return skeleton.length >= MIN_TELLING && !OFFICES.has(skeleton);
}

/** How two addresses are alike: how sure that makes that both are one person's, from 0 to 1, and in what words. */
interface AddressLikeness {
  readonly kind: 'email' | 'email_typo';
  readonly score: number;
  readonly words: string;
}

/** Gmail delivers to a mailbox wherever the dots stand; elsewhere dots may tell two people apart, and rarely do. */
const DOTLESS = 'gmail.com';
const SURE = {
  same: 1,
  tag: 0.95,
  dotless: 0.95,
  dots: 0.85,
  typoOfService: 0.9,
  typo: 0.75,
  ending: 0.8,
} as const;

/**
 * Tells how two addresses are alike: but for dots, a plus-tag or a typo in the domain. Null when they are not. Two free
 * mail services are two services, however alike their names, unless everybody knows one of them and nobody the other.
 */
export function likenessOfAddresses(a: Address, b: Address): AddressLikeness | null {
  if (a.text === b.text) return { kind: 'email', score: SURE.same, words: 'same address' };
  if (a.skeleton !== b.skeleton) return null;
  if (a.domain === b.domain) return likenessOfLocals(a, b);
  const areServices = a.isFree && b.isFree;
  if (!isTelling(a) || (areServices && WELL_KNOWN.has(a.domain) === WELL_KNOWN.has(b.domain))) return null;
  const isService = a.isFree || b.isFree;
  if (!areServices && labelOf(a.domain) === labelOf(b.domain)) {
    const score = isService ? SURE.typoOfService : SURE.ending;
    return { kind: 'email_typo', score, words: 'same address but for the ending of the domain' };
  }
  const wrong = mistypes(a.domain, b.domain);
  if (wrong > allowedMistypes(a.domain, b.domain)) return null;
  const score = isService ? SURE.typoOfService : SURE.typo;
  return { kind: 'email_typo', score, words: 'same address but for what may be a typo in the domain' };
}

function likenessOfLocals(a: Address, b: Address): AddressLikeness {
  const [left, right] = [untaggedOf(a), untaggedOf(b)];
  const hasTags = a.hasTag || b.hasTag;
  if (left === right) {
    const words = hasTags
      ? 'same address but for a plus-tag'
      : 'same address but for the name of the mail service';
    return { kind: 'email', score: SURE.tag, words };
  }
  const words = hasTags ? 'same address but for dots and a plus-tag' : 'same address but for dots';
  return { kind: 'email', score: a.domain === DOTLESS ? SURE.dotless : SURE.dots, words };
}

function untaggedOf({ text, hasTag }: Address): string {
  const local = text.slice(0, text.lastIndexOf('@'));
  return hasTag ? local.slice(0, local.indexOf('+', 1)) : local;
}

/** What stands first in a domain. */
function labelOf(domain: string): string {
  return domain.slice(0, domain.indexOf('.'));
}

/** In a short domain one other letter makes another company; in a long one two are still a slip. */
function allowedMistypes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  return length < 7 ? 0 : length < 12 ? 1 : 2;
}
