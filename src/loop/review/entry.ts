import { entry as journalEntry } from '../../core/contact/journal.ts';
import type { EntryKind, ReviewEntry } from '../../core/review/review.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import {
  addReviewEntry,
  deleteReviewEntry,
  listReviewEntries,
  loadReviewEntry,
  MOST_ENTRIES,
  saveEntryDone,
} from '../../db/review/entry.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, mustFind } from '../error.ts';
import { loadTerms } from '../report/terms.ts';
import { periodsTo, type ReviewName } from './figures.ts';

/** Writes something down at a review; refuses a key that names no period, and more than anybody reads. */
export async function addEntry(
  app: App,
  name: ReviewName,
  { kind, text }: { readonly kind: EntryKind; readonly text: string },
  by: Doing,
): Promise<ReviewEntry> {
  const { zone } = await loadTerms(app.db, undefined);
  periodsTo(name, zone);
  return app.db.transaction(async sql => {
    if ((await listReviewEntries(sql, name)).length >= MOST_ENTRIES)
      throw new AppError('conflict', `A review holds ${MOST_ENTRIES} entries at most; delete one first.`);
    const stored = await addReviewEntry(sql, {
      ...{ kind: name.kind, key: name.key, entry: kind, text, author: by.actor, at: by.now },
      id: app.newId(),
    });
    await record(sql, stored, 'added', by);
    return stored;
  });
}

/** Finishes a to-do; one that is finished stays as it is. Refuses other entries. */
export function finishEntry(app: App, name: ReviewName, id: string, by: Doing): Promise<ReviewEntry> {
  return changeTodo(app, { name, id, isDone: true }, by);
}

/** Opens a finished to-do again; an open one stays as it is. Refuses other entries. */
export function reopenEntry(app: App, name: ReviewName, id: string, by: Doing): Promise<ReviewEntry> {
  return changeTodo(app, { name, id, isDone: false }, by);
}

function changeTodo(
  app: App,
  of: { readonly name: ReviewName; readonly id: string; readonly isDone: boolean },
  by: Doing,
): Promise<ReviewEntry> {
  return app.db.transaction(async sql => {
    const stored = await mustLoad(sql, of.name, of.id);
    if (stored.kind !== 'todo') throw new AppError('conflict', 'Only to-dos are finished.');
    if ((stored.done !== null) === of.isDone) return stored;
    const changed = await saveEntryDone(sql, stored.id, of.isDone ? { at: by.now, by: by.actor } : null);
    await record(sql, stored, of.isDone ? 'finished' : 'reopened', by);
    return changed ?? stored;
  });
}

/** Removes what was written down at a review. */
export function removeEntry(app: App, name: ReviewName, id: string, by: Doing): Promise<void> {
  return app.db.transaction(async sql => {
    const stored = await mustLoad(sql, name, id);
    await deleteReviewEntry(sql, stored.id);
    await record(sql, stored, 'removed', by);
  });
}

function mustLoad(sql: Sql, { kind, key }: ReviewName, id: string): Promise<ReviewEntry> {
  return mustFind({ kind: 'entry of this review', id }, known =>
    loadReviewEntry(sql, { id: known, kind, key }),
  );
}

function record(
  sql: Sql,
  { review, kind, text }: ReviewEntry,
  change: 'added' | 'finished' | 'reopened' | 'removed',
  by: Doing,
): Promise<void> {
  return addJournal(sql, [
    journalEntry(
      'review_entry',
      { review: review.kind, key: review.key, entry: kind, text, change },
      doneBy(by),
    ),
  ]);
}
