import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail that the peer took. */
export interface Mail {
  readonly to: readonly string[];
  readonly from: string;
  /** The headers by lower-case name, unfolded, with encoded words read. */
  readonly headers: ReadonlyMap<string, string>;
  /** The parts by their type, decoded. */
  readonly parts: ReadonlyMap<string, string>;
  readonly raw: string;
}

/** How the mail peer answers a recipient: an SMTP code, or silence for ever. */
export type MailAnswer = 250 | 450 | 550 | 'silence';

/** A real SMTP server on a free port. */
export interface MailPeer {
  readonly url: string;
  readonly mails: Mail[];
  /** Decides for each recipient; all are accepted at first. */
  answer: (recipient: string) => MailAnswer;
  readonly close: () => Promise<void>;
}

/** Opens a mail server that keeps what it takes. */
export async function openMailPeer(): Promise<MailPeer> {
  const mails: Mail[] = [];
  const peer = { answer: (_recipient: string): MailAnswer => 250 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onRcptTo: (address, _session, callback) => {
      const answer = peer.answer(address.address);
      if (answer === 'silence') return;
      if (answer === 250) return callback();
      callback(Object.assign(new Error(`answer ${answer}`), { responseCode: answer }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push(
          readMail(
            Buffer.concat(chunks).toString('utf8'),
            from,
            rcptTo.map(({ address }) => address),
          ),
        );
        callback();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.server.address());
  return Object.assign(peer, {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  });
}

function readMail(raw: string, from: string, to: readonly string[]): Mail {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const headers = readHeaders(head);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? 'none';
  const parts = new Map<string, string>();
  for (const part of body.join('\r\n\r\n').split(`--${boundary}`)) {
    const [partHead = '', ...rest] = part.trimStart().split('\r\n\r\n');
    const partHeaders = readHeaders(partHead);
    const type = partHeaders.get('content-type')?.split(';')[0];
    const encoding = partHeaders.get('content-transfer-encoding') ?? '7bit';
    if (type !== undefined) parts.set(type, decode(rest.join('\r\n\r\n'), encoding));
  }
  return { to, from, headers, parts, raw };
}

function readHeaders(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map(line => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
    }),
  );
}

/** Reads the encoded words of a header (RFC 2047), as far as our mails have them. */
function decodeWords(text: string): string {
  return text
    .replace(/\?= =\?UTF-8\?Q\?/g, '')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, word: string) =>
      decode(word.replaceAll('_', ' '), 'quoted-printable'),
    );
}

function decode(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** What a Slack peer answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An HTTP server that stands in for Slack's incoming webhooks. */
export interface SlackPeer {
  readonly url: string;
  readonly posts: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[];
  /** Decides on each post; null is silence for ever. */
  answer: () => HttpAnswer | null;
  readonly close: () => Promise<void>;
}

/** Opens a peer that keeps what is posted to it. */
export async function openSlackPeer(): Promise<SlackPeer> {
  const posts: SlackPeer['posts'] = [];
  const peer = { answer: (): HttpAnswer | null => ({ status: 200, body: 'ok' }) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      posts.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
      const answer = peer.answer();
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(peer, {
    url: `http://127.0.0.1:${portOf(server.address())}/services/T0/B0/secret`,
    posts,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>(resolve => server.close(() => resolve()));
    },
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the peer has no port');
  return address.port;
}
