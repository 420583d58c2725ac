import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { answerWords } from '../../core/delivery/failure.ts';
import { type Attempt, retryAfterMs } from '../../core/delivery/retry.ts';
import { bodyOf, HOOK_DELETED, urlProblem } from '../../core/delivery/webhook.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { TargetRow } from '../../db/delivery/webhook.ts';
import { isPublic, literalOf, PrivateAddressError, publicLookup, type Resolve } from './address.ts';
import type { Sender } from './delivery.ts';

export type { Resolve } from './address.ts';

/** How much of an answer is read, in bytes: enough to say what was wrong. */
const MAX_READ = 16 * 1024;
/** Statuses by which the other side asks to wait. */
const BUSY = new Set([429, 503]);

const message = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/**
 * Opens the sender of webhooks after Standard Webhooks: signed, with the secret before a rotation beside the present one,
 * to public addresses alone unless the webhook may reach private ones. Redirects are not followed. `resolve` stands in for
 * the system's way from names to addresses.
 */
export function openHooks(settings: { readonly clock: () => number; readonly resolve: Resolve | null }): {
  readonly send: Sender;
  readonly close: () => void;
} {
  const agents = makeAgents(settings.resolve);
  const send: Sender = async ({ id, hook }, signal) => {
    const read = message.safeParse(hook?.content);
    const target = hook?.target ?? null;
    if (!read.success) return { kind: 'refused', message: 'the message as stored cannot be read' };
    if (target === null || target.deleted) return { kind: 'refused', message: HOOK_DELETED };
    if (target.disabled_because !== null && read.data.type !== 'webhook.test')
      return { kind: 'refused', message: target.disabled_because };
    const now = settings.clock();
    const body = bodyOf(read.data);
    const headers = headersOf({ id, body, target, now });
    try {
      return await post({ target, body, headers, signal, agents, now });
    } catch (error) {
      return attemptOf(error, signal);
    }
  };
  return {
    send,
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Connections are kept for the next message, but never shared between those who may reach private addresses and others. */
function makeAgents(resolve: Resolve | null) {
  const kept = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2 };
  const isPublicOnly = { ...kept, lookup: publicLookup(resolve) };
  return {
    'https:public': new HttpsAgent(isPublicOnly),
    'https:any': new HttpsAgent(kept),
    'http:any': new HttpAgent(kept),
  } as const;
}

function headersOf(given: {
  readonly id: string;
  readonly body: string;
  readonly target: TargetRow;
  readonly now: number;
}): Readonly<Record<string, string>> {
  const { id, body, target, now } = given;
  const { secret, previous_secret: previous, previous_until: until } = target;
  const secrets = previous !== null && until !== null && now < until ? [secret, previous] : [secret];
  const signatures = secrets.map(each => new Webhook(each).sign(id, new Date(now), body));
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Baton',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

interface Post {
  readonly target: TargetRow;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly agents: ReturnType<typeof makeAgents>;
  readonly now: number;
}

async function post({ target, body, headers, signal, agents, now }: Post): Promise<Attempt> {
  const allowPrivate = target.allow_private;
  const problem = urlProblem(target.url, { allowPrivate });
  if (problem !== null || !URL.canParse(target.url))
    return { kind: 'failed', message: problem ?? 'the address cannot be read', retryAfterMs: null };
  const url = new URL(target.url);
  // A connection to an address that is written out looks nothing up.
  const literal = literalOf(url.hostname);
  if (!allowPrivate && literal !== null && !isPublic(literal))
    throw new PrivateAddressError(url.hostname, literal);
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? agents[allowPrivate ? 'https:any' : 'https:public'] : agents['http:any'];
  const send = isSecure ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, { method: 'POST', agent, headers, signal }, resolve);
    request.on('error', reject);
    request.end(body);
  });
  const status = response.statusCode ?? 0;
  const text = await readSome(response);
  if (status >= 200 && status < 300) return { kind: 'sent', status, response: text };
  const told = answerWords(status, oneLine(text, 200));
  if (status === 410) return { kind: 'refused', message: told, status, response: text, isGone: true };
  const asked = BUSY.has(status) ? retryAfterMs(response.headers['retry-after'] ?? null, now) : null;
  return { kind: 'failed', message: told, retryAfterMs: asked, status, response: text };
}

/** Reads the beginning of an answer and hangs up on what is longer. What breaks off on the way does not matter. */
async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      if (size >= MAX_READ) break;
    }
  } catch {
    // The status has said what became of the message.
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, MAX_READ).toString('utf8');
}

function attemptOf(error: unknown, signal: AbortSignal): Attempt {
  if (signal.aborted)
    return { kind: 'failed', message: 'the webhook did not answer in time', retryAfterMs: null };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PrivateAddressError)
    return { kind: 'refused', message: `${message}; allow private addresses if that is meant` };
  return { kind: 'failed', message: `the webhook cannot be reached: ${message}`, retryAfterMs: null };
}
