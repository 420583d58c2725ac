import { unreachable } from '../unreachable.ts';
import type { JournalRecord } from './journal.ts';
import { shown } from './timeline.ts';

/** What is told of mail to a contact. */
type LetterKind =
  | 'letter_sent'
  | 'letter_refused'
  | 'outreach_announced'
  | 'opted_out'
  | 'mail_wanted'
  | 'mail_bounced'
  | 'bounce_taken_back';

/** Says an entry about mail to a contact: a title, and lines below it; null means that there is no line. */
export function letterWords(
  record: Extract<JournalRecord, { readonly kind: LetterKind }>,
): readonly [string, ...(string | null)[]] {
  switch (record.kind) {
    case 'letter_sent': {
      const { purpose, owner, subject } = record.particulars;
      const did = purpose === 'outreach' ? 'Acknowledged by mail' : 'Mail sent';
      const name = shown(owner);
      const whose = name === null ? 'in the company’s name' : `in the name of ${name}`;
      return [`${did} ${whose}`, shown(subject)];
    }
    case 'letter_refused':
      return [
        `The mail ${shown(record.particulars.template) ?? '(without a name)'} was not sent`,
        shown(record.particulars.because),
        shown(record.particulars.detail),
      ];
    case 'outreach_announced':
      return [
        `Other software was told to answer: ${shown(record.particulars.webhook) ?? '(without a name)'}`,
      ];
    case 'opted_out':
      return ['Wants no mail from us', shown(record.particulars.address), shown(record.particulars.detail)];
    case 'mail_wanted':
      return [
        'Wants mail from us again',
        shown(record.particulars.address),
        shown(record.particulars.detail ?? null),
      ];
    case 'mail_bounced':
      return [
        'Mail came back; no more goes to the address',
        shown(record.particulars.address),
        shown(record.particulars.detail),
      ];
    case 'bounce_taken_back':
      return [
        'The address may get mail again',
        shown(record.particulars.address),
        shown(record.particulars.detail ?? null),
      ];
    default:
      return unreachable(record);
  }
}
