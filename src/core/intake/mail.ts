import { valueAt } from '../condition/reading.ts';
import { textIn } from '../contact/profile.ts';
import { normaliseText } from '../text/normalise.ts';

/** What an event says of a mail. Detection looks at the first four; the others are known so that nobody adds them as such. */
export const MAIL_KINDS = ['sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** A name that a workspace uses for events of a mail. */
export interface MailName {
  readonly name: string;
  readonly kind: MailKind;
}

/** Which events are of mails. */
export interface MailBook {
  /** What an event of this name, as names compare, says of a mail; null for other events. */
  readonly kindOf: (nameKey: string) => MailKind | null;
  /** Whether detection looks at events of this name, as names compare. */
  readonly isWatched: (nameKey: string) => boolean;
  /** The names of all events that detection looks at, as names compare. */
  readonly watched: readonly string[];
}

/** The words for a mail in the names of events, and after them or before them those for what became of it. */
const MAILS = ['email', 'e-mail', 'mail', 'newsletter', 'marketing email'];
const BECAME: Readonly<
  Record<MailKind, { readonly after: readonly string[]; readonly before: readonly string[] }>
> = {
  sent: { after: ['sent', 'send', 'processed'], before: ['sent', 'send'] },
  delivered: { after: ['delivered', 'delivery', 'received'], before: ['delivered', 'received'] },
  opened: {
    after: ['opened', 'open', 'read', 'viewed', 'first opened'],
    before: ['opened', 'open', 'read', 'viewed'],
  },
  clicked: {
    after: [
      'link clicked',
      'clicked',
      'click',
      'link click',
      'clicked link',
      'first clicked',
      'tracker click',
    ],
    before: ['clicked', 'click', 'clicked link in', 'clicked a link in', 'click link in', 'link clicked in'],
  },
  bounced: {
    after: [
      'bounced',
      'bounce',
      'soft bounced',
      'hard bounced',
      'bounced soft',
      'dropped',
      'undeliverable',
      'failed',
    ],
    before: ['bounced', 'dropped'],
  },
  unsubscribed: {
    after: [
      'unsubscribed',
      'unsubscribe',
      'marked as spam',
      'marked spam',
      'complained',
      'complaint',
      'spam report',
    ],
    before: ['unsubscribed from', 'unsubscribe', 'unsubscribed', 'marked as spam'],
  },
};
/** Names that are put together in no such way. */
const OTHERS: readonly MailName[] = [
  { name: 'unsubscribed', kind: 'unsubscribed' },
  { name: 'unsubscribe', kind: 'unsubscribed' },
  { name: 'marked email as spam', kind: 'unsubscribed' },
];

/**
 * The names of events of mails: those of the Segment e-mail spec (Email Delivered, Email Opened, Email Link Clicked, …),
 * and those by which the common tools send the same (Clicked Email of Klaviyo, Open Email of Marketo, Email Click of Pardot,
 * …), also with `_` or `.` for the space.
 */
const NAMES: ReadonlyMap<string, MailKind> = new Map(
  MAIL_KINDS.flatMap(kind => {
    const { after, before } = BECAME[kind];
    const names = MAILS.flatMap(mail => [
      ...after.map(word => `${mail} ${word}`),
      ...before.map(word => `${word} ${mail}`),
    ]);
    const own = OTHERS.filter(other => other.kind === kind).map(({ name }) => name);
    return [...names, ...own].flatMap(name => spellings(name).map(spelling => [spelling, kind] as const));
  }),
);

/** Programs write some names without spaces: `email_opened`, `email.opened`. */
function spellings(name: string): readonly string[] {
  if (!/\bemail\b/.test(name)) return [name];
  const joined = name.replaceAll(/[ -]/g, '_');
  return [name, joined, joined.replace('_', '.')];
}

/** The names that Baton knows by itself. */
export const MAIL_BOOK: MailBook = mailBook([]);

/**
 * The book of mails with the names that a workspace adds; they go before those that are known anyway.
 *
 * @example mailBook([{ name: 'Nudge Tapped', kind: 'clicked' }]).kindOf('nudge tapped') // 'clicked'
 */
export function mailBook(added: readonly MailName[]): MailBook {
  const own = new Map(added.map(({ name, kind }) => [normaliseText(name), kind]));
  const kindOf = (nameKey: string) => own.get(nameKey) ?? NAMES.get(nameKey) ?? null;
  const isWatched = (nameKey: string) => {
    const kind = kindOf(nameKey);
    return isSending(kind) || isFollowed(kind);
  };
  const names = [...new Set([...NAMES.keys(), ...own.keys()])];
  return { kindOf, isWatched, watched: names.filter(isWatched) };
}

/** Whether an event says that a mail left or arrived. */
export function isSending(kind: MailKind | null): kind is 'sent' | 'delivered' {
  return kind === 'sent' || kind === 'delivered';
}

/** Whether an event says that a mail was opened or a link of it followed: what machines do, too. */
export function isFollowed(kind: MailKind | null): kind is 'opened' | 'clicked' {
  return kind === 'opened' || kind === 'clicked';
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
