import { randomUUID } from 'node:crypto';
import type { User } from '../../contract/api/session.ts';
import { role } from '../../contract/shapes.ts';
import { checkUserChange } from '../../core/access/user.ts';
import {
  addUser,
  endSessions,
  listUserRows,
  lockActiveAdmins,
  type UserRow,
  updateUserRow,
} from '../../db/access/user.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import { AppError, allowed } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';
import { makePassword } from './password.ts';
import { hashPassword } from './session.ts';

/** A person as the API shows them. */
export function userOf({ id, name, email, role: given, active, created_at }: UserRow): User {
  return { id, name, email, role: role.parse(given), active, createdAt: new Date(created_at).toISOString() };
}

/** Lists everybody, those who may sign in first. */
export const listUsers: Handler<'listUsers'> = async ({ app }) => {
  return { items: (await listUserRows(app.db)).map(userOf), nextCursor: null };
};

/** Adds a person with a password made for them, which only this answer shows. */
export const createUser: Handler<'createUser'> = async ({ app, now }, { body }) => {
  const password = makePassword();
  const row = await addUser(app.db, {
    id: randomUUID(),
    credentialId: randomUUID(),
    name: body.name,
    email: body.email.toLowerCase(),
    role: body.role,
    passwordHash: await hashPassword(app, password),
    now,
  });
  if (row !== null) return { user: userOf(row), password };
  const message = 'Somebody has this e-mail address already.';
  throw new AppError('conflict', message, { problems: [{ path: 'email', message }] });
};

/** Changes a person; one who is switched off is signed out everywhere. The last active admin stays as they are. */
export const updateUser: Handler<'updateUser'> = async ({ app, now }, { params, body }) => {
  const row = await app.db.transaction(async sql => {
    // Nobody leaves between being given a lead and being told of it.
    await loadTeams(sql, true);
    const admins = await lockActiveAdmins(sql);
    allowed(checkUserChange(params.id, body, admins));
    const change = { name: body.name ?? null, role: body.role ?? null, active: body.active ?? null };
    const changed = await updateUserRow(sql, { id: params.id, ...change, now });
    if (body.active === false) await endSessions(sql, params.id);
    // Leads may wait for them, or be looked after by them.
    if (body.active !== undefined || body.role !== undefined) await retryWaiting(sql, now);
    return changed;
  });
  if (row === null) throw new AppError('notFound', 'No such user.');
  return userOf(row);
};
