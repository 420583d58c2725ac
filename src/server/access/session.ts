import { role } from '../../contract/shapes.ts';
import { signInSecret } from '../../loop/access/secret.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Caller } from '../handler/handler.ts';
import type { Auth } from './auth.ts';
import { SESSION_COOKIE } from './cookie.ts';

const opened = new WeakMap<App, Promise<Auth>>();

/**
 * The sign-in library, set up for this app at the first call. Loading it takes 0.2 to 0.4 s, so nothing loads it
 * before somebody comes with a cookie or a password.
 */
function authOf(app: App): Promise<Auth> {
  const known = opened.get(app);
  if (known !== undefined) return known;
  const auth = openAuth(app);
  opened.set(app, auth);
  // A failed start, such as a database that is away, must not be remembered.
  auth.catch(() => opened.delete(app));
  return auth;
}

async function openAuth(app: App): Promise<Auth> {
  const [{ makeAuth }, secret] = await Promise.all([
    import('./auth.ts'),
    signInSecret({ sql: app.db, settings: app.settings }),
  ]);
  const url = app.settings.BATON_URL ?? 'http://localhost';
  return makeAuth({
    db: app.db,
    secret,
    url,
    onWarning: message => app.log.warn({ from: 'sign-in' }, message),
  });
}

/** Finds who a session cookie belongs to, and the cookies to set when the session was renewed; null for nobody. */
export async function findSession(
  app: App,
  headers: Headers,
): Promise<{ readonly caller: Caller; readonly cookies: readonly string[] } | null> {
  if (headers.get('cookie')?.includes(`${SESSION_COOKIE}=`) !== true) return null;
  const auth = await authOf(app);
  // A visit renews its session now and then, which must wait while nothing can be written.
  const disableRefresh = (app.db.disk?.shortage() ?? null) !== null;
  const found = await auth.api.getSession({ headers, query: { disableRefresh }, returnHeaders: true });
  const user = found.response?.user;
  if (user?.active !== true) return null;
  return {
    caller: { id: user.id, name: user.name, role: role.parse(user.role) },
    cookies: found.headers.getSetCookie(),
  };
}

/** Opens a session for a person without asking for a password and returns the `Set-Cookie` header that carries it. */
export async function openSession(app: App, userId: string): Promise<string> {
  const auth = await authOf(app);
  const { headers } = await auth.api.openSession({ body: { userId }, returnHeaders: true });
  const [cookie] = headers.getSetCookie();
  if (cookie === undefined) throw new AppError('broken', 'The session could not be opened.');
  return cookie;
}

/** Hashes a password as the sign-in library will check it. */
export async function hashPassword(password: string): Promise<string> {
  const library = await import('better-auth/crypto');
  return library.hashPassword(password);
}

/** Signs a person in by e-mail and password; gives who it is and the cookies to set. Refused when one of them is wrong. */
export async function checkPassword(
  app: App,
  given: { readonly email: string; readonly password: string },
): Promise<{ readonly userId: string; readonly cookies: readonly string[] }> {
  const auth = await authOf(app);
  const body = { email: given.email.toLowerCase(), password: given.password };
  const signed = await auth.api.signInEmail({ body, returnHeaders: true }).catch(refuseSignIn);
  return { userId: signed.response.user.id, cookies: signed.headers.getSetCookie() };
}

function refuseSignIn(error: unknown): never {
  const status = statusOf(error);
  if (status === 403 && error instanceof Error) throw new AppError('unauthorised', error.message);
  if (status !== null && status < 500) throw new AppError('unauthorised', 'E-mail or password are wrong.');
  throw error;
}

/** The HTTP status of a refusal by the sign-in library; null for any other error. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** Ends the session that a cookie carries, if there is one, and gives the cookies that clear it. */
export async function endSession(app: App, headers: Headers): Promise<readonly string[]> {
  const auth = await authOf(app);
  const signed = await auth.api.signOut({ headers, returnHeaders: true });
  return signed.headers.getSetCookie();
}

/** Changes the password of the person that a session belongs to, ends their other sessions and gives the cookies to set. */
export async function replacePassword(
  app: App,
  headers: Headers,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<readonly string[]> {
  const auth = await authOf(app);
  const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
  const changed = await auth.api
    .changePassword({ body, headers, returnHeaders: true })
    .catch((error: unknown) => {
      const status = statusOf(error);
      if (status === null || status >= 500) throw error;
      const message = 'The current password is wrong.';
      throw new AppError('invalid', message, { problems: [{ path: 'current', message }] });
    });
  return changed.headers.getSetCookie();
}
