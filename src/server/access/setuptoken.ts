import { needsSetup } from '../../db/access/user.ts';
import { isSameToken, tokenFor } from '../../loop/access/secret.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Request } from '../handler/handler.ts';
import { isLoopback } from './host.ts';

/**
 * The token by which a person who can read what the start prints becomes the first admin. It is made of the secret that
 * signs sessions: all nodes have the same one, and nothing more is stored. Once there is an admin it opens nothing.
 */
function setupToken(app: App): Promise<string> {
  return tokenFor({ sql: app.db, settings: app.settings }, 'set-up token');
}

/** The link by which the first admin is made; null once there is one. Its token is a fragment, which no log sees. */
export async function setupLink(app: App, url: string): Promise<string | null> {
  if (!(await needsSetup(app.db))) return null;
  return `${url.replace(/\/+$/, '')}/setup#token=${await setupToken(app)}`;
}

/** Headers by which a proxy or a tunnel says that it passes a call on. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
];

/**
 * Whether the caller must show the token to set up: always, but where only this machine reaches the server, it has no
 * public address, and nothing passed the call on. A key of an admin is as good as the token.
 */
export function needsToken({ app, caller, headers }: Pick<Request, 'app' | 'caller' | 'headers'>): boolean {
  const { BATON_HOST: listensAt, BATON_URL: url } = app.settings;
  if (caller?.role === 'admin') return false;
  return !isLoopback(listensAt) || url !== undefined || FORWARDED.some(name => headers.has(name));
}

/** Refuses a set-up that shows another token, or none. */
export async function checkToken(app: App, token = ''): Promise<void> {
  if (isSameToken(await setupToken(app), token)) return;
  const message =
    token === ''
      ? 'Others can reach this Baton, so setting it up needs the token that it printed when it was started.'
      : 'This set-up token is wrong. The right one is in the link that Baton printed when it was last started.';
  throw new AppError('forbidden', message, { problems: [{ path: 'token', message }] });
}
