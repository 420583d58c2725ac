import { createHash, timingSafeEqual } from 'node:crypto';
import { api, type EndpointName } from '../../contract/api.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { isHostKnown, isLoopback, type Naming } from '../access/host.ts';
import { findKey, keyIdentity } from '../access/key.ts';
import { findSession } from '../access/session.ts';
import { isGiven, mustBeSomeone, mustMay } from '../handler/actor.ts';
import type { Caller } from '../handler/handler.ts';

/** How much of a host that is not ours is said back, in characters. */
const MAX_HOST = 100;

/** Who sent a request: `identity` tells apart what is kept for them, `cookies` are to be set on the reply. */
export interface Sender {
  readonly caller: Caller;
  readonly identity: string;
  readonly cookies: readonly string[];
}

/** Finds who sent a request, by API key or session cookie; null for neither. A key that opens nothing is refused. */
export async function findSender(app: App, headers: Headers): Promise<Sender | null> {
  const authorization = headers.get('authorization');
  if (authorization !== null) return keySender(app, authorization);
  const session = await findSession(app, headers);
  if (session === null) return null;
  return { ...session, identity: `user:${session.caller.id}` };
}

async function keySender(app: App, authorization: string): Promise<Sender> {
  const secret = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret === undefined) throw new AppError('unauthorised', 'Authorization is not "Bearer <API key>".');
  if (isLocalKey(app, secret))
    return {
      caller: { id: null, name: 'command line', role: 'admin' },
      identity: keyIdentity('local'),
      cookies: [],
    };
  const key = await findKey(app, secret);
  if (key === null) throw new AppError('unauthorised', 'No such key, or it was revoked.');
  if (key.role === null)
    throw new AppError(
      'unauthorised',
      'This is a write key, which opens the intake only; expected an API key.',
    );
  return { caller: { id: null, name: key.name, role: key.role }, identity: keyIdentity(key.id), cookies: [] };
}

/** Whether a secret is the one in the data folder, which its owner alone can read. */
function isLocalKey({ memory }: App, secret: string): boolean {
  const own = memory.localKey.secret;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return own !== null && timingSafeEqual(hash(own), hash(secret));
}

/** Refuses a caller who may not make a call: by role, or because the workspace does not let marketing do so. */
export async function admit(app: App, name: EndpointName, caller: Caller | null): Promise<void> {
  if (api[name].access === 'anyone') return;
  const { permission } = mustMay(mustBeSomeone(caller), name);
  if (await isGiven(app, permission)) return;
  throw new AppError(
    'forbidden',
    'Marketing may not do this here. An admin can allow it under Settings, Permissions.',
  );
}

/**
 * Refuses a write that a browser sends from another site's page: it would carry the cookie of the person who looks at
 * that page. SameSite=Lax stops most; this stops sites of the same domain too. Calls with a key carry no cookie and
 * pass, and programs other than browsers send neither header.
 */
export function refuseForeignPage(headers: Headers, own: Naming): void {
  if (headers.has('authorization')) return;
  if (!isHostKnown(own)) throw new AppError('forbidden', hostWords(own));
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin' || site === 'none') return;
  if (site === null && (origin === null || isOwn(origin, own))) return;
  throw new AppError('forbidden', 'The call comes from a page of another site.');
}

function hostWords({ sent, listensAt, url }: Naming): string {
  const name = oneLine(sent, MAX_HOST);
  if (url !== undefined)
    return `Baton does not know itself as ${name}: open it at ${url}, its address by BATON_URL. A proxy in front has to pass the Host header on.`;
  const others = isLoopback(listensAt) ? 'localhost' : 'its IP address or a host name without a dot';
  return `Baton does not know itself as ${name}: open it under ${others}, or set BATON_URL to the address at which people open it.`;
}

function isOwn(origin: string, { host, url }: Naming): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin).host;
  return from === host || (url !== undefined && from === new URL(url).host);
}
