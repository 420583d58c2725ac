import { z } from 'zod';
import { duplicateState } from '../../contract/api/duplicate.ts';
import { episodeState } from '../../contract/api/episode.ts';
import { entry } from '../../core/contact/journal.ts';
import type { Choices } from '../../core/duplicate/choice.ts';
import { checkReopening, checkReview, checkUndo } from '../../core/duplicate/review.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { recallContacts } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { loadTimed } from '../../db/decision/clock.ts';
import { saveDuplicates } from '../../db/duplicate/candidate.ts';
import { loadBefore, mergeContacts } from '../../db/duplicate/merge.ts';
import {
  type DuplicateRow,
  decideDuplicate,
  findDuplicateRow,
  findPairOf,
  listWaitingEpisodes,
  lockDuplicate,
} from '../../db/duplicate/review.ts';
import {
  findMerge,
  listBrought,
  listClosedDoubles,
  listObstacles,
  lockBoth,
  type MergeRow,
  partContacts,
  returnNamedFacts,
} from '../../db/duplicate/unmerge.ts';
import { lockIdentities } from '../../db/intake/intake.ts';
import { addJournal } from '../../db/journal.ts';
import { restage } from '../../db/scoring/standing.ts';
import type { Doing } from '../actor.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { type Change, noChange } from '../contact/change.ts';
import { mustFindContact } from '../contact/contact.ts';
import { bucketsOf } from '../contact/identity.ts';
import { AppError, allowed, mustFind, refusalOf } from '../error.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import { type Settled, settle } from '../evaluation/settle.ts';
import { restartClocks } from '../handoff/clock.ts';
import { dropChosen, keepChosen } from './choice.ts';

/**
 * Joins two contacts that a person says are one, with all their history: `into` stays. Of two open handoffs the one further
 * along stays, and a lead that was held goes on. `choices` says whose value is kept where the two differ. Refused when somebody decided already or one of the two was joined with
 * another meanwhile.
 */
export function mergeReviewed(
  app: App,
  asked: { readonly likenessId: string; readonly into: string; readonly choices?: Choices },
  by: Doing,
): Promise<Settled> {
  return commit(app, async sql => {
    const pair = await lockOpenPair(sql, asked.likenessId);
    const into = asked.into.toLowerCase();
    if (into !== pair.a_id && into !== pair.b_id) {
      const message = `expected one of the two contacts, ${pair.a_id} or ${pair.b_id}`;
      throw refusalOf('invalid', [{ path: 'into', message }]);
    }
    return joinPair(sql, app, { pair, into, choices: asked.choices ?? {} }, by);
  });
}

/** Puts two contacts up for review because a person says so; returns their pair. Refused where they were kept apart. */
export async function proposePair(
  app: App,
  asked: { readonly contactIds: readonly [string, string]; readonly because: string },
  by: Doing,
): Promise<string> {
  const { contactIds, because } = asked;
  const pairId = await app.db.transaction(async sql => {
    const one = await mustFindContact(sql, contactIds[0]);
    const other = await mustFindContact(sql, contactIds[1]);
    if (one.id === other.id)
      throw refusalOf('invalid', [{ path: 'contactIds', message: 'expected two contacts; both are one' }]);
    const [aId, bId] = one.id < other.id ? [one.id, other.id] : [other.id, one.id];
    const known = await findPairOf(sql, aId, bId);
    if (known !== null && known.state !== 'open')
      throw new AppError('conflict', 'Somebody has kept these two apart. Their review can be reopened.');
    if (known !== null) return known.id;
    const text = `${oneLine(by.actor, 60)}: ${oneLine(because, 500)}`;
    const reasons = [{ kind: 'said' as const, text }];
    const [pair] = await saveDuplicates(sql, [{ id: app.newId(), aId, bId, score: 1, reasons }], by.now);
    if (pair === undefined) throw new AppError('conflict', 'Contacts joined to these two were kept apart.');
    return pair.id;
  });
  announceQueue(app.hub);
  return pairId;
}

