import { bagOf } from '../../core/contact/bag.ts';
import { entry } from '../../core/contact/journal.ts';
import type { Attempt } from '../../core/delivery/retry.ts';
import { type LetterRefusal, refusalWords, whyNoLetter } from '../../core/letter/refusal.ts';
import type { Writer } from '../../core/letter/values.ts';
import { oneLine } from '../../core/text/safe.ts';
import { addJournal } from '../../db/journal.ts';
import {
  endLetter,
  type LetterToSend,
  loadLetterAddressees,
  loadLetterToSend,
  noteLetterContent,
} from '../../db/letter/letter.ts';
import { addNews } from '../../db/letter/stop.ts';
import { agreementOf } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { companyMailbox, type LetterMail, letterMail } from '../letter/content.ts';
import { addBounce } from '../letter/stop.ts';
import { stopToken, unsubscribeAddress } from '../letter/unsubscribe.ts';
import type { Delivery, Sender } from './delivery.ts';
import { mailHost, type PostMail } from './mail.ts';

/** What mail programs are to know of a letter beside its words. */
interface Envelope {
  readonly letter: LetterToSend;
  readonly mail: LetterMail;
  readonly to: string;
  readonly unsubscribeUrl: string;
  readonly host: string;
}

/**
 * Makes the sender of letters. Each is filled in when it is sent, with what is known then, and only if the lead still wants
 * mail; one that was sent is not sent again. Without a mail server or a public address a letter is refused for the time being
 * and says what is missing.
 */
export function makeLetterSender(app: App, given: PostMail | null, usualUrl: string): Sender {
  return async (delivery, signal) => {
    const isDemo = app.demo() !== null;
    const post = isDemo ? keepInDemo : given;
    const baseUrl = app.settings.BATON_URL ?? (isDemo ? usualUrl : undefined);
    if (delivery.test !== null) return sendTest(delivery, post, signal);
    const letter = await loadLetterToSend(app.db, delivery.id);
    if (letter === null) return { kind: 'refused', message: 'a letter is sent once, and this is a copy' };
    if (letter.state === 'sent') return { kind: 'sent', response: 'it was sent before' };
    const because = letter.state === 'refused' ? (letter.because ?? 'refused') : null;
    if (because !== null) return { kind: 'refused', message: because };
    if (post === null) return missing('no mail server is set up (SMTP_URL)');
    if (baseUrl === undefined) return missing('no public address is set up (BATON_URL)');
    const [addressee] = await loadLetterAddressees(app.db, [letter.contact_id], letter.agreement_id);
    const why =
      addressee === undefined
        ? 'unknown_contact'
        : whyNoLetter({
            email: addressee.email,
            contact: bagOf(addressee.contact),
            isOptedOut: addressee.is_opted_out,
            isBounced: addressee.is_bounced,
            isDisqualified: addressee.is_disqualified,
          });
    const to = addressee?.email ?? null;
    if (why !== null || to === null) return refuseLetter(app, letter, why ?? 'no_address', null);
    const template = await templateOf(app, letter);
    if (template === null) return refuseLetter(app, letter, 'no_template', letter.template);
    const unsubscribeUrl = unsubscribeAddress(baseUrl, await stopToken(app, letter.id));
    const filled = letterMail({
      template,
      to: { ...letter, email: to },
      owner: ownerOf(letter),
      fromAddress: letter.from_address,
      company: companyMailbox(app.settings),
      unsubscribeUrl,
    });
    if (filled.problem !== null) return refuseLetter(app, letter, 'cannot_render', filled.problem);
    const { mail } = filled;
    const host = mailHost(baseUrl);
    const { subject, text } = mail;
    await noteLetterContent(app.db, {
      id: letter.id,
      address: to,
      sender: mail.from.name,
      subject,
      body: text,
    });
    const attempt = await post(mailOf(delivery, { letter, mail, to, unsubscribeUrl, host }), signal);
    await noteAttempt(app, letter, { attempt, mail, to });
    return attempt;
  };
}

/** In a demo nobody is at the other end: letters end here. */
const keepInDemo: PostMail = async () => ({
  kind: 'sent',
  response: 'A demo keeps its letters: nobody got it',
});

