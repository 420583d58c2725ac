import { findUserRow, needsSetup } from '../../db/access/user.ts';
import { findPermissions } from '../../loop/access/permission.ts';
import { hasAdmin, makeFirstAdmin } from '../../loop/access/user.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';
import { checkPassword, endSession, hashPassword, openSession, replacePassword } from './session.ts';
import { userOf } from './user.ts';

/** Returns who is signed in, and whether the first admin is still to be made. */
export const getSession: Handler<'getSession'> = async ({ app, caller }) => {
  const setupNeeded = await needsSetup(app.db);
  const row = typeof caller?.id === 'string' ? await findUserRow(app.db, caller.id) : null;
  return {
    user: row === null ? null : userOf(row),
    permissions: await findPermissions(app.db),
    setupNeeded,
    demo: app.demo(),
  };
};

/** Makes the first admin and signs them in; of several who try at once one wins, the others are refused. */
export const setUp: Handler<'setUp'> = async ({ app, now, setHeader }, { body }) => {
  if (!(await needsSetup(app.db))) throw hasAdmin();
  const passwordHash = await hashPassword(app, body.password);
  const row = await makeFirstAdmin(app, { name: body.name, email: body.email, passwordHash }, { now });
  setHeader('set-cookie', await openSession(app, row.id));
  return userOf(row);
};

/** Signs a person in by e-mail and password and sets the session cookie. */
export const signIn: Handler<'signIn'> = async ({ app, setHeader }, { body }) => {
  const { userId, cookies } = await checkPassword(app, body);
  const row = await findUserRow(app.db, userId);
  if (row === null) throw new AppError('unauthorised', 'The account is gone.');
  for (const cookie of cookies) setHeader('set-cookie', cookie);
  return userOf(row);
};

/** Ends the session and clears its cookie; without a session it does nothing. */
export const signOut: Handler<'signOut'> = async ({ app, headers, setHeader }) => {
  for (const cookie of await endSession(app, headers)) setHeader('set-cookie', cookie);
  return { ok: true };
};

/** Changes the own password and signs every other browser of the person out. */
export const changePassword: Handler<'changePassword'> = async (request, { body }) => {
  const { app, caller, headers, setHeader } = request;
  if (caller?.id === null) throw new AppError('forbidden', 'An API key has no password to change.');
  for (const cookie of await replacePassword(app, headers, body)) setHeader('set-cookie', cookie);
  return { ok: true };
};