/**
 * Joins a contact to another one that a person says is the same, in the caller's transaction; both must be locked. Refused
 * when people have kept the two apart, or one of them was joined with another.
 */
export async function joinInto(
  sql: Sql,
  app: App,
  { from, into }: { readonly from: string; readonly into: string },
  by: Doing,
): Promise<Settled & { readonly mergeId: string }> {
  const [aId, bId] = from < into ? [from, into] : [into, from];
  if ((await findPairOf(sql, aId, bId)) === null)
    await saveDuplicates(sql, [{ id: app.newId(), aId, bId, score: 1, reasons: [] }], by.now);
  const found = await findPairOf(sql, aId, bId);
  if (found === null) throw new AppError('conflict', 'somebody has kept the two apart already');
  const pair = await lockOpenPair(sql, found.id);
  return joinPair(sql, app, { pair, into, choices: {} }, by);
}

async function joinPair(
  sql: Sql,
  app: App,
  of: { readonly pair: DuplicateRow; readonly into: string; readonly choices: Choices },
  { actor, now }: Doing,
): Promise<Settled & { readonly mergeId: string }> {
  const { pair, into, choices } = of;
  const from = into === pair.a_id ? pair.b_id : pair.a_id;
  const before = (await loadBefore(sql, [{ from, into }])).get(from);
  if (before === undefined) throw new Error(`contact ${from} is not there`);
  const mergeId = app.newId();
  await keepChosen(sql, { mergeId, a: pair.a_id, b: pair.b_id, into, choices, now });
  const because = `${oneLine(actor, 60)} said that both are one person`;
  await mergeContacts(
    sql,
    [{ from, into, at: now, recordedAt: now, because, reviewed: { id: mergeId, by: actor, before } }],
    now,
  );
  const settled = await settle(sql, app, { changes: refolding([into], now), opens: 'onCall' });
  return { ...settled, mergeId };
}

/**
 * Takes a reviewed merge apart in the caller's transaction and returns both contacts, locked, to be settled with
 * {@link settleParted}. Refused like {@link undoReviewed}.
 */
export async function partReviewed(
  sql: Sql,
  app: App,
  mergeId: string,
  by: Doing,
): Promise<readonly string[]> {
  const merge = await lockMerge(sql, mergeId);
  for (const row of await listObstacles(sql, [merge.id])) allowed(checkUndo(mergeOf(row)));
  await partThem(sql, app, merge, by);
  return [merge.from_id, merge.into_id];
}

/** Folds and evaluates contacts that were taken apart, in the caller's transaction. */
export async function settleParted(sql: Sql, app: App, ids: readonly string[], now: number): Promise<void> {
  await settle(sql, app, { changes: refolding(ids, now), opens: 'onTime' });
}

/** Says that two contacts are two people: a lead that was held because of it goes on. */
export function keepApart(
  app: App,
  said: { readonly likenessId: string; readonly note: string | null },
  by: Doing,
): Promise<Settled> {
  const { actor, now } = by;
  return commit(app, async sql => {
    const pair = await lockOpenPair(sql, said.likenessId);
    await decideDuplicate(sql, { id: pair.id, state: 'apart', at: now, by: actor, note: said.note });
    await addJournal(
      sql,
      sidesOf(pair).map(({ id: contactId, other }) =>
        entry('kept_apart', { other, note: said.note }, { contactId, at: now, by: actor }),
      ),
    );
    const held = await listWaitingEpisodes(sql, [pair.a_id, pair.b_id]);
    if (held.length === 0) return { contactIds: [pair.a_id, pair.b_id], handoffs: [] };
    const { handoffs: given } = await rerouteEpisodes(sql, app, held, { now });
    return { contactIds: [pair.a_id, pair.b_id], handoffs: given };
  });
}

