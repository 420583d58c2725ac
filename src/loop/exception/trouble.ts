import { checkOpen } from '../../core/exception/work.ts';
import { checkTrouble } from '../../core/routing/remit.ts';
import type { Sql } from '../../db/database.ts';
import type { ExceptionRow } from '../../db/exception/exception.ts';
import type { Doing } from '../actor.ts';
import { allowed, mustFind } from '../error.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';

/** What an exception says of the person who deals with it, and of its lead. */
type TroubleRow = Pick<
  ExceptionRow,
  'episode_id' | 'owner_id' | 'closed_at' | 'lead_owner_id' | 'lead_owner_name' | 'lead_team'
>;

/**
 * Finds an exception that is still open; refuses one that is closed or unknown, and people whose it is not. `find` does
 * not lock where a contact is locked later: everybody locks contacts first.
 */
export async function mustFindOpen<Row extends TroubleRow>(
  sql: Sql,
  id: string,
  by: Doing,
  find: (sql: Sql, id: string) => Promise<Row | null>,
): Promise<Row> {
  const row = await mustFind({ kind: 'exception', id }, () => find(sql, id));
  allowed(checkTrouble(troubleOf(row), await loadRemit(sql, by)));
  allowed(checkOpen({ closedAt: row.closed_at }));
  return row;
}

/** Whose an exception is. */
export function troubleOf(row: TroubleRow): Parameters<typeof checkTrouble>[0] {
  const { lead_owner_id: owner_id, lead_owner_name: owner_name, lead_team: team } = row;
  const lead = row.episode_id === null ? null : heldLead({ owner_id, owner_name, team });
  return { dealerId: row.owner_id, lead };
}
