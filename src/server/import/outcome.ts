import { createHash, randomUUID } from 'node:crypto';
import { pathLabel, whySentence } from '../../core/handoff.ts';
import type { OutcomeLine } from '../../core/mapping/line.ts';
import { type OutcomeRow, type Told, type ToldEpisode, type ToldStep, tellOutcomes } from '../../core/outcome.ts';
import { printScore } from '../../core/print.ts';
import { quote } from '../../core/problem.ts';
import type { Sql } from '../../db/database.ts';
import { loadUsersByEmail, lockCreations, lockImports } from '../../db/import.ts';
import { addMessages, loadIdentities } from '../../db/intake.ts';
import { addJournal, type JournalEntry } from '../../db/journal.ts';
import {
  addPastEpisodes,
  addPastTouches,
  changeToldEpisodes,
  type EpisodeHistory,
  loadToldEpisodes,
  restage,
} from '../../db/outcome.ts';
import { AppError } from '../apperror.ts';
import { retrying } from '../batch.ts';
import { noChange, settle } from '../live.ts';
import { type Asked, loadPasts, type Past } from '../past.ts';
import { activeAgreements, type RunningAgreement } from '../program.ts';
import { episodeStateOf } from '../queue.ts';
import type { ImportRow, ImportWork, RefusedImport, TakenRows } from './batch.ts';

/** How many contacts' histories one transaction tells. */
const TELL_BATCH = 400;
/** Who acted, where the file names nobody. */
const ACTOR = 'import';

/** Takes rows of outcomes, contact by contact, under the leading agreement; refused when no agreement is active. */
export async function takeOutcomes(
  work: ImportWork,
  rows: readonly ImportRow[],
  report: (done: number, total: number) => void,
): Promise<TakenRows> {
  const { db } = work.app;
  const [active] = await activeAgreements(db, db);
  if (active === undefined)
    throw new AppError('conflict', 'no agreement is active; activate one first: baton agreement apply FILE');
  const groups = groupByPerson(
    rows.flatMap(({ line, result }) => (result.kind === 'outcome' ? [{ line, outcome: result }] : [])),
  );
  let taken = 0;
  const refused: RefusedImport[] = [];
  for (let start = 0; start < groups.length; start += TELL_BATCH) {
    const some = groups.slice(start, start + TELL_BATCH).flat();
    const done = await retrying(() => db.transaction(sql => tellRows(sql, work, { rows: some, active })));
    taken += done.taken;
    refused.push(...done.refused);
    report(Math.min(start + TELL_BATCH, groups.length), groups.length);
  }
  return { taken, refused };
}

/** Rows that name each other's contact by id or e-mail, together: one person's history is told at once. */
function groupByPerson(rows: readonly OutcomeRow[]): readonly (readonly OutcomeRow[])[] {
  const groups = new Map<string, OutcomeRow[]>();
  const groupOf = new Map<string, OutcomeRow[]>();
  for (const row of rows) {
    const names = namesOf(row.outcome);
    const found = names.map(name => groupOf.get(name)).find(group => group !== undefined) ?? [];
    if (found.length === 0) groups.set(names[0] ?? '', found);
    found.push(row);
    for (const name of names) if (!groupOf.has(name)) groupOf.set(name, found);
  }
  return [...groups.values()];
}

function namesOf({ contactId, email }: OutcomeLine): readonly string[] {
  return [
    ...(contactId === null ? [] : [`user\u0000${contactId}`]),
    ...(email === null ? [] : [`email\u0000${email}`]),
  ];
}

async function tellRows(
  sql: Sql,
  work: ImportWork,
  of: { readonly rows: readonly OutcomeRow[]; readonly active: RunningAgreement },
): Promise<TakenRows> {
  const { active } = of;
  const { app, batchId } = work;
  await lockImports(sql);
  const now = app.clock();
  const { byContact, refused } = await findPeople(sql, of.rows);
  const fresh = await keepNew(sql, byContact, { now, batchId });
  const contacts = (await lockCreations(sql, [...fresh.keys()].sort())).map(
    (row): Asked => ({ id: row.id, createdAt: row.created_at }),
  );
  const ids = contacts.map(({ id }) => id);
  const known = await loadKnown(sql, ids, active.id);
  const agreement = active.program.agreement;
  const told = contacts.map(({ id }) => ({
    id,
    told: tellOutcomes(fresh.get(id) ?? [], known.get(id) ?? [], { agreement, newId: randomUUID, now }),
  }));
  await forgetRefused(sql, told);
  await commit(sql, work, { told, contacts, active, now });
  // Whoever an earlier import left without a standing gets one here, and stages follow from the episodes.
  await settle(sql, app, { changes: new Map(ids.map(id => [id, noChange(now)])), opens: 'never' });
  await restage(sql, ids, active.id);
  return {
    taken: told.reduce((sum, { told: { steps } }) => sum + steps.length, 0),
    refused: [
      ...refused,
      ...told.flatMap(({ told: history }) =>
        history.refused.map(({ row, reason }) => ({ line: row.line, reason })),
      ),
    ],
  };
}