/** Takes back that two contacts are two people: they are up for review again. */
export function reopenPair(app: App, likenessId: string, by: Doing): Promise<Settled> {
  return commit(app, async sql => {
    const pair = await lockPair(sql, likenessId);
    allowed(checkReopening(duplicateState.parse(pair.state)));
    await decideDuplicate(sql, { id: pair.id, state: 'open', at: null, by: null, note: null });
    await addJournal(
      sql,
      sidesOf(pair).map(({ id: contactId, other }) =>
        entry('apart_taken_back', { other }, { contactId, at: by.now, by: by.actor }),
      ),
    );
    return { contactIds: [pair.a_id, pair.b_id], handoffs: [] };
  });
}

/**
 * Undoes a reviewed merge: both contacts come back, each with what it brought and where it stood; what arrived since stays
 * with the one that stayed. Refused when nobody reviewed it, it was undone already, or what happened since cannot be told
 * apart. Returns the id of the pair, too.
 */
export function undoReviewed(
  app: App,
  mergeId: string,
  by: Doing,
): Promise<Settled & { readonly likenessId: string }> {
  return undo(app, mergeId, by, mergeOf, async () => {});
}

/** Undoes a merge that an id made by itself, like a reviewed one; the two are kept apart from then on. */
export function undoJoined(app: App, mergeId: string, by: Doing): Promise<Settled> {
  return undo(
    app,
    mergeId,
    by,
    row => ({ ...mergeOf(row), isReviewed: true }),
    async (sql, pair, { from_id: fromId, into_id: intoId }) => {
      await returnNamedFacts(sql, { fromId, intoId }, by.now);
      await recallContacts(sql, [fromId, intoId]);
      const note = 'an id that joined too many had joined them';
      await decideDuplicate(sql, { id: pair.id, state: 'apart', at: by.now, by: by.actor, note });
    },
  );
}

type Obstacle = Awaited<ReturnType<typeof listObstacles>>[number];

function undo(
  app: App,
  mergeId: string,
  by: Doing,
  mergeAs: (row: Obstacle) => ReturnType<typeof mergeOf>,
  decide: (sql: Sql, pair: DuplicateRow, merge: MergeRow) => Promise<void>,
): Promise<Settled & { readonly likenessId: string }> {
  return commit(app, async sql => {
    const merge = await lockMerge(sql, mergeId);
    for (const row of await listObstacles(sql, [merge.id])) allowed(checkUndo(mergeAs(row)));
    const { from_id: fromId, into_id: intoId } = merge;
    const pair = await partThem(sql, app, merge, by);
    await decide(sql, pair, merge);
    const changes = refolding([fromId, intoId], by.now);
    return { ...(await settle(sql, app, { changes, opens: 'onTime' })), likenessId: pair.id };
  });
}

/** Gives both contacts of a merge back what they brought, and puts their pair up for review again. */
async function partThem(sql: Sql, app: App, merge: MergeRow, by: Doing): Promise<DuplicateRow> {
  const { from_id: fromId, into_id: intoId, id } = merge;
  const doubles = await loadTimed(sql, await listClosedDoubles(sql, id));
  const parted = await partContacts(sql, { id, fromId, intoId, originIds: originsOf(merge) }, by);
  await restartClocks(sql, app, doubles, by);
  for (const { contact_id: contactId, agreement_id: agreementId } of parted)
    await restage(sql, [contactId], agreementId);
  await dropChosen(sql, { mergeId: id, into: intoId, now: by.now });
  await recallContacts(sql, [fromId, intoId]);
  const [a, b] = [fromId, intoId].sort();
  const [aId, bId] = [a ?? fromId, b ?? intoId];
  // Two that an id joined by itself were never up for review.
  await saveDuplicates(sql, [{ id: app.newId(), aId, bId, score: 1, reasons: [] }], by.now);
  const pair = await findPairOf(sql, aId, bId);
  if (pair === null) throw new Error(`merge ${id} has no pair of contacts`);
  const mergedAt = formatInstant(merge.recorded_at);
  await decideDuplicate(sql, { id: pair.id, state: 'open', at: null, by: null, note: null });
  await addJournal(
    sql,
    sidesOf(pair).map(({ id: contactId, other }) =>
      entry('unmerged', { other, mergedAt }, { contactId, at: by.now, by: by.actor }),
    ),
  );
  return pair;
}

