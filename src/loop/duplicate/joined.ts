import { z } from 'zod';
import { identityToPart } from '../../core/exception/work.ts';
import { JOINS_WITHIN_MS } from '../../core/intake/brake.ts';
import type { Sql } from '../../db/database.ts';
import { listJoinedBy } from '../../db/duplicate/unmerge.ts';
import { findExceptionRow } from '../../db/exception/exception.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, allowed } from '../error.ts';
import { mustFindOpen } from '../exception/trouble.ts';
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
 * why the others were not. Refused when the exception is closed or about no id.
 */
export async function takeApart(
  app: App,
  exceptionId: string,
  by: Doing,
): Promise<{ readonly parted: number; readonly kept: readonly string[] }> {
  const mergeIds = await app.db.transaction(sql => mergesOf(sql, exceptionId, by));
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

async function mergesOf(sql: Sql, exceptionId: string, by: Doing): Promise<readonly string[]> {
  const row = await mustFindOpen(sql, exceptionId, by, findExceptionRow);
  const identity = allowed(identityToPart({ identity: joiningIdOf(row) }));
  return listJoinedBy(sql, identity, row.opened_at - JOINS_WITHIN_MS);
}
