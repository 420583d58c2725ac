import type { Role } from '../../contract/role.ts';
import {
  addFirstAdmin,
  addUser,
  endSessions,
  lockActiveAdmins,
  lockSetup,
  type UserRow,
  updateUserRow,
} from '../../db/access/user.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, notFound } from '../error.ts';

/** Somebody to be let in; the sign-in library has hashed their password. */
interface WantedUser {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** Makes the first admin; of several who try at once one wins, the others are refused. */
export function makeFirstAdmin(app: App, wanted: WantedUser, { now }: Pick<Doing, 'now'>): Promise<UserRow> {
  return app.db.transaction(async sql => {
    await lockSetup(sql);
    const row = await addFirstAdmin(sql, { ...newUser(app, wanted), role: 'admin', now });
    if (row === null) throw hasAdmin();
    return row;
  });
}

/** The refusal of a setup that was done already. */
export function hasAdmin(): AppError {
  return new AppError('conflict', 'There is an admin already. Sign in, or ask them to add you.');
}

/** Adds a person; refused when somebody has the e-mail address already. */
export async function makeUser(
  app: App,
  wanted: WantedUser & { readonly role: Role },
  { now }: Pick<Doing, 'now'>,
): Promise<UserRow> {
  const row = await addUser(app.db, { ...newUser(app, wanted), role: wanted.role, now });
  if (row !== null) return row;
  const message = 'Somebody has this e-mail address already.';
  throw new AppError('conflict', message, { problems: [{ path: 'email', message }] });
}

function newUser(app: App, { name, email, passwordHash }: WantedUser) {
  return { id: app.newId(), credentialId: app.newId(), name, email: email.toLowerCase(), passwordHash };
}

/** What of a person is to be otherwise; what is not given stays. */
interface UserChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/**
 * Changes a person; one who is switched off is signed out everywhere. The last active admin stays as they are, and an id
 * of nobody is refused.
 */
export function changeUser(app: App, id: string, change: UserChange, { now }: Doing): Promise<UserRow> {
  const { name = null, role = null, active = null } = change;
  return app.db.transaction(async sql => {
    // Nobody leaves between being given a lead and being told of it.
    await loadTeams(sql, true);
    const admins = await lockActiveAdmins(sql);
    const resigns = (role ?? 'admin') !== 'admin' || active === false;
    if (resigns && admins.length === 1 && admins[0] === id)
      throw new AppError('conflict', 'The last active admin cannot be changed or switched off.');
    const row = await updateUserRow(sql, { id, name, role, active, now });
    if (row === null) throw notFound({ kind: 'user', id });
    if (active === false) await endSessions(sql, id);
    // Leads may wait for them, or be looked after by them.
    if (active !== null || role !== null) await retryWaiting(sql, now);
    return row;
  });
}
