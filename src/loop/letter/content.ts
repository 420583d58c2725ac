import { type FilledLetter, fillTemplate, type TemplateText } from '../../contract/file/template.ts';
import { bagOf } from '../../core/contact/bag.ts';
import { setBag } from '../../core/contact/profile.ts';
import {
  companyName,
  fromOf,
  type Mailbox,
  pageOf,
  pageOfText,
  readMailbox,
  stopWords,
  withFooter,
} from '../../core/letter/envelope.ts';
import { shownValues, type Writer, writerValues } from '../../core/letter/values.ts';
import { oneLine, unlinked } from '../../core/text/safe.ts';
import type { Settings } from '../settings.ts';

/** A letter as a mail program shows it. */
export interface LetterMail {
  readonly from: Mailbox;
  readonly replyTo: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Who a letter goes to, as the database has them. */
export interface LetterContact {
  readonly name: string;
  readonly email: string;
  readonly contact: unknown;
  readonly company_part: unknown;
  readonly company_name: string | null;
  readonly company_traits: unknown;
}

/** Where letters leave from: the mailbox of the settings, else what the mail server's address says. */
export function companyMailbox({ MAIL_FROM, SMTP_URL, BATON_URL }: Settings): Mailbox {
  if (MAIL_FROM !== undefined) return readMailbox(MAIL_FROM);
  const url = SMTP_URL === undefined ? null : new URL(SMTP_URL);
  const given = url?.searchParams.get('from') ?? null;
  if (given !== null) return readMailbox(given);
  const user = decodeURIComponent(url?.username ?? '');
  if (user.includes('@')) return { name: '', address: user };
  const host = BATON_URL === undefined ? 'localhost' : new URL(BATON_URL).hostname;
  return { name: '', address: `baton@${host}` };
}

/**
 * Fills in a letter: in the owner's name where it has one, from the company's address in any case; answers go to the owner,
 * or to the address of the agreement. A letter that does not say how to stop it is made to.
 */
export function letterMail(of: {
  readonly template: TemplateText;
  readonly to: LetterContact;
  readonly owner: Writer | null;
  /** The address of the agreement in whose name it goes; null for the owner. */
  readonly fromAddress: string | null;
  readonly company: Mailbox;
  readonly unsubscribeUrl: string;
}):
  | { readonly mail: LetterMail; readonly problem: null }
  | { readonly mail: null; readonly problem: string } {
  const { template, to, fromAddress, company, unsubscribeUrl } = of;
  const owner = of.owner;
  const writer = fromAddress === null ? owner : null;
  const sender = writer ?? {
    name: companyName(company),
    email: fromAddress ?? company.address,
    bookingUrl: null,
  };
  const contact = shownValues(bagOf(to.contact));
  const companyBag = setBag(bagOf(to.company_part), bagOf(to.company_traits));
  const named = to.company_name === null ? {} : { name: shown(to.company_name) };
  const filled = fillTemplate(template, {
    contact: { ...contact, name: shown(to.name), email: to.email },
    company: { ...shownValues(companyBag), ...named },
    owner: owner === null ? {} : writerValues(owner),
    sender: writerValues(sender),
    unsubscribeUrl,
  });
  if (filled.problem !== null) return { mail: null, problem: filled.problem };
  return {
    mail: {
      from: fromOf(writer?.name ?? null, company),
      replyTo: { name: writer === null ? '' : oneLine(writer.name, 100), address: sender.email },
      subject: filled.letter.subject,
      ...bodiesOf(filled.letter, unsubscribeUrl),
    },
    problem: null,
  };
}

function shown(text: string): string {
  return unlinked(oneLine(text, 300));
}

/** The text and the page of a letter; both say how to stop it. */
function bodiesOf(
  { text, html }: FilledLetter,
  unsubscribeUrl: string,
): { readonly text: string; readonly html: string } {
  const line = stopWords(unsubscribeUrl);
  const full = text.includes(unsubscribeUrl) ? text : `${text}\n\n${line}`;
  if (html === null) return { text: `${full}\n`, html: pageOfText(full) };
  const page = pageOf(html);
  return {
    text: `${full}\n`,
    html: html.includes(unsubscribeUrl) ? page : withFooter(page, line),
  };
}
