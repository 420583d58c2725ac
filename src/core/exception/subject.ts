import { channelTo, formatRecipient, type Recipient } from '../delivery/recipient.ts';
import { unreachable } from '../unreachable.ts';

/**
 * What an exception is about: an episode that waits, a way out that fails, a contact that cannot be evaluated, an id that
 * would join too many, or leads that are lost in one way. It is one
 * trouble as long as the first of the same subject is open.
 */
export type ExceptionSubject =
  | { readonly kind: 'episode'; readonly episodeId: string }
  | { readonly kind: 'delivery'; readonly recipient: Recipient }
  | { readonly kind: 'contact'; readonly contactId: string }
  | { readonly kind: 'identity'; readonly identity: { readonly kind: string; readonly value: string } }
  | { readonly kind: 'breach'; readonly breach: string };

/**
 * Writes a subject as exceptions keep it; no two subjects have one text.
 *
 * @example formatExceptionSubject({ kind: 'delivery', recipient: { kind: 'slackBot' } }) // 'delivery slack (bot)'
 */
export function formatExceptionSubject(subject: ExceptionSubject): string {
  switch (subject.kind) {
    case 'episode':
      return `episode ${subject.episodeId}`;
    case 'delivery':
      return `delivery ${channelTo(subject.recipient)} ${formatRecipient(subject.recipient)}`;
    case 'contact':
      return `contact ${subject.contactId}`;
    case 'identity':
      return `identity ${subject.identity.kind} ${subject.identity.value}`;
    case 'breach':
      return `breach ${subject.breach}`;
    default:
      return unreachable(subject);
  }
}
