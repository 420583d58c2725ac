import { emailDomain } from '../contact/email.ts';
import { phoneDigits } from '../duplicate/phone.ts';
import type { RoutingReason } from './reason.ts';

/** By what a person may be reached. */
interface ReachableBy {
  readonly email: string | null;
  readonly phone: string | null;
  /** Whether a user id is known, or an address beside the one that is shown. */
  readonly isKnown: boolean;
}

type UnreachableReason = Extract<RoutingReason, { kind: 'unreachable' }>;

/** Whether mail could reach an address. @example isAddress('nonsense') // false */
export function isAddress(email: string | null): boolean {
  return email !== null && emailDomain(email) !== null;
}

/**
 * Why nobody could reach a person; null where somebody could. An address or a phone number that is not valid counts as
 * missing.
 *
 * @example whyUnreachable({ email: 'ann@acme.com', phone: null, isKnown: false }) // null
 */
export function whyUnreachable({ email, phone, isKnown }: ReachableBy): UnreachableReason | null {
  if (isKnown || isAddress(email) || (phone !== null && phoneDigits(phone) !== null)) return null;
  return { kind: 'unreachable', email: stateOf(email), phone: stateOf(phone) };
}

function stateOf(value: string | null) {
  return value === null ? ('missing' as const) : ('invalid' as const);
}
