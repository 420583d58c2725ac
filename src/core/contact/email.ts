import punycode from 'punycode.js';
import { read } from '../condition/reading.ts';

const ADDRESS = /^[^\s@]+@([^\s@.]+(?:\.[^\s@.]+)+)$/;
/** What needs no reading: nearly all addresses. */
const PLAIN = /^[a-z0-9][a-z0-9._+-]*@(?!.*xn--)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

type EmailKind = 'business' | 'free' | 'disposable' | 'invalid';

/** Decides what kind of mailbox a domain gives; the lists behind it are data handed in. */
export type KindOfDomain = (domain: string) => Exclude<EmailKind, 'invalid'>;

/** What is learned from an e-mail address, kept with it as a fact. */
interface EmailFacts {
  readonly emailDomain?: string;
  readonly emailKind?: EmailKind;
}

/**
 * What an address says about its owner; nothing at all without an address. The domain of an invalid one is missing.
 *
 * @example emailFacts(' Ann@Acme.com ', () => 'business') // { emailDomain: 'acme.com', emailKind: 'business' }
 */
export function emailFacts(email: unknown, kindOf: KindOfDomain): EmailFacts {
  if (read(email).missing) return {};
  const domain = typeof email === 'string' ? emailDomain(email) : null;
  return domain === null ? { emailKind: 'invalid' } : { emailDomain: domain, emailKind: kindOf(domain) };
}

/** The domain of a valid address, lower case; null when the address is not valid. */
export function emailDomain(email: string): string | null {
  const address = addressIn(email);
  return address === null ? null : address.slice(address.lastIndexOf('@') + 1);
}

/**
 * The form in which addresses are compared: the address that a value holds, else the value trimmed and in lower case.
 *
 * @example normaliseEmail('Ann Lee <Ann@Acme.com>') // 'ann@acme.com'
 */
export function normaliseEmail(email: string): string {
  return addressIn(email) ?? email.trim().toLowerCase();
}

/** The longest value that is read; of a longer one only whether it is an address as it stands. */
const MAX_READ = 1_000;
const OPENING = /^[\s"'`´“”„‟‘’‚«»<>()[\]{}]+/u;
const CLOSING = /[\s"'`´“”„‟‘’‚«»<>()[\]{}.,;:!?]+$/u;
const SCHEME = /^(?:mailto|smtp|e-?mail)\s*:\s*/;
/** A comma where a dot was meant: what stands before it is not the whole domain. */
const COMMA_IN_DOMAIN = /@[^\s@,;]*,[^\s@,;]+(?=$|[\s,;])/;
/** What stands between two addresses that are parted by space alone. */
const BETWEEN = /[\s/|&]+(?:(?:and|or|und|oder|et|ou|y|o|e)\s+)?/;
/** What is in no domain, though the shape of an address allows it. */
const NO_DOMAIN = /[,;:<>()[\]{}"'`|\\/]/;

/**
 * The address in a value as people and programs write it, lower case: in brackets after a name, with `mailto:`, with signs
 * around it or a dot at its end, with spaces around its `@`, in full width, with invisible characters, as the first of
 * several. A domain in punycode is read as what it stands for. Null where none can be read for sure.
 *
 * @example addressIn('Ann Lee <ann@acme.com>.') // 'ann@acme.com'
 */
export function addressIn(value: string): string | null {
  const plain = value.trim().toLowerCase();
  if (PLAIN.test(plain)) return plain;
  if (value.length > MAX_READ) return ADDRESS.test(plain) ? plain : null;
  const visible = value.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const text = visible
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll('。', '.')
    .toLowerCase();
  const bracketed = [...text.matchAll(/<([^<>]*)(?:>|$)/g)].flatMap(match => match[1] ?? []);
  for (const part of bracketed) {
    const address = wholeAddress(part);
    if (address !== null) return address;
  }
  const told = text.replace(/\([^()@]*\)/g, ' ').trim();
  if (COMMA_IN_DOMAIN.test(told)) return null;
  for (const part of told.split(/[;,]|\]\(/)) {
    const address = wholeAddress(part) ?? firstOfSeveral(part);
    if (address !== null) return address;
  }
  return null;
}

/** Two addresses parted by space are two; a space in one is a slip, and which half was meant nobody knows. */
function firstOfSeveral(part: string): string | null {
  const all = part.trim().split(BETWEEN).map(wholeAddress);
  return all.length > 1 && !all.includes(null) ? (all[0] ?? null) : null;
}

function wholeAddress(part: string): string | null {
  const bare = part.replace(OPENING, '').replace(CLOSING, '');
  const isLink = SCHEME.test(bare);
  const link = isLink ? bare.replace(SCHEME, '').replace(/\?.*$/, '').replaceAll('%40', '@') : bare;
  const told = link
    .replace(OPENING, '')
    .replace(CLOSING, '')
    .replace(/\s*@\s*/g, '@');
  const at = told.lastIndexOf('@');
  const text = `${told.slice(0, at + 1)}${told.slice(at + 1).replace(/\s*\.\s*/g, '.')}`;
  const domain = ADDRESS.exec(text)?.[1];
  if (domain === undefined || NO_DOMAIN.test(domain)) return null;
  return `${text.slice(0, at + 1)}${unicodeDomain(domain)}`;
}

/** A domain as people read it; one in false punycode stays as it is. */
function unicodeDomain(domain: string): string {
  if (!domain.includes('xn--')) return domain;
  try {
    const unicode = punycode.toUnicode(domain).normalize('NFKC').toLowerCase();
    return punycode.toASCII(unicode) === domain ? unicode : domain;
  } catch {
    return domain;
  }
}
