import { valueAt } from '../condition/reading.ts';
import { textIn } from '../contact/profile.ts';

/** What an event says of a mail; others say nothing. The names are those of the Segment e-mail spec, in lower case. */
type MailPart = 'sent' | 'opened' | 'clicked';

const PARTS: ReadonlyMap<string, MailPart> = new Map([
  ['email sent', 'sent'],
  ['email delivered', 'sent'],
  ['email opened', 'opened'],
  ['email link clicked', 'clicked'],
]);

/** The names of all events of mails. */
export const MAIL_NAMES: readonly string[] = [...PARTS.keys()];

/**
 * What an event of this name, as names compare, says of a mail; null for other events.
 *
 * @example mailPart('email link clicked') // 'clicked'
 */
export function mailPart(nameKey: string): MailPart | null {
  return PARTS.get(nameKey) ?? null;
}

/** An event's properties and context, as far as they say which mail it is about. */
interface Said {
  readonly properties: unknown;
  readonly context: unknown;
}

const MAIL_IDS = ['email_id', 'emailId', 'message_id', 'messageId', 'mail_id', 'mailId'] as const;
const CAMPAIGN_IDS = ['campaign_id', 'campaignId', 'campaign_name', 'campaignName', 'campaign'] as const;
const LINK_IDS = ['link_url', 'linkUrl', 'url', 'href', 'link', 'link_id', 'linkId'] as const;

/**
 * Whether two events may be about the same mail: they are, unless both name the mail or the campaign and differ.
 */
export function isSameMail(a: Said, b: Said): boolean {
  return [mailOf, campaignOf].every(of => {
    const [one, other] = [of(a), of(b)];
    return one === null || other === null || one === other;
  });
}

function mailOf({ properties }: Said): string | null {
  return firstText(properties, MAIL_IDS);
}

function campaignOf({ properties, context }: Said): string | null {
  return firstText(properties, CAMPAIGN_IDS) ?? textIn(valueAt(context, ['campaign', 'name']));
}

/** Which link of a mail was followed; null where the event does not say. */
export function linkOf({ properties }: Said): string | null {
  return firstText(properties, LINK_IDS);
}

function firstText(properties: unknown, names: readonly string[]): string | null {
  for (const name of names) {
    const text = textIn(valueAt(properties, [name]));
    if (text !== null) return text;
  }
  return null;
}
