import type { Role } from '../../contract/role.ts';
import { checkPasswordReset, checkUserChange } from '../../core/access/user.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { deleteLinks } from '../../db/access/link.ts';
import {
  addFirstAdmin,
  addUser,
  endSessions,
  loadUser,
  lockActiveAdmins,
  lockSetup,
  ownPassword,
  savePassword,
  type UserRow,
  updateUserRow,
} from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { retryWaiting } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import { type Doing, doneBy } from '../actor.ts';
import { type App, announceSession } from '../app.ts';
import { AppError, allowed, notFound } from '../error.ts';
import { forgiveAccount } from './attempt.ts';
import { addInvitation, type MadeLink } from './link.ts';

/** Somebody to be let in; the sign-in library has hashed their password. */
interface WantedUser {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  /** Whether somebody else hands the password over. */
  readonly isGiven?: boolean;
}

/** Makes the first admin, by their own doing; of several who try at once one wins, the others are refused. */
export function makeFirstAdmin(app: App, wanted: WantedUser, { now }: Pick<Doing, 'now'>): Promise<UserRow> {
  const made = { ...newUser(app, wanted), role: 'admin', now };
  return app.db.transaction(async sql => {
    await lockSetup(sql);
    const row = await addFirstAdmin(sql, made);
    if (row === null) throw hasAdmin();
    await addJournal(sql, [addedEntry(row, { actor: row.name, now })]);
    return row;
  });
}

function addedEntry({ id: user, name, role }: UserRow, by: Doing): JournalEntry {
  return entry('user_added', { user, name, role }, doneBy(by));
}

/** The refusal of a setup that was done already. */
export function hasAdmin(): AppError {
  return new AppError('conflict', 'There is an admin already. Sign in, or ask them to add you.');
}

/** Adds a person; refused when somebody has the e-mail address already. */
export function makeUser(
  app: App,
  wanted: WantedUser & { readonly role: Role },
  by: Doing,
): Promise<UserRow> {
  return app.db.transaction(sql => insertPerson(sql, app, { wanted, by }));
}

/** Adds a person and invites them to choose a password; nobody knows the one they are added with. Refused as above. */
export function makeInvited(
  app: App,
  wanted: WantedUser & { readonly role: Role },
  by: Doing,
): Promise<{ readonly user: UserRow; readonly link: MadeLink }> {
  return app.db.transaction(async sql => {
    const user = await insertPerson(sql, app, { wanted, by });
    return { user, link: await addInvitation(sql, app, { user, by }) };
  });
}

async function insertPerson(
  sql: Sql,
  app: App,
  { wanted, by }: { readonly wanted: WantedUser & { readonly role: Role }; readonly by: Doing },
): Promise<UserRow> {
  const row = await addUser(sql, { ...newUser(app, wanted), role: wanted.role, now: by.now });
  if (row === null) throw addressIsTaken();
  await addJournal(sql, [addedEntry(row, by)]);
  return row;
}

function addressIsTaken(): AppError {
  const message = 'Somebody has this e-mail address already.';
  return new AppError('conflict', message, { problems: [{ path: 'email', message }] });
}

function newUser(app: App, { name, email, passwordHash, isGiven = false }: WantedUser) {
  const ids = { id: app.newId(), credentialId: app.newId() };
  return { ...ids, name, email: email.toLowerCase(), passwordHash, isGiven };
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
export async function changeUser(app: App, id: string, change: UserChange, by: Doing): Promise<UserRow> {
  const { now } = by;
  const { name = null, role = null, active = null } = change;
  const changed = await app.db.transaction(async sql => {
    // Nobody leaves between being given a lead and being told of it.
    await loadTeams(sql, true);
    const admins = await lockActiveAdmins(sql);
    allowed(checkUserChange(id, change, admins));
    const before = await loadUser(sql, id);
    const row = before === null ? null : await updateUserRow(sql, { id, name, role, active, now });
    if (before === null || row === null) throw notFound({ kind: 'user', id });
    if (active === false) await endSessions(sql, id);
    // Leads may wait for them, or be looked after by them.
    if (active !== null || role !== null) await retryWaiting(sql, now);
    await addJournal(sql, changedEntries({ before, row }, by));
    return row;
  });
  if (active === false) announceSession(app.hub, id);
  return changed;
}

/** What the journal says of a change of a person: nothing where all stays as it was. */
function changedEntries(
  { before, row }: { readonly before: UserRow; readonly row: UserRow },
  by: Doing,
): readonly JournalEntry[] {
  const { id: user, name, role, active } = row;
  if (before.name === name && before.role === role && before.active === active) return [];
  const was = { name: before.name, role: before.role, active: before.active };
  return [entry('user_changed', { user, name, role, active, before: was }, doneBy(by))];
}

/** Notes that a person has changed their password themselves: nobody else knows it, and links to choose one stop. */
export function noteOwnPassword({ db }: App, id: string): Promise<void> {
  return db.transaction(async sql => {
    await ownPassword(sql, id);
    await deleteLinks(sql, id);
  });
}

/**
 * Gives a person another password, signs them out everywhere and forgets their failed attempts. The own password is refused,
 * and an id of nobody.
 */
export async function resetPassword(
  app: App,
  { id, passwordHash }: { readonly id: string; readonly passwordHash: string },
  by: Doing,
): Promise<UserRow> {
  const { now } = by;
  const row = await app.db.transaction(async sql => {
    allowed(checkPasswordReset(id, by.userId ?? null));
    const found = await loadUser(sql, id);
    if (found === null) throw notFound({ kind: 'user', id });
    await savePassword(sql, { id, passwordHash, isGiven: true, now });
    await deleteLinks(sql, id);
    await endSessions(sql, id);
    await forgiveAccount(sql, found.email);
    await addJournal(sql, [entry('password_reset', { user: id, name: found.name }, doneBy(by))]);
    return found;
  });
  announceSession(app.hub, id);
  return row;
}
