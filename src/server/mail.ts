import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Attempt } from '../core/delivery.ts';
import { htmlOf, messageOf, textOf } from '../core/message.ts';
import { oneLine } from '../core/safetext.ts';
import type { Delivery, Sender } from './delivery.ts';

/** How long the mail server may keep silent, in ms, at every step. */
const TIMEOUT_MS = 10_000;
/** Connections kept to the mail server: most refuse more from one peer. */
const MAX_CONNECTIONS = 5;

/**
 * Opens a mail sender over SMTP. The sender address is the `from` parameter of the URL, else its user where that is an
 * address, else `baton@` the app's own host. Mails of one episode form one thread, and a repeated attempt has the same
 * Message-ID, by which mail servers know a double.
 */
export function openMail(settings: { readonly smtpUrl: string; readonly baseUrl: string }): {
  readonly send: Sender;
  readonly close: () => void;
} {
  const host = hostOf(settings.baseUrl);
  const { url, from } = senderOf(settings.smtpUrl, host);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    // The outbox repeats; a repeat by the pool would not be counted.
    maxRequeues: 0,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const send: Sender = async (delivery, signal) => {
    try {
      await transport.sendMail({ ...mailOf(delivery, settings.baseUrl, host), from, signal });
      return { kind: 'sent' };
    } catch (error) {
      return attemptOf(error);
    }
  };
  return { send, close: () => transport.close({ force: true }) };
}

function mailOf(delivery: Delivery, baseUrl: string, host: string) {
  const { payload } = delivery;
  const message = messageOf(payload, baseUrl);
  const thread = payload.episodeId === null ? `contact-${payload.contactId}` : `episode-${payload.episodeId}`;
  return {
    to: { name: '', address: delivery.recipient },
    subject: oneLine(delivery.subject, 200),
    date: new Date(delivery.createdAt),
    text: textOf(message),
    html: htmlOf(message),
    messageId: `<${delivery.id}@${host}>`,
    inReplyTo: `<${thread}@${host}>`,
    references: `<${thread}@${host}>`,
    // RFC 3834: no holiday notes in answer, please.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

function hostOf(baseUrl: string): string {
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
  message: z.string(),
});

/** What the mail library could not make a mail of, whoever it is sent to. */
const UNSENDABLE = new Set(['EENVELOPE', 'EMESSAGE']);
/** A refused sign-in speaks of our settings, not of the mail: it may go once they are mended. */
const SIGN_IN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);

function attemptOf(error: unknown): Attempt {
  const read = smtpError.safeParse(error);
  if (!read.success) throw error;
  const { code = '', permanent, message } = read.data;
  const isRefused = !SIGN_IN.has(code) && (permanent ?? UNSENDABLE.has(code));
  return isRefused ? { kind: 'refused', message } : { kind: 'failed', message, retryAfterMs: null };
}
