import { type LinkKind, linkExpiry, linkWords } from '../../core/access/link.ts';
import { checkLinkReader } from '../../core/access/user.ts';
import { plainAlert, subjectOf } from '../../core/alert/message.ts';
import { entry } from '../../core/contact/journal.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { timeWords } from '../../core/time/zone.ts';
import { deleteLinks, loadLink, saveLink } from '../../db/access/link.ts';
import { endSessions, findUserByEmail, loadUser, savePassword, type UserRow } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { enqueueAll } from '../../db/delivery/outbox.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import { type App, announceSession } from '../app.ts';
import { AppError, allowed, notFound } from '../error.ts';
import { forgiveAccount } from './attempt.ts';
import { isSameToken, type Signer, tokenFor } from './secret.ts';

/** A link that was made: its token is for its reader alone. Epoch ms. */
export interface MadeLink {
  readonly token: string;
  readonly expiresAt: number;
  /** Whether a mail brings it. */
  readonly isMailed: boolean;
}

/** The token of a link. */
export async function tokenOfLink(
  signer: Signer,
  { id, kind }: { readonly id: string; readonly kind: string },
): Promise<string> {
  return `${id}.${await tokenFor(signer, `${kind} link ${id}`)}`;
}

/** Makes a link for a person in place of an earlier one of its kind and promises the mail with it, if mail is set up. */
export async function addLink(
  sql: Sql,
  app: App,
  of: { readonly user: UserRow; readonly kind: LinkKind; readonly by: Doing },
): Promise<MadeLink> {
  const { user, kind, by } = of;
  const { now, actor } = by;
  const expiresAt = linkExpiry(kind, now);
  const link = { id: app.newId(), userId: user.id, kind, now, expiresAt };
  await saveLink(sql, link);
  const isMailed = app.settings.SMTP_URL !== undefined;
  if (isMailed) {
    const words = linkWords({ kind, actor, until: timeWords(expiresAt) });
    const accessLink = { id: link.id, kind };
    const payload = { ...plainAlert({ kind: 'bulletin', ...words, accessLink }), alertId: null };
    const recipient = { kind: 'address' as const, address: user.email };
    const mail = { id: app.newId(), recipient, payload, createdAt: now, nextAttemptAt: now };
    await enqueueAll(sql, [{ ...mail, subject: subjectOf(payload) }]);
  }
  return { token: await tokenOfLink({ sql, settings: app.settings }, link), expiresAt, isMailed };
}

/** Invites a person, anew where they were before; refuses the doer's own account, one that is switched off, and nobody's id. */
export function inviteUser(
  app: App,
  id: string,
  by: Doing,
): Promise<{ readonly user: UserRow; readonly link: MadeLink }> {
  return app.db.transaction(async sql => {
    const user = await loadUser(sql, id);
    if (user === null) throw notFound({ kind: 'user', id });
    allowed(checkLinkReader(user, by.userId ?? null));
    const link = await addInvitation(sql, app, { user, by });
    return { user, link };
  });
}

/** Makes the invitation of a person and notes it in the journal. */
export async function addInvitation(
  sql: Sql,
  app: App,
  { user, by }: { readonly user: UserRow; readonly by: Doing },
): Promise<MadeLink> {
  const link = await addLink(sql, app, { user, kind: 'invitation', by });
  const said = { user: user.id, name: user.name, isMailed: link.isMailed };
  await addJournal(sql, [entry('user_invited', said, doneBy(by))]);
  return link;
}

/** Promises a mail by which a person who forgot their password chooses another; nothing where nobody active has the address. */
export async function promiseReset(app: App, email: string, now: number): Promise<void> {
  if (app.settings.SMTP_URL === undefined) return;
  await app.db.transaction(async sql => {
    const user = await findUserByEmail(sql, email.toLowerCase());
    if (user?.active === true)
      await addLink(sql, app, { user, kind: 'reset', by: { actor: user.name, now } });
  });
}

/** Finds whose link a token is of; refuses one that is wrong, was used or replaced, or is too old. */
export async function findReader(app: App, token: string, now: number) {
  return app.db.transaction(sql => mustLoadReader(sql, app, { token, now }));
}

/**
 * Lets the reader of a link choose a password, by its hash: the link and all others of theirs stop, their sessions end, and
 * their failed attempts are forgotten. Refuses a token as {@link findReader} does.
 */
export async function choosePassword(
  app: App,
  given: { readonly token: string; readonly passwordHash: string },
  now: number,
): Promise<UserRow> {
  const { token, passwordHash } = given;
  const user = await app.db.transaction(async sql => {
    const reader = await mustLoadReader(sql, app, { token, now });
    const { id, name } = reader.user;
    await savePassword(sql, { id, passwordHash, isGiven: false, now });
    await deleteLinks(sql, id);
    await endSessions(sql, id);
    await forgiveAccount(sql, reader.user.email);
    await addJournal(sql, [entry('password_chosen', { user: id, name }, { at: now, by: name })]);
    return reader.user;
  });
  announceSession(app.hub, user.id);
  return user;
}

async function mustLoadReader(
  sql: Sql,
  app: App,
  { token, now }: { readonly token: string; readonly now: number },
) {
  const [id = ''] = token.split('.');
  const link = isUuid(id) ? await loadLink(sql, id) : null;
  const isRight =
    link !== null && isSameToken(await tokenOfLink({ sql, settings: app.settings }, link), token);
  const user = isRight && link.expires_at > now ? await loadUser(sql, link.user_id) : null;
  if (link === null || user?.active !== true)
    throw new AppError(
      'notFound',
      'This link no longer works: it was used already, a newer one has taken its place, or it is too old.',
    );
  return { user, kind: link.kind, expiresAt: link.expires_at };
}