async function sendTest(
  { id, test, recipient }: Delivery,
  post: PostMail | null,
  signal: AbortSignal,
): Promise<Attempt> {
  if (post === null) return missing('no mail server is set up (SMTP_URL)');
  if (test === null || recipient.kind !== 'address')
    return { kind: 'refused', message: 'the message as stored cannot be read' };
  const { from, replyTo, subject, text, html } = test;
  const host = from.address.slice(from.address.lastIndexOf('@') + 1);
  const to = { name: '', address: recipient.address };
  return post({ from, replyTo, to, subject, text, html, messageId: `<${id}@${host}>` }, signal);
}

function missing(message: string): Attempt {
  return { kind: 'refused', message, isShared: true };
}

async function templateOf(app: App, letter: LetterToSend) {
  const { program } = await agreementOf(app.db, app.db, {
    id: letter.agreement_id,
    version: letter.version,
  });
  const { templates = {} } = program.agreement.practice;
  const id = letter.template ?? '';
  return Object.hasOwn(templates, id) ? (templates[id] ?? null) : null;
}

function ownerOf(letter: LetterToSend): Writer | null {
  const { owner_name: name, owner_email: email, owner_booking_url: bookingUrl } = letter;
  return name === null || email === null ? null : { name, email, bookingUrl };
}

function mailOf(delivery: Delivery, { letter, mail, to, unsubscribeUrl, host }: Envelope) {
  const { first_id: first, last_id: last } = letter;
  const idOf = (id: string) => `<${id}@${host}>`;
  const before = [...new Set([first, last])].flatMap(id => (id === null ? [] : [idOf(id)]));
  const thread = last === null ? {} : { inReplyTo: idOf(last), references: before };
  return {
    from: mail.from,
    replyTo: mail.replyTo,
    to: { name: '', address: to },
    subject: mail.subject,
    date: new Date(delivery.createdAt),
    text: mail.text,
    html: mail.html,
    messageId: idOf(delivery.id),
    ...thread,
    // RFC 8058: mail programs show a button of their own, which posts to this address.
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  };
}

/** Refuses a letter for good, and says so to the track that waits for it. */
async function refuseLetter(
  app: App,
  letter: LetterToSend,
  because: LetterRefusal,
  detail: string | null,
): Promise<Attempt> {
  const said = detail === null ? null : oneLine(detail, 300);
  const at = app.clock();
  await app.db.transaction(async sql => {
    if (!(await endLetter(sql, { id: letter.id, state: 'refused', because, detail: said, at }))) return;
    const particulars = {
      purpose: letter.purpose,
      template: letter.template ?? '',
      because: refusalWords(because),
      detail: said,
    };
    await addJournal(sql, [entry('letter_refused', particulars, aboutOf(letter, at))]);
    await addNews(sql, [{ contactId: letter.contact_id, letterId: letter.id, kind: 'refused', because, at }]);
  });
  return { kind: 'refused', message: `${refusalWords(because)}${said === null ? '' : `: ${said}`}` };
}

async function noteAttempt(
  app: App,
  letter: LetterToSend,
  of: { readonly attempt: Attempt; readonly mail: LetterMail; readonly to: string },
): Promise<void> {
  const { attempt, mail, to } = of;
  const at = app.clock();
  if (attempt.kind === 'refused' && attempt.isShared !== true) {
    if (attempt.isGone === true) {
      const detail = oneLine(attempt.message, 300);
      const stop = { contactId: letter.contact_id, address: to, detail, at, by: 'the mail server' };
      await app.db.transaction(sql => addBounce(sql, app, { ...stop, letterId: letter.id }));
    }
    await refuseLetter(app, letter, attempt.isGone === true ? 'bounced' : 'not_accepted', attempt.message);
  }
  if (attempt.kind !== 'sent') return;
  await app.db.transaction(async sql => {
    if (!(await endLetter(sql, { id: letter.id, state: 'sent', because: null, detail: null, at }))) return;
    const particulars = {
      purpose: letter.purpose,
      template: letter.template ?? '',
      owner: letter.from_address === null ? letter.owner_name : null,
      subject: mail.subject,
      address: to,
    };
    await addJournal(sql, [entry('letter_sent', particulars, aboutOf(letter, at))]);
    const news = { contactId: letter.contact_id, letterId: letter.id, because: null, at };
    await addNews(sql, [{ ...news, kind: 'sent' }]);
  });
}

function aboutOf(letter: LetterToSend, at: number) {
  return {
    contactId: letter.contact_id,
    episodeId: letter.episode_id,
    agreementId: letter.agreement_id,
    version: letter.version,
    at,
    by: 'letters',
  };
}
