import { read } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { type Refused, refuse } from '../problem.ts';

/** What tools call the field that says somebody wants no mail, without signs and in lower case. */
const OPT_OUTS = new Set([
  'unsubscribed',
  'emailoptout',
  'emailoptedout',
  'optedout',
  'optout',
  'hasoptedoutofemail',
  'hsemailoptout',
  'donotemail',
  'donotmail',
  'emailunsubscribed',
  'unsubscribedfromemails',
  'unsubscribedfromallemail',
  'marketingoptout',
]);

/**
 * The field of a profile by which somebody, or a tool, says that they want no mail (`unsubscribed`, `emailOptOut`, HubSpot's
 * `hs_email_optout`, Salesforce's `HasOptedOutOfEmail`, …); null where none does.
 *
 * @example optedOutField({ hs_email_optout: 'true' }) // 'hs_email_optout'
 * @example optedOutField({ unsubscribed: false }) // null
 */
export function optedOutField(contact: Bag): string | null {
  for (const [name, value] of Object.entries(contact)) {
    if (!OPT_OUTS.has(name.toLowerCase().replace(/[^a-z]/g, ''))) continue;
    const { bool, number, text } = read(value);
    if (bool === true || number === 1 || (text !== null && YES.has(text))) return name;
  }
  return null;
}

const YES = new Set(['yes', 'y', 'true', '1', 'on', 'opted out', 'unsubscribed']);

/** What keeps mail from a contact until somebody takes it back. */
export const STOPS = ['opted_out', 'bounced'] as const;
export type StopKind = (typeof STOPS)[number];

/** What keeps mail from a contact now; `field` is the one of its profile that says so, null for none. */
interface Stopped {
  readonly isOptedOut: boolean;
  readonly isBounced: boolean;
  readonly field: string | null;
}

/**
 * Checks that mail to a contact can be stopped: it is not yet.
 *
 * @example checkStopping({ isOptedOut: false, isBounced: true, field: null }) // null
 */
export function checkStopping({ isOptedOut, field }: Stopped): Refused | null {
  return isOptedOut || field !== null ? refuse('conflict', 'mail to this contact is stopped already') : null;
}

/**
 * Checks that what keeps mail from a contact can be taken back: it is there, and the profile says nothing else.
 *
 * @example checkAllowing('bounced', { isOptedOut: false, isBounced: true, field: null }) // null
 */
export function checkAllowing(kind: StopKind, { isOptedOut, isBounced, field }: Stopped): Refused | null {
  if (kind === 'bounced')
    return isBounced ? null : refuse('conflict', 'no mail to the address of this contact came back');
  if (isOptedOut) return null;
  return field === null
    ? refuse('conflict', 'this contact has not opted out')
    : refuse(
        'conflict',
        `the profile says that they want no mail (${field}); correct it where it comes from`,
      );
}
