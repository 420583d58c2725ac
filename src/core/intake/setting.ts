import type { KindOfDomain } from '../contact/email.ts';
import { type MailBook, type MailName, mailBook } from './mail.ts';

/** What a workspace says of incoming calls. */
export interface IntakeSetting {
  /** How many years back a call may lie. */
  readonly oldestYears: number;
  /** Names of events of mails beside those that Baton knows. */
  readonly mailEvents: readonly MailName[];
  /** Domains whose addresses are free mailboxes, and those whose addresses are not, whatever the lists say. */
  readonly freeDomains: readonly string[];
  readonly businessDomains: readonly string[];
}

/** What holds until a workspace says something else: a client whose clock begins in 1970 is not believed, old history is. */
export const INTAKE_DEFAULT: IntakeSetting = {
  oldestYears: 10,
  mailEvents: [],
  freeDomains: [],
  businessDomains: [],
};

/** What a workspace says of incoming calls, ready to be used. */
export interface IntakeRules {
  readonly oldestYears: number;
  readonly mails: MailBook;
  readonly kindOf: KindOfDomain;
}

/**
 * Compiles what a workspace says; what it corrects goes before the published lists, which `kindOf` reads.
 *
 * @example intakeRules({ ...INTAKE_DEFAULT, freeDomains: ['acme.com'] }, () => 'business').kindOf('acme.com') // 'free'
 */
export function intakeRules(setting: IntakeSetting, kindOf: KindOfDomain): IntakeRules {
  const [free, business] = [new Set(setting.freeDomains), new Set(setting.businessDomains)];
  return {
    oldestYears: setting.oldestYears,
    mails: mailBook(setting.mailEvents),
    kindOf: domain => (business.has(domain) ? 'business' : free.has(domain) ? 'free' : kindOf(domain)),
  };
}

/**
 * The instant that lies so many years before another, in epoch ms.
 *
 * @example yearsBefore(Date.parse('2026-03-01'), 10) // Date.parse('2016-03-01')
 */
export function yearsBefore(at: number, years: number): number {
  const date = new Date(at);
  return date.setUTCFullYear(date.getUTCFullYear() - years);
}
