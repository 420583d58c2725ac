import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { type AlertPayload, type Message, messageOf } from '../../core/alert/message.ts';
import { htmlOf, mailSubject, textOf } from '../../core/delivery/mail.ts';
import type { Attempt } from '../../core/delivery/retry.ts';
import type { Delivery, Sender } from './delivery.ts';

/** A link that lets its reader in, as a payload names it. */
type AccessLink = NonNullable<AlertPayload['accessLink']>;

/** Gives a mail to the mail server and says what became of it. */
export type PostMail = (mail: SendMailOptions, signal: AbortSignal) => Promise<Attempt>;

/** How long the mail server may keep silent, in ms: on the way to its greeting, and at every step after it. */
const REACH_MS = 4_500;
const TIMEOUT_MS = 10_000;
/** Connections kept to the mail server: most refuse more from one peer. */
const MAX_CONNECTIONS = 5;

/**
 * Opens a mail sender over SMTP. The sender address is the `from` parameter of the URL, else its user where that is an
 * address, else `baton@` the app's own host. Mails of one episode form one thread, and a repeated attempt has the same
 * Message-ID, by which mail servers know a double.
 */
export function openMail(settings: {
  readonly smtpUrl: string;
  readonly baseUrl: string;
  /** The mailbox that mails leave from; what the URL of the mail server says without it. */
  readonly mailFrom?: string | undefined;
  /** The token of a link that lets its reader in. */
  readonly tokenOf: (link: AccessLink) => Promise<string>;
}): {
  readonly send: Sender;
  readonly post: PostMail;
  readonly close: () => void;
} {
  const host = mailHost(settings.baseUrl);
  const { url, from: usual } = senderOf(settings.smtpUrl, host);
  const from = settings.mailFrom ?? usual;
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    // The outbox repeats; a repeat by the pool would not be counted.
    maxRequeues: 0,
    connectionTimeout: REACH_MS,
    greetingTimeout: REACH_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: REACH_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const post: PostMail = async (mail, signal) => {
    try {
      const { response } = await transport.sendMail({ from, ...mail, signal });
      return { kind: 'sent', status: codeOf(response), response };
    } catch (error) {
      return attemptOf(error);
    }
  };
  const send: Sender = async (delivery, signal) => {
    const { payload, recipient } = delivery;
    if (payload === null || recipient.kind !== 'address')
      return { kind: 'refused', message: 'mails carry alerts only' };
    const { accessLink } = payload;
    const token = accessLink === undefined ? null : await settings.tokenOf(accessLink);
    const mail = mailOf(
      { ...delivery, payload, address: recipient.address },
      signedIn(messageOf(payload, settings.baseUrl), token),
      host,
    );
    return post(mail, signal);
  };
  return { send, post, close: () => transport.close({ force: true }) };
}

function mailOf(
  delivery: Delivery & { readonly payload: AlertPayload; readonly address: string },
  message: Message,
  host: string,
) {
  const thread = threadOf(delivery.payload);
  const reference =
    thread === null ? {} : { inReplyTo: `<${thread}@${host}>`, references: `<${thread}@${host}>` };
  // Mail clients keep a thread together only under one subject.
  const subject = delivery.threadSubject === null ? delivery.subject : `Re: ${delivery.threadSubject}`;
  return {
    to: { name: '', address: delivery.address },
    subject: mailSubject(subject),
    date: new Date(delivery.createdAt),
    text: textOf(message),
    html: htmlOf(message),
    messageId: `<${delivery.id}@${host}>`,
    ...reference,
    // RFC 3834: no holiday notes in answer, please.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** The message with the token in its links, which stands in the mail alone: neither in the outbox nor in a log. */
function signedIn(message: Message, token: string | null): Message {
  if (token === null) return message;
  const links = message.links.map(({ label, url }) => ({ label, url: `${url}#token=${token}` }));
  return { ...message, links };
}

function threadOf({ episodeId, contactId }: AlertPayload): string | null {
  if (episodeId !== null) return `episode-${episodeId}`;
  return contactId === null ? null : `contact-${contactId}`;
}

/** The host of an address, as ids of mails have it. @example mailHost('https://baton.acme.com/') // 'baton.acme.com' */
export function mailHost(baseUrl: string): string {
  const host = new URL(baseUrl).hostname;
  return /^[a-z0-9.-]+$/i.test(host) ? host : 'localhost';
}

function senderOf(smtpUrl: string, host: string) {
  const url = new URL(smtpUrl);
  const given = url.searchParams.get('from');
  url.searchParams.delete('from');
  const user = decodeURIComponent(url.username);
  const address = user.includes('@') ? user : `baton@${host}`;
  return { url: url.href, from: given ?? { name: 'Baton', address } };
}

const smtpError = z.object({
  code: z.string().optional(),
  permanent: z.boolean().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
  message: z.string(),
});

/** What the mail library could not make a mail of, for any recipient. */
const UNSENDABLE = new Set(['EENVELOPE', 'EMESSAGE']);
/** A refused sign-in speaks of our settings, not of the mail: it may go once they are mended. */
const SIGN_IN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);

/** What stands between us and the mail server, for mail to anybody. */
const UNREACHABLE = new Set(['EDNS', 'ECONNECTION', 'ETLS', 'EREQUIRETLS', 'EPROXY', ...SIGN_IN]);

function attemptOf(error: unknown): Attempt {
  const read = smtpError.safeParse(error);
  if (!read.success) throw error;
  const { code = '', permanent, command, responseCode: status = null, message } = read.data;
  const isShared = UNREACHABLE.has(code) || command === 'CONN';
  const isRefused = !isShared && (permanent ?? UNSENDABLE.has(code));
  // Of a recipient that is refused, the mailbox is to blame, unless the answer speaks of a policy (RFC 3463, 5.7).
  const isOfAddress = command === 'RCPT TO' || code === 'EENVELOPE';
  const isGone = isOfAddress && status !== null && status >= 500 && !/\b5\.7\.\d/.test(message);
  if (isRefused) return { kind: 'refused', message, status, isGone };
  return { kind: 'failed', message, retryAfterMs: null, isShared, status };
}

/** The code that an answer of a mail server begins with, as 250 of `250 OK`. */
function codeOf(response: string): number | null {
  const code = /^\d{3}/.exec(response);
  return code === null ? null : Number(code[0]);
}
