import { findUserRow, needsSetup } from '../../db/access/user.ts';
import { tryToEnter } from '../../loop/access/attempt.ts';
import { needsFirstSteps } from '../../loop/access/firststep.ts';
import { findPermissions } from '../../loop/access/permission.ts';
import { hasAdmin, makeFirstAdmin, noteOwnPassword } from '../../loop/access/user.ts';
import { type App, announceSession } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { mustBeSomeone } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { mustBeGood } from './password.ts';
import { checkPassword, endSession, hashPassword, openSession, replacePassword } from './session.ts';
import { checkToken, needsToken } from './setuptoken.ts';
import { userOf } from './user.ts';

/** Returns who is signed in, and whether the first admin is still to be made. */
export const getSession: Handler<'getSession'> = async request => {
  const { app, caller } = request;
  const setupNeeded = await needsSetup(app.db);
  const row = typeof caller?.id === 'string' ? await findUserRow(app.db, caller.id) : null;
  const tokenNeeded = setupNeeded && needsToken(request);
  return {
    user: row === null ? null : userOf(row),
    permissions: await findPermissions(app.db),
    setupNeeded,
    tokenNeeded,
    passwordGiven: row?.password_given === true,
    resetByMail: app.settings.SMTP_URL !== undefined,
    firstSteps: row?.role === 'admin' && (await needsFirstSteps(app)),
    demo: demoFor(app, row !== null),
  };
};

/** How a demo stands; who its people are and which key it takes is for those who are signed in. */
function demoFor(app: App, isSignedIn: boolean) {
  const demo = app.demo();
  if (demo === null) return null;
  const { loaded, total, writeKey } = demo;
  if (!isSignedIn) return { loaded, total, people: [], writeKey: null };
  return { loaded, total, people: demo.people.map(({ id, name, role }) => ({ id, name, role })), writeKey };
}

/** Makes the first admin and signs them in; of several who try at once one wins, the others are refused. */
export const setUp: Handler<'setUp'> = async (request, { body }) => {
  const { app, address, now, setHeader } = request;
  if (!(await needsSetup(app.db))) throw hasAdmin();
  // By address alone: a token cannot be guessed, and nobody should keep the first admin out by trying.
  if (needsToken(request)) await tryToEnter(app, { address, email: null }, () => checkToken(app, body.token));
  mustBeGood('password', body.password, body);
  const passwordHash = await hashPassword(body.password);
  const row = await makeFirstAdmin(app, { name: body.name, email: body.email, passwordHash }, { now });
  setHeader('set-cookie', await openSession(app, row.id));
  return userOf(row);
};

/** Signs a person in by e-mail and password and sets the session cookie. */
export const signIn: Handler<'signIn'> = async ({ app, address, setHeader }, { body }) => {
  const { email } = body;
  const { userId, cookies } = await tryToEnter(app, { address, email }, () => checkPassword(app, body));
  const row = await findUserRow(app.db, userId);
  if (row === null) throw new AppError('unauthorised', 'The account is gone.');
  for (const cookie of cookies) setHeader('set-cookie', cookie);
  return userOf(row);
};

/** Ends the session and clears its cookie; without a session it does nothing. */
export const signOut: Handler<'signOut'> = async ({ app, caller, headers, setHeader }) => {
  for (const cookie of await endSession(app, headers)) setHeader('set-cookie', cookie);
  if (typeof caller?.id === 'string') announceSession(app.hub, caller.id);
  return { ok: true };
};

/** Changes the own password and signs every other browser of the person out. */
export const changePassword: Handler<'changePassword'> = async (request, { body }) => {
  const { app, address, headers, setHeader } = request;
  const { id } = mustBeSomeone(request.caller);
  const row = id === null ? null : await findUserRow(app.db, id);
  if (row === null) throw new AppError('forbidden', 'An API key has no password to change.');
  mustBeGood('next', body.next, row);
  const change = () => replacePassword(app, headers, body);
  const cookies = await tryToEnter(app, { address, email: row.email }, change);
  await noteOwnPassword(app, row.id);
  for (const cookie of cookies) setHeader('set-cookie', cookie);
  announceSession(app.hub, row.id);
  return { ok: true };
};
