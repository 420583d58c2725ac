import { isUuid } from '../../core/text/uuid.ts';
import { recallContacts } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { loadTimed } from '../../db/decision/clock.ts';
import { findBatch, lockImports } from '../../db/import/import.ts';
import {
  closeBatch,
  forgetAddresses,
  listChangedEpisodes,
  listImportedContacts,
  removeEmpty,
  undoEpisodes,
  undoRows,
} from '../../db/import/undo.ts';
import { restage } from '../../db/scoring/standing.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { noChange } from '../contact/change.ts';
import { AppError } from '../error.ts';
import { settleLater } from '../evaluation/settle.ts';
import { restartClocks } from '../handoff/clock.ts';
import { settleContacts } from './settle.ts';

/** What taking an import back did. */
interface Undone {
  readonly kind: string;
  readonly file: string;
  readonly contactsRemoved: number;
  readonly contactsChanged: number;
  /** Episodes that stay because somebody has worked on them since. */
  readonly episodesKept: number;
}

/** One import may have brought millions of rows. */
const LONG = { long: true };
/** How many profiles are folded anew at once: a bound on memory. */
const FOLD_BATCH = 1_000;

/**
 * Takes an import back: its events, profile facts, episodes and outcomes go; contacts with nothing else left are
 * removed, the others evaluated anew. Refused when there is no such import, or it was taken back before.
 */
export async function undoImport(app: App, batchId: string): Promise<Undone> {
  const done = await app.db.transaction(async sql => {
    await lockImports(sql);
    const batch = isUuid(batchId) ? await findBatch(sql, batchId) : null;
    if (batch === null) throw new AppError('notFound', `there is no import ${batchId}`);
    if (batch.undone_at !== null)
      throw new AppError('conflict', `the import ${batchId} was taken back already`);
    const ids = await listImportedContacts(sql, batchId);
    const changed = await loadTimed(sql, await listChangedEpisodes(sql, batchId));
    const { kept } = await undoEpisodes(sql, batchId);
    await restartClocks(sql, app, changed, { actor: 'import', now: app.clock() });
    await undoRows(sql, batchId);
    const removed = await removeEmpty(sql, ids);
    await forgetAddresses(sql, batchId);
    const left = ids.filter(id => !removed.has(id)).sort();
    await recallContacts(sql, left);
    await refold(sql, app, left, app.clock());
    for (const { id } of await activeAgreements(sql, app.db)) await restage(sql, left, id);
    await closeBatch(sql, batchId, app.clock());
    return { batch, removed: removed.size, left, kept };
  }, LONG);
  await settleContacts(app, done.left, { opens: 'never' });
  return {
    kind: done.batch.kind,
    file: done.batch.file,
    contactsRemoved: done.removed,
    contactsChanged: done.left.length,
    episodesKept: done.kept,
  };
}

async function refold(sql: Sql, app: App, ids: readonly string[], now: number): Promise<void> {
  for (let start = 0; start < ids.length; start += FOLD_BATCH) {
    const change = { ...noChange(now), mustRefold: true };
    await settleLater(sql, app, new Map(ids.slice(start, start + FOLD_BATCH).map(id => [id, change])));
  }
}
