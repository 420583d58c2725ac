import type { User } from '../../contract/api/session.ts';
import { role } from '../../contract/shapes.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { listUserRows, type UserRow } from '../../db/access/user.ts';
import { changeUser, resetPassword as giveNewPassword, makeUser } from '../../loop/access/user.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { makePassword } from './password.ts';
import { hashPassword } from './session.ts';

/** A person as the API shows them. */
export function userOf({ id, name, email, role: given, active, created_at }: UserRow): User {
  return { id, name, email, role: role.parse(given), active, createdAt: formatInstant(created_at) };
}

/** Lists everybody, those who may sign in first. */
export const listUsers: Handler<'listUsers'> = async ({ app }) => {
  return { items: (await listUserRows(app.db)).map(userOf), nextCursor: null };
};

/** Adds a person with a password made for them, which only this answer shows. */
export const createUser: Handler<'createUser'> = async (request, { body }) => {
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  return { user: userOf(await makeUser(request.app, { ...body, passwordHash }, doing(request))), password };
};

/** Changes a person; one who is switched off is signed out everywhere. The last active admin stays as they are. */
export const updateUser: Handler<'updateUser'> = async (request, { params, body }) =>
  userOf(await changeUser(request.app, params.id, body, doing(request)));

/** Gives a person a password made for them, which only this answer shows; they are signed out everywhere. */
export const resetPassword: Handler<'resetPassword'> = async (request, { params }) => {
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  return {
    user: userOf(await giveNewPassword(request.app, { id: params.id, passwordHash }, doing(request))),
    password,
  };
};
