import type { Colleague, User } from '../../contract/api/session.ts';
import { role } from '../../contract/shapes.ts';
import { accessAddress } from '../../core/access/link.ts';
import { checkPerson, type Remit } from '../../core/routing/remit.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { listInvitations } from '../../db/access/link.ts';
import { listUserRows, type UserRow } from '../../db/access/user.ts';
import type { MadeLink } from '../../loop/access/link.ts';
import {
  changeUser,
  resetPassword as giveNewPassword,
  makeInvited,
  makeUser,
} from '../../loop/access/user.ts';
import { doing, findRemit, mayRead } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { makePassword } from './password.ts';
import { hashPassword } from './session.ts';

/** A person as the API shows them. */
export function userOf({ id, name, email, role: given, active, created_at }: UserRow): User {
  return { id, name, email, role: role.parse(given), active, createdAt: formatInstant(created_at) };
}

/** A link as an admin gets it: itself only where no mail brings it to its reader. */
export function invitationOf({ token, expiresAt, isMailed }: MadeLink) {
  return { expiresAt: formatInstant(expiresAt), isMailed, link: isMailed ? null : accessAddress(token) };
}

/** Lists everybody, those who may sign in first; with the e-mail addresses that are for the caller. */
export const listUsers: Handler<'listUsers'> = async request => {
  const rows = await listUserRows(request.app.db);
  const invited = mayRead(request, 'inviteUser')
    ? await listInvitations(request.app.db)
    : new Map<string, number>();
  const remit = await findRemit(request, 'saveAvailability');
  return { items: rows.map(row => colleagueOf(row, remit, invited.get(row.id) ?? null)), nextCursor: null };
};

function colleagueOf(row: UserRow, remit: Remit | null, invitedUntil: number | null): Colleague {
  const isShown = remit !== null && checkPerson(row, remit) === null;
  return {
    ...userOf(row),
    email: isShown ? row.email : null,
    invitedUntil: instantOrNull(invitedUntil),
  };
}

/** Adds a person, by an invitation or with a password made for them, which only this answer shows. */
export const createUser: Handler<'createUser'> = async (request, { body }) => {
  const { by, ...rest } = body;
  const password = makePassword();
  const wanted = { ...rest, passwordHash: await hashPassword(password), isGiven: by === 'password' };
  const doer = doing(request, 'createUser');
  if (by === 'password')
    return { user: userOf(await makeUser(request.app, wanted, doer)), password, invitation: null };
  const { user, link } = await makeInvited(request.app, wanted, doer);
  return { user: userOf(user), password: null, invitation: invitationOf(link) };
};

/** Changes a person; one who is switched off is signed out everywhere. The last active admin stays as they are. */
export const updateUser: Handler<'updateUser'> = async (request, { params, body }) =>
  userOf(await changeUser(request.app, params.id, body, doing(request, 'updateUser')));

/** Gives a person a password made for them, which only this answer shows; they are signed out everywhere. */
export const resetPassword: Handler<'resetPassword'> = async (request, { params }) => {
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  return {
    user: userOf(
      await giveNewPassword(request.app, { id: params.id, passwordHash }, doing(request, 'resetPassword')),
    ),
    password,
  };
};
