import { createHash, randomUUID } from 'node:crypto';
import type { OutcomeLine } from '../../core/import/line.ts';
import { type OutcomeRow, type ToldEpisode, tellOutcomes } from '../../core/import/outcome.ts';
import { quote } from '../../core/problem.ts';
import type { Sql } from '../../db/database.ts';
import { loadMessages, lockCreations, lockImports, recount } from '../../db/import/import.ts';
import { loadToldEpisodes } from '../../db/import/outcome.ts';
import { addMessages } from '../../db/intake/intake.ts';
import { loadStandings, restage } from '../../db/scoring/standing.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { noChanges } from '../contact/change.ts';
import { loadRelied } from '../contact/identity.ts';
import { episodeStateOf } from '../decision/state.ts';
import { settle } from '../evaluation/settle.ts';
import { type ContactHistory, saveHistories } from './history.ts';
import type { ImportRow, ImportWork, RefusedImport, TakenRows } from './row.ts';

/** How many contacts' histories one transaction tells. */
const TELL_BATCH = 400;

/** Takes rows of outcomes under an agreement, contact by contact. */
export async function takeOutcomes(
  work: ImportWork,
  of: {
    readonly rows: readonly ImportRow[];
    readonly active: RunningAgreement;
    readonly report: (done: number, total: number) => void;
  },
): Promise<TakenRows> {
  const { db } = work.app;
  const { rows, active, report } = of;
  const groups = groupByPerson(
    rows.flatMap(({ line, result }) => (result.kind === 'outcome' ? [{ line, outcome: result }] : [])),
  );
  let taken = 0;
  const refused: RefusedImport[] = [];
  for (let start = 0; start < groups.length; start += TELL_BATCH) {
    const some = groups.slice(start, start + TELL_BATCH).flat();
    const done = await db.transaction(sql => tellRows(sql, work, { rows: some, active }));
    if (start === 0 || start === 4 * TELL_BATCH) await recount(db);
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
  const { byContact, refused } = await findPeople(sql, await withoutKnown(sql, of.rows));
  const contacts = await lockCreations(sql, [...byContact.keys()].sort());
  const ids = contacts.map(({ id }) => id);
  const known = await loadKnown(sql, ids, active.id);
  const told = contacts.map(({ id }): ContactHistory => {
    const by = { agreement: active.program.agreement, newId: randomUUID, now };
    return { id, told: tellOutcomes(byContact.get(id) ?? [], known.get(id) ?? [], by) };
  });
  const steps = told.flatMap(history => history.told.steps);
  await addMessages(
    sql,
    steps.map(({ row }) => messageIdOf(row)),
    { now, batchId },
  );
  await saveHistories(sql, told, { active, batchId, now });
  const standings = await loadStandings(sql, ids, active.id);
  const settled = new Set(standings.flatMap(row => (row.version === active.version ? [row.contact_id] : [])));
  // The score depends on no outcome; when to look at a contact again does, while the wait of a reason lasts.
  const waits = ({ requalifyAt }: ToldEpisode) => requalifyAt !== null && requalifyAt > now;
  const unsettled = told.filter(({ id, told: { episodes } }) => !settled.has(id) || episodes.some(waits));
  const changes = noChanges(
    unsettled.map(({ id }) => id),
    now,
  );
  if (changes.size > 0) await settle(sql, app, { changes, opens: 'never' });
  await restage(sql, ids, active.id);
  const forbidden = told.flatMap(history => history.told.refused);
  return {
    taken: steps.length,
    refused: [...refused, ...forbidden.map(({ row, reason }) => ({ line: row.line, reason }))],
  };
}

/** A row has no id of its own: it is known by what it says. */
function messageIdOf({ outcome }: OutcomeRow): string {
  const { kind: _kind, notes: _notes, content, ...said } = outcome;
  // A row without content has the id that it had before there was any: a file told again must not count twice.
  const whole = content === null ? said : { ...said, content };
  return `outcome-${createHash('sha256').update(JSON.stringify(whole)).digest('base64url')}`;
}

/** The rows that were not told before, each content once. */
async function withoutKnown(sql: Sql, rows: readonly OutcomeRow[]): Promise<readonly OutcomeRow[]> {
  const byId = new Map<string, OutcomeRow>();
  for (const row of rows) {
    const id = messageIdOf(row);
    if (!byId.has(id)) byId.set(id, row);
  }
  const known = await loadMessages(sql, [...byId.keys()]);
  return [...byId].flatMap(([id, row]) => (known.has(id) ? [] : [row]));
}

/**
 * Finds the contacts that rows are about; a row about an unknown one is refused, as more likely a slip than a
 * lead.
 */
async function findPeople(sql: Sql, rows: readonly OutcomeRow[]) {
  const asked = rows.flatMap(({ outcome: { contactId, email } }) => [
    ...(contactId === null ? [] : [{ kind: 'user', value: contactId }]),
    ...(email === null ? [] : [{ kind: 'email', value: email }]),
  ]);
  const owner = new Map(
    (await loadRelied(sql, asked)).map(row => [`${row.kind}\u0000${row.value}`, row.contact_id]),
  );
  const byContact = new Map<string, OutcomeRow[]>();
  const refused: RefusedImport[] = [];
  for (const row of rows) {
    const id = namesOf(row.outcome)
      .map(name => owner.get(name))
      .find(found => found !== undefined);
    if (id === undefined) {
      const { contactId, email } = row.outcome;
      const who = contactId === null ? `the e-mail ${quote(email ?? '')}` : `the id ${quote(contactId)}`;
      refused.push({ line: row.line, reason: `no contact has ${who}; import the contacts first` });
      continue;
    }
    const group = byContact.get(id);
    if (group === undefined) byContact.set(id, [row]);
    else group.push(row);
  }
  return { byContact, refused };
}

async function loadKnown(
  sql: Sql,
  ids: readonly string[],
  agreementId: string,
): Promise<ReadonlyMap<string, readonly ToldEpisode[]>> {
  const known = new Map<string, ToldEpisode[]>();
  for (const row of await loadToldEpisodes(sql, ids, agreementId)) {
    const episode: ToldEpisode = {
      id: row.id,
      handedOffAt: row.handed_off_at,
      isNew: false,
      state: episodeStateOf(row.state),
      decision: row.decision === 'accepted' || row.decision === 'rejected' ? row.decision : null,
      decidedAt: row.decided_at,
      decidedBy: row.decided_by,
      firstTouchAt: row.first_touch_at,
      endedAt: row.ended_at,
      reason: row.reason,
      reasonLabel: row.reason_label,
      note: row.note,
      requalifyAt: row.requalify_at,
      opportunityAt: row.opportunity_at,
      amount: row.amount,
      currency: row.currency,
      source: row.source,
      campaign: row.campaign,
      content: row.content,
      owner: null,
    };
    known.set(row.contact_id, [...(known.get(row.contact_id) ?? []), episode]);
  }
  return known;
}
