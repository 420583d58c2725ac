import { valueAt } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { unreachable } from '../unreachable.ts';
import { optedOutField } from './consent.ts';

/** Why a letter does not go to a contact. */
export const REFUSALS = [
  'opted_out',
  'bounced',
  'no_address',
  'invalid_address',
  'disqualified',
  'unknown_contact',
  'no_template',
  'cannot_render',
  'not_accepted',
  'not_set_up',
  'gave_up',
] as const;
export type LetterRefusal = (typeof REFUSALS)[number];

/** Who a letter would go to. */
interface Addressee {
  /** The address by which the contact is known; null for none. */
  readonly email: string | null;
  /** What is known of the contact. */
  readonly contact: Bag;
  readonly isOptedOut: boolean;
  readonly isBounced: boolean;
  readonly isDisqualified: boolean;
}

/**
 * Why no letter may go to a contact; null when one may. A field of the profile by which another tool says that it wants no
 * mail counts as an opt-out.
 *
 * @example whyNoLetter({ email: null, contact: {}, isOptedOut: false, isBounced: false, isDisqualified: false }) // 'no_address'
 */
export function whyNoLetter(of: Addressee): LetterRefusal | null {
  const { email, contact } = of;
  if (of.isOptedOut || optedOutField(contact) !== null) return 'opted_out';
  if (of.isDisqualified) return 'disqualified';
  if (email === null) return 'no_address';
  const kind = valueAt(contact, ['emailKind']);
  if (kind === 'invalid' || kind === 'disposable' || !MAILABLE.test(email)) return 'invalid_address';
  return of.isBounced ? 'bounced' : null;
}

/** An address that can stand in a header as it is. */
const MAILABLE = /^[^\s@<>,;:"()[\]\\\p{Cc}]{1,64}@[^\s@<>,;:"()[\]\\\p{Cc}]{1,255}$/u;

/** Says why a letter was not sent. @example refusalWords('opted_out') // 'They want no mail from us' */
export function refusalWords(because: LetterRefusal): string {
  switch (because) {
    case 'opted_out':
      return 'They want no mail from us';
    case 'bounced':
      return 'Mail to their address came back';
    case 'no_address':
      return 'No e-mail address is known';
    case 'invalid_address':
      return 'Their e-mail address is not valid, or is a throw-away one';
    case 'disqualified':
      return 'They are disqualified';
    case 'unknown_contact':
      return 'The contact is gone';
    case 'no_template':
      return 'The agreement has no such template';
    case 'cannot_render':
      return 'The template could not be filled in';
    case 'not_accepted':
      return 'Their mail server did not take it';
    case 'not_set_up':
      return 'Mail is not set up';
    case 'gave_up':
      return 'It could not be sent for days';
    default:
      return unreachable(because);
  }
}

/** Reads a stored reason; null for one that this version does not know. @example readRefusal('bounced') // 'bounced' */
export function readRefusal(stored: string | null): LetterRefusal | null {
  return REFUSALS.find(known => known === stored) ?? null;
}
