import { z } from 'zod';
import { FIRMS_WITHIN_MS } from '../../core/duplicate/firm.ts';
import { identityToPart } from '../../core/exception/work.ts';
import { JOINS_WITHIN_MS } from '../../core/intake/brake.ts';
import type { Sql } from '../../db/database.ts';
import { listJoinedBy } from '../../db/duplicate/unmerge.ts';
import { findExceptionRow } from '../../db/exception/exception.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, allowed } from '../error.ts';
import { mustFindOpen } from '../exception/trouble.ts';
import { partGroup } from './firm.ts';
import { undoJoined } from './review.ts';

const particularsShape = z.object({
  identity: z.object({ kind: z.string(), value: z.string() }).nullable().catch(null).default(null),
});

/** The id that an exception says would join too many; null for other exceptions. */
export function joiningIdOf({ particulars }: { readonly particulars: unknown }) {
  return particularsShape.parse(particulars ?? {}).identity;
}

/**
 * Takes apart what the id of an exception has joined since an hour before the exception, the latest first, each in its own
 * transaction. What went on since, so that nobody can tell whose it is, stays joined; returns how many were taken apart and
 * why the others were not. What a group id has linked within the week before is of its own company again. Refused when the exception is closed or about no id.
 */
export async function takeApart(
  app: App,
  exceptionId: string,
  by: Doing,
): Promise<{ readonly parted: number; readonly kept: readonly string[] }> {
  const { identity, openedAt } = await app.db.transaction(sql => joinsOf(sql, exceptionId, by));
  if (identity.kind === 'group') {
    const group = { groupId: identity.value, since: openedAt - FIRMS_WITHIN_MS };
    return { parted: await partGroup(app, group, by), kept: [] };
  }
  const mergeIds = await listJoinedBy(app.db, identity, openedAt - JOINS_WITHIN_MS);
  let parted = 0;
  const kept: string[] = [];
  for (const id of mergeIds) {
    try {
      await undoJoined(app, id, by);
      parted += 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      kept.push(error.message);
    }
  }
  return { parted, kept };
}

async function joinsOf(sql: Sql, exceptionId: string, by: Doing) {
  const row = await mustFindOpen(sql, exceptionId, by, findExceptionRow);
  return { identity: allowed(identityToPart({ identity: joiningIdOf(row) })), openedAt: row.opened_at };
}
