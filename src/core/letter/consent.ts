import { read } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';

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
