import { findContactRow } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { mustFind } from '../error.ts';

/** Finds a contact, or whom it was joined to; refuses an id that is nobody's. */
export function mustFindContact(sql: Sql, id: string) {
  return mustFind({ kind: 'contact', id }, () => findContactRow(sql, id));
}