/** Decides on a pair in one transaction and tells browsers after its commit. */
async function commit<Done extends Settled>(app: App, decide: (sql: Sql) => Promise<Done>): Promise<Done> {
  const done = await app.db.transaction(decide);
  announceQueue(app.hub);
  announceContacts(app.hub, done.contactIds);
  return done;
}

function refolding(ids: readonly string[], now: number): ReadonlyMap<string, Change> {
  return new Map(ids.map(id => [id, { ...noChange(now), mustRefold: true }]));
}

const kept = z.object({ followers: z.array(z.string()) });

/** The contact that was joined, and those that had been joined to it before: what they brought goes back to it. */
export function originsOf({ from_id: fromId, kept: stored }: MergeRow): readonly string[] {
  return [fromId, ...kept.parse(stored).followers];
}

/** Locks the contacts of a merge and returns it; the identities that will go back too, as intake does first. */
async function lockMerge(sql: Sql, mergeId: string): Promise<MergeRow> {
  const merge = await mustFindMerge(sql, mergeId);
  if (merge.kept !== null) {
    const brought = await listBrought(sql, merge.into_id, originsOf(merge));
    await lockIdentities(sql, bucketsOf(brought));
  }
  await lockBoth(sql, [merge.from_id, merge.into_id]);
  return mustFindMerge(sql, mergeId);
}

function mustFindMerge(sql: Sql, id: string): Promise<MergeRow> {
  return mustFind({ kind: 'merge', id }, () => findMerge(sql, id));
}

/** Why merges cannot be undone, by id; those that can be are left out. */
export async function undoRefusals(
  sql: Sql,
  mergeIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (mergeIds.length === 0) return new Map();
  const rows = await listObstacles(sql, mergeIds);
  return new Map(
    rows.flatMap((row): readonly [string, string][] => {
      const refused = checkUndo(mergeOf(row));
      return refused === null ? [] : [[row.merge_id, refused.message]];
    }),
  );
}

function mergeOf(row: Obstacle): Parameters<typeof checkUndo>[0] {
  return {
    isReviewed: row.is_reviewed,
    undone: row.undone_at === null ? null : { by: row.undone_by },
    joinedInto: row.joined_into,
    movedOn:
      row.path_label === null || row.state === null
        ? null
        : { label: row.path_label, state: episodeState.parse(row.state), decidedBy: row.decided_by },
  };
}

/** Finds a pair; refuses an id that no pair has. */
export function mustFindPair(sql: Sql, id: string): Promise<DuplicateRow> {
  return mustFind({ kind: 'duplicate', id }, () => findDuplicateRow(sql, id));
}

/** Locks both contacts of a pair and the pair. */
async function lockPair(sql: Sql, id: string): Promise<DuplicateRow & { readonly gone: readonly string[] }> {
  const { a_id: a, b_id: b } = await mustFindPair(sql, id);
  const contacts = await lockBoth(sql, [a, b]);
  await lockDuplicate(sql, id);
  const gone = contacts.flatMap(({ merged_into: into, name }) => (into === null ? [] : [name]));
  return { ...(await mustFindPair(sql, id)), gone };
}

async function lockOpenPair(sql: Sql, id: string): Promise<DuplicateRow> {
  const pair = await lockPair(sql, id);
  const { decided_by: decidedBy, gone } = pair;
  allowed(checkReview({ state: duplicateState.parse(pair.state), decidedBy, gone }));
  return pair;
}

function sidesOf({
  a_id: a,
  b_id: b,
}: DuplicateRow): readonly { readonly id: string; readonly other: string }[] {
  return [
    { id: a, other: b },
    { id: b, other: a },
  ];
}
