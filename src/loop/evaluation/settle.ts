import { loadContacts, saveContacts, touchContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { saveKeys } from '../../db/duplicate/candidate.ts';
import { markUnsettled } from '../../db/scoring/standing.ts';
import { activeAgreements } from '../agreement/active.ts';
import type { App } from '../app.ts';
import { type Change, isTold, isTouched } from '../contact/change.ts';
import { foldContacts, loadTheirCompanies, rekeyed } from '../contact/profile.ts';
import { noteMailSigns } from '../letter/reply.ts';
import type { HandoffResult } from '../scoring/lead.ts';
import { evaluate, loadStored, type Work } from './evaluate.ts';

/** What an evaluation did, for browsers to be told after the commit. */
export interface Settled {
  readonly contactIds: readonly string[];
  readonly handoffs: readonly HandoffResult[];
  /** How many early signals were promised to people. */
  readonly signals?: number;
}

/**
 * Evaluates contacts after something changed and hands over those that qualify: profile, scores, next change, stage
 * and episode are saved in the caller's transaction.
 */
export async function settle(sql: Sql, app: App, work: Work): Promise<Settled> {
  const { changes } = work;
  // What needs nothing of each other is asked for, or saved, in one go: the database answers in the order asked.
  const agreements = work.agreements ?? (await activeAgreements(sql, app.db));
  const asked = [...changes.keys()].sort();
  const [contacts, companies, standings] = await Promise.all([
    loadContacts(sql, asked),
    loadTheirCompanies(sql, asked, changes),
    Promise.all(
      agreements.map(async active => ({ active, stored: await loadStored(sql, active.id, asked) })),
    ),
  ]);
  const known = await foldContacts(sql, { contacts, companies, changes });
  const handoffs: HandoffResult[] = [];
  let signals = 0;
  const evaluateAll = async () => {
    for (const under of standings) {
      const done = await evaluate(sql, app, { ...work, ...under, known });
      handoffs.push(...done.handoffs);
      signals += done.signals;
    }
  };
  await Promise.all([
    saveContacts(
      sql,
      known.rows.filter(row => isTouched(changes.get(row.id))),
    ),
    saveKeys(sql, rekeyed(known.rows, contacts, changes), true),
    noteSigns(sql, app, changes, known.rows).then(evaluateAll),
  ]);
  return { contactIds: contacts.map(({ id }) => id), handoffs, signals };
}

/**
 * Saves what is new about contacts but leaves their evaluation to a later settling: an import touches the same contact
 * many times. They count as never evaluated until then, so that a sweep, which opens nothing for those, makes up for a
 * process that ends in between.
 */
export async function settleLater(
  sql: Sql,
  app: App,
  changes: ReadonlyMap<string, Change>,
): Promise<Settled> {
  const told = [...changes].filter(([, change]) => isTold(change));
  const seen = [...changes].filter(([, change]) => !isTold(change));
  await touchContacts(
    sql,
    seen.map(([id, change]) => ({ id, ...change })),
  );
  await noteSigns(sql, app, changes, []);
  if (told.length > 0) {
    const ids = told.map(([id]) => id).sort();
    const [contacts, companies] = await Promise.all([
      loadContacts(sql, ids),
      loadTheirCompanies(sql, ids, changes),
    ]);
    const { rows } = await foldContacts(sql, { contacts, companies, changes });
    await saveContacts(sql, rows);
    await saveKeys(sql, rekeyed(rows, contacts, changes), true);
  }
  const contactIds = [...changes.keys()];
  await markUnsettled(sql, contactIds);
  return { contactIds, handoffs: [] };
}

/** Takes note of what events say of mail; an event that names no address is of the one by which its contact is known. */
function noteSigns(
  sql: Sql,
  app: App,
  changes: ReadonlyMap<string, Change>,
  rows: readonly { readonly id: string; readonly email: string | null }[],
): Promise<void> {
  return noteMailSigns(sql, app, changes, id => rows.find(row => row.id === id)?.email ?? null);
}
