import { emailDomain } from '../contact/email.ts';
import { phoneDigits } from '../duplicate/phone.ts';
import { listed } from '../text/number.ts';

/** By what a person may be reached. */
interface ReachableBy {
  readonly email: string | null;
  readonly phone: string | null;
  /** Whether a user id is known, or an address beside the one that is shown. */
  readonly isKnown: boolean;
}

/** Whether mail could reach an address. @example isAddress('nonsense') // false */
export function isAddress(email: string | null): boolean {
  return email !== null && emailDomain(email) !== null;
}

/**
 * Why nobody could reach a person, in a sentence; null where somebody could. An address that is not valid and a phone
 * number that is none count as missing.
 *
 * @example whyUnreachable({ email: 'ann@acme.com', phone: null, isKnown: false }) // null
 */
export function whyUnreachable({ email, phone, isKnown }: ReachableBy): string | null {
  if (isKnown || isAddress(email) || (phone !== null && phoneDigits(phone) !== null)) return null;
  const wrong = [
    ...(email === null ? [] : ['the e-mail is not a valid address']),
    ...(phone === null ? [] : ['the phone number is none']),
  ];
  const unknown = [
    ...(email === null ? ['no e-mail address'] : []),
    ...(phone === null ? ['no phone number'] : []),
    'no user id',
  ];
  return `Nobody could reach them: ${[...wrong, `${listed(unknown, 'and')} is known`].join('; ')}.`;
}
