import { oneLine } from '../../core/text/safe.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { findContactRow } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { AppError } from '../error.ts';

/** Finds a contact, or whom it was joined to; refuses an id that is nobody's. */
export async function mustFindContact(sql: Sql, id: string) {
  const row = isUuid(id) ? await findContactRow(sql, id) : null;
  if (row === null) throw new AppError('notFound', `there is no contact ${oneLine(id, 60)}`);
  return row;
}
