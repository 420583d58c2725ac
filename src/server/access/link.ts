import { LINK_KINDS, type LinkKind } from '../../core/access/link.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { countAskedLink, tryToEnter } from '../../loop/access/attempt.ts';
import { choosePassword, findReader, inviteUser as invite, promiseReset } from '../../loop/access/link.ts';
import { wakeCouriers } from '../../loop/delivery/outbox.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { mustBeGood } from './password.ts';
import { hashPassword, openSession } from './session.ts';
import { invitationOf, userOf } from './user.ts';

/** Invites a person, anew if they were before. */
export const inviteUser: Handler<'inviteUser'> = async (request, { params }) => {
  const { user, link } = await invite(request.app, params.id, doing(request, 'inviteUser'));
  return { user: userOf(user), invitation: invitationOf(link) };
};

/**
 * Has a link mailed to the person who has an address. It does not wait for that: how long it takes would say whether
 * somebody has the address.
 */
export const requestReset: Handler<'requestReset'> = async ({ app, address, now }, { body }) => {
  await countAskedLink(app, { address, email: body.email });
  promiseReset(app, body.email, now).then(
    () => wakeCouriers(app),
    (error: unknown) =>
      app.log.error({ err: error }, 'a link for a forgotten password could not be promised'),
  );
  return { ok: true };
};

/** Answers whose link a token is of. */
export const readLink: Handler<'readLink'> = async ({ app, address, now }, { body }) => {
  // By address alone: a token cannot be guessed, and a wrong one names no account.
  const found = await tryToEnter(app, { address, email: null }, () => findReader(app, body.token, now));
  const { name, email } = found.user;
  return { kind: kindOf(found.kind), name, email, expiresAt: formatInstant(found.expiresAt) };
};

function kindOf(stored: string): LinkKind {
  return LINK_KINDS.find(kind => kind === stored) ?? 'invitation';
}

/** Lets the reader of a link choose a password, and signs them in. */
export const followLink: Handler<'followLink'> = async ({ app, address, now, setHeader }, { body }) => {
  const { token, password } = body;
  const row = await tryToEnter(app, { address, email: null }, async () => {
    const { user } = await findReader(app, token, now);
    mustBeGood('password', password, user);
    return choosePassword(app, { token, passwordHash: await hashPassword(password) }, now);
  });
  setHeader('set-cookie', await openSession(app, row.id));
  return userOf(row);
};
