import type { Sql } from '../../db/database.ts';
import { dropUnlike, findQueued, loadLikeable, saveKeys, takeQueued } from '../../db/duplicate/candidate.ts';
import { listWaitingEpisodes } from '../../db/duplicate/review.ts';
import type { App } from '../app.ts';
import { findCandidates } from '../contact/candidate.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import type { Settled } from '../evaluation/settle.ts';
import { sweepContacts } from '../evaluation/sweep.ts';

/** How many contacts one sweep looks up in a transaction: they are locked meanwhile, and intake must not wait for them. */
const SWEEP_BATCH = 20;

/**
 * Looks up, in one bounded batch, who resembles the contacts whose keys changed: new pairs are put up for review, pairs
 * that are alike no more are forgotten, and leads held because of those go on. Contacts from before there were keys get
 * them here. With nothing queued it costs one look at an empty table.
 */
export function sweepDuplicates(app: App, now: number): Promise<Settled> {
  return sweepContacts(
    app,
    {
      name: 'possible duplicates',
      find: but => findQueued(app.db, { limit: SWEEP_BATCH, but }),
      work: (sql, ids) => lookUp(sql, app, ids, now),
    },
    now,
  );
}

async function lookUp(sql: Sql, app: App, queued: readonly string[], now: number): Promise<Settled> {
  const ids = await takeQueued(sql, queued);
  if (ids.length === 0) return { contactIds: [], handoffs: [] };
  const rows = await loadLikeable(sql, ids);
  const unsaved = rows.map(row => ({ row, before: null, mustSave: true }));
  await saveKeys(sql, unsaved, false);
  const alike = await findCandidates(sql, app, rows, now);
  const kept = [...alike.values()].flatMap(found => found.map(({ id }) => id));
  const freed = await dropUnlike(
    sql,
    rows.map(({ id }) => id),
    kept,
  );
  const held = await listWaitingEpisodes(sql, [...new Set(freed)]);
  const settled = held.length === 0 ? null : await rerouteEpisodes(sql, app, held, { now });
  return { contactIds: ids, handoffs: settled?.handoffs ?? [] };
}
