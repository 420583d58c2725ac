import { findBatch, lockImports } from '../../db/import.ts';
import { markUnsettled } from '../../db/live.ts';
import { restage } from '../../db/outcome.ts';
import {
  closeBatch,
  listImportedContacts,
  recallContacts,
  removeEmpty,
  undoEpisodes,
  undoRows,
} from '../../db/undo.ts';
import type { App } from '../app.ts';
import { AppError } from '../apperror.ts';
import { retrying } from '../batch.ts';
import { noChange, settle } from '../live.ts';
import { activeAgreements } from '../program.ts';

/** What taking an import back did. */
export interface Undone {
  readonly kind: string;
  readonly file: string;
  readonly contactsRemoved: number;
  readonly contactsChanged: number;
  /** Episodes that stay because somebody has worked on them since. */
  readonly episodesKept: number;
}

/** How many contacts one transaction evaluates. */
const SETTLE_BATCH = 500;

/**
 * Takes an import back: its events, profile facts, episodes and outcomes go; contacts with nothing else left are
 * removed, the others evaluated anew. Refused when there is no such import, or it was taken back before.
 */
export async function undoImport(app: App, batchId: string): Promise<Undone> {
  const done = await retrying(() =>
    app.db.transaction(async sql => {
      await lockImports(sql);
      const batch = isUuid(batchId) ? await findBatch(sql, batchId) : null;
      if (batch === null) throw new AppError('notFound', `there is no import ${batchId}`);
      if (batch.undone_at !== null)
        throw new AppError('conflict', `the import ${batchId} was taken back already`);
      const ids = await listImportedContacts(sql, batchId);
      const { kept } = await undoEpisodes(sql, batchId);
      await undoRows(sql, batchId);
      const removed = await removeEmpty(sql, ids);
      const left = ids.filter(id => !removed.has(id)).sort();
      await recallContacts(sql, left);
      await markUnsettled(sql, left);
      for (const { id } of await activeAgreements(sql, app.db)) await restage(sql, left, id);
      await closeBatch(sql, batchId, app.clock());
      return { batch, removed: removed.size, left, kept };
    }),
  );
  for (let start = 0; start < done.left.length; start += SETTLE_BATCH) {
    const now = app.clock();
    const change = { ...noChange(now), mustRefold: true };
    const changes = new Map(done.left.slice(start, start + SETTLE_BATCH).map(id => [id, change]));
    await retrying(() => app.db.transaction(sql => settle(sql, app, { changes, opens: 'never' })));
  }
  return {
    kind: done.batch.kind,
    file: done.batch.file,
    contactsRemoved: done.removed,
    contactsChanged: done.left.length,
    episodesKept: done.kept,
  };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
