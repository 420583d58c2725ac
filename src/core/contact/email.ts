import { read } from '../condition/reading.ts';

const ADDRESS = /^[^\s@]+@([^\s@.]+(?:\.[^\s@.]+)+)$/;

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
  return ADDRESS.exec(normaliseEmail(email))?.[1] ?? null;
}

/**
 * The form in which addresses are compared: trimmed and lower case.
 *
 * @example normaliseEmail(' Ann@Acme.com ') // 'ann@acme.com'
 */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
