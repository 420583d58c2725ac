import { randomUUID } from 'node:crypto';
import { addFirstAdmin, findUserRow, lockSetup, needsSetup } from '../../db/access/user.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { authOf, hashPassword, openSession } from './session.ts';
import { userOf } from './user.ts';

/** Tells who is signed in, and whether the first admin is still to be made. */
export const getSession: Handler<'getSession'> = async ({ app, caller }) => {
  const setupNeeded = await needsSetup(app.db);
  const row = typeof caller?.id === 'string' ? await findUserRow(app.db, caller.id) : null;
  return { user: row === null ? null : userOf(row), setupNeeded, demo: app.demo() };
};

/** Makes the first admin and signs them in; of several who try at once one wins, the others are refused. */
export const setUp: Handler<'setUp'> = async ({ app, now, setHeader }, { body }) => {
  if (!(await needsSetup(app.db))) throw refuseSetup();
  const passwordHash = await hashPassword(app, body.password);
  const row = await app.db.transaction(async sql => {
    await lockSetup(sql);
    const ids = { id: randomUUID(), credentialId: randomUUID() };
    const email = body.email.toLowerCase();
    return addFirstAdmin(sql, { ...ids, name: body.name, email, role: 'admin', passwordHash, now });
  });
  if (row === null) throw refuseSetup();
  setHeader('set-cookie', await openSession(app, row.id));
  return userOf(row);
};

function refuseSetup(): AppError {
  return new AppError('conflict', 'There is an admin already. Sign in, or ask them to add you.');
}

/** Signs a person in by e-mail and password and sets the session cookie. */
export const signIn: Handler<'signIn'> = async ({ app, setHeader }, { body }) => {
  const auth = await authOf(app);
  const signed = await auth.api
    .signInEmail({ body: { email: body.email.toLowerCase(), password: body.password }, returnHeaders: true })
    .catch(refuseSignIn);
  const row = await findUserRow(app.db, signed.response.user.id);
  if (row === null) throw new AppError('unauthorised', 'The account is gone.');
  for (const cookie of signed.headers.getSetCookie()) setHeader('set-cookie', cookie);
  return userOf(row);
};

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

/** Ends the session and clears its cookie; without a session it does nothing. */
export const signOut: Handler<'signOut'> = async ({ app, headers, setHeader }) => {
  const auth = await authOf(app);
  const signed = await auth.api.signOut({ headers, returnHeaders: true });
  for (const cookie of signed.headers.getSetCookie()) setHeader('set-cookie', cookie);
  return { ok: true };
};

/** Changes the own password and signs every other browser of the person out. */
export const changePassword: Handler<'changePassword'> = async (request, { body }) => {
  requirePerson(request);
  const auth = await authOf(request.app);
  const changed = await auth.api
    .changePassword({
      body: { currentPassword: body.current, newPassword: body.next, revokeOtherSessions: true },
      headers: request.headers,
      returnHeaders: true,
    })
    .catch(refuseChange);
  for (const cookie of changed.headers.getSetCookie()) request.setHeader('set-cookie', cookie);
  return { ok: true };
};

function requirePerson({ caller }: Request): void {
  if (caller?.id === null) throw new AppError('forbidden', 'An API key has no password to change.');
}

function refuseChange(error: unknown): never {
  const status = statusOf(error);
  if (status === null || status >= 500) throw error;
  const message = 'The current password is wrong.';
  throw new AppError('invalid', message, { problems: [{ path: 'current', message }] });
}
