import type { HeldLead, Remit } from '../../core/routing/remit.ts';
import type { Sql } from '../../db/database.ts';
import { listLedTeams } from '../../db/routing/team.ts';
import type { Doing } from '../actor.ts';

/** Loads what somebody may work on. Teams are read only where it depends on them. */
export async function loadRemit(sql: Sql, { userId = null, scope = 'all' }: Doing): Promise<Remit> {
  return { userId, scope, teams: scope === 'all' ? [] : await listLedTeams(sql) };
}

/** Whose a lead is, by a row that names its owner and its team. */
export function heldLead(row: {
  readonly owner_id: string | null;
  readonly owner_name: string | null;
  readonly team: string | null;
}): HeldLead {
  const { owner_id: id, owner_name: name, team } = row;
  return { owner: id === null ? null : { id, name: name ?? 'somebody who left' }, team };
}
