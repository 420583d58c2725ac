import type { Happening } from '../condition/event.ts';
import { valueAt } from '../condition/reading.ts';
import { addressIn } from '../contact/email.ts';
import { textIn } from '../contact/profile.ts';
import { MAIL_BOOK } from '../intake/mail.ts';
import { normaliseText } from '../text/normalise.ts';

/** What an event says of mail to a contact, and of which address, if it names one. */
export interface MailSign {
  readonly kind: 'opted_out' | 'bounced' | 'replied';
  readonly address: string | null;
}

/** How mail tools call an answer. */
const REPLIES = new Set(
  ['email replied', 'email reply', 'email reply received', 'replied to email', 'reply received'].flatMap(
    name => [name, name.replaceAll(' ', '_')],
  ),
);
/** What a bounce is called that may pass. */
const SOFT = /soft|transient|temporary|deferred|block/i;
const ADDRESSES = ['email', 'email_address', 'emailAddress', 'recipient', 'to'] as const;

/**
 * What an event says of mail to its contact: those of the Segment e-mail spec (Email Bounced, Email Marked as Spam,
 * Unsubscribed) and the names by which the common tools send the same. Null for others, and for a bounce that may pass.
 *
 * @example mailSign({ at: 0, name: 'Email Bounced', properties: { email: 'A@b.co' }, context: {} }) // { kind: 'bounced', address: 'a@b.co' }
 */
export function mailSign({ name, properties }: Happening): MailSign | null {
  const key = normaliseText(name);
  const address = addressOf(properties);
  if (REPLIES.has(key)) return { kind: 'replied', address };
  switch (MAIL_BOOK.kindOf(key)) {
    case 'unsubscribed':
      return { kind: 'opted_out', address };
    case 'bounced': {
      const types = ['type', 'bounce_type', 'bounceType', 'category'].map(field =>
        textIn(valueAt(properties, [field])),
      );
      const isSoft = [key, ...types].some(text => text !== null && SOFT.test(text));
      return isSoft ? null : { kind: 'bounced', address };
    }
    default:
      return null;
  }
}

function addressOf(properties: unknown): string | null {
  for (const field of ADDRESSES) {
    const text = textIn(valueAt(properties, [field]));
    const address = text === null ? null : addressIn(text);
    if (address !== null) return address;
  }
  return null;
}
