import { entry } from '../../core/contact/journal.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { findLetterReader } from '../../db/letter/letter.ts';
import { endStops } from '../../db/letter/stop.ts';
import { isSameToken, tokenFor } from '../access/secret.ts';
import type { App } from '../app.ts';
import { addOptOut } from './stop.ts';

/** The token of a test letter, which stops nothing. */
export const TEST_TOKEN = 'test';

/** The token by which the reader of a letter, and nobody else, can say that they want no more. */
export async function stopToken(app: App, letterId: string): Promise<string> {
  return `${letterId}.${await tokenFor({ sql: app.db, settings: app.settings }, `letter ${letterId}`)}`;
}

/** Where the reader of a letter can say that they want no more; `baseUrl` is the public address of Baton. */
export function unsubscribeAddress(baseUrl: string, token: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/unsubscribe/${token}`;
}

/** Who follows the link of a letter, and whether mail to them is stopped. */
export interface LetterReader {
  readonly letterId: string;
  readonly contactId: string;
  readonly address: string | null;
  readonly isOptedOut: boolean;
}

/** Finds who a token was sent to; null for one that no letter carries, and for that of a test. */
export async function findReaderOf(app: App, token: string): Promise<LetterReader | null> {
  const [id = ''] = token.split('.');
  if (!isUuid(id) || token.length > 200 || !isSameToken(await stopToken(app, id), token)) return null;
  return readerOf(app.db, id);
}

async function readerOf(sql: Sql, id: string): Promise<LetterReader | null> {
  const row = await findLetterReader(sql, id);
  if (row === null) return null;
  const { contact_id: contactId, address, is_opted_out: isOptedOut } = row;
  return { letterId: id, contactId, address, isOptedOut };
}

/**
 * Stops mail to the reader of a letter, for good, or lets it go on. Null for a token that no letter carries; once more the
 * same changes nothing.
 */
export async function changeWish(
  app: App,
  token: string,
  of: { readonly wantsMail: boolean; readonly now: number },
): Promise<LetterReader | null> {
  const found = await findReaderOf(app, token);
  if (found === null) return null;
  const { wantsMail, now } = of;
  return app.db.transaction(async sql => {
    await lockContacts(sql, [found.contactId]);
    const reader = (await readerOf(sql, found.letterId)) ?? found;
    const { contactId, address, letterId } = reader;
    if (wantsMail) await takeBack(sql, { contactId, address, now });
    else {
      const stop = { contactId, address, at: now, by: 'the lead', detail: 'the link of a letter', letterId };
      await addOptOut(sql, app, stop);
    }
    return { ...reader, isOptedOut: !wantsMail };
  });
}

async function takeBack(
  sql: Sql,
  of: { readonly contactId: string; readonly address: string | null; readonly now: number },
): Promise<void> {
  const ended = await endStops(sql, {
    contactId: of.contactId,
    address: of.address,
    kind: 'opted_out',
    at: of.now,
    by: 'the lead',
  });
  if (ended === 0) return;
  const particulars = { address: of.address };
  await addJournal(sql, [
    entry('mail_wanted', particulars, { contactId: of.contactId, at: of.now, by: 'the lead' }),
  ]);
}
