import { z } from 'zod';
import { stage } from '../../contract/api/contact.ts';
import {
  type Duplicate,
  type DuplicateDetail,
  type DuplicateSide,
  duplicateState,
  likenessReason,
} from '../../contract/api/duplicate.ts';
import { setBag } from '../../core/contact/profile.ts';
import { chosenFact } from '../../core/duplicate/choice.ts';
import { compareProfiles } from '../../core/duplicate/comparison.ts';
import { whichStays } from '../../core/duplicate/keep.ts';
import { oneLine } from '../../core/text/safe.ts';
import { isUuid, uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull, LAST_INSTANT } from '../../core/time/instant.ts';
import type { Sql } from '../../db/database.ts';
import {
  countDuplicates,
  type DuplicateRow,
  listDecidedDuplicates,
  listOpenDuplicates,
  loadSides,
  type SideRow,
} from '../../db/duplicate/review.ts';
import { findMerge } from '../../db/duplicate/unmerge.ts';
import { loadFacts } from '../../db/intake/event.ts';
import { loadPastFacts } from '../../db/scoring/past.ts';
import { episodeStateOf } from '../../loop/decision/state.ts';
import { foldBoth } from '../../loop/duplicate/choice.ts';
import {
  keepApart,
  mergeReviewed,
  mustFindPair,
  originsOf,
  proposePair,
  reopenPair,
  undoRefusals,
  undoReviewed,
} from '../../loop/duplicate/review.ts';
import { notFound } from '../../loop/error.ts';
import { doing } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';
import { personOrNull } from './person.ts';

const surest = z.object({ score: z.number(), id: uuid });
const latest = z.object({ at: cursorInstant, id: uuid });

/** Lists pairs that may be one person: open ones surest first, decided ones newest first. */
export const listDuplicates: Handler<'listDuplicates'> = async ({ app }, { query }) => {
  const { state } = query;
  const contactId = query.contact ?? null;
  if (contactId !== null && !isUuid(contactId)) throw notFound({ kind: 'contact', id: contactId });
  const page = { contactId, limit: query.limit + 1 };
  const rows =
    state === 'open'
      ? await listOpenDuplicates(app.db, { ...page, after: readCursor(query.cursor, surest) })
      : await listDecidedDuplicates(app.db, { ...page, state, after: readCursor(query.cursor, latest) });
  const { page: shown, last } = splitPage(rows, query.limit);
  const counts = { open: 0, merged: 0, apart: 0 };
  for (const row of await countDuplicates(app.db, contactId)) counts[duplicateState.parse(row.state)] = row.n;
  return {
    items: await toDuplicates(app.db, shown),
    nextCursor:
      last === null ? null : writeCursor(state === 'open' ? openPosition(last) : decidedPosition(last)),
    counts,
  };
};

const openPosition = ({ score, id }: DuplicateRow) => ({ score, id });
const decidedPosition = ({ decided_at: at, found_at: found, id }: DuplicateRow) => ({ at: at ?? found, id });

/** Answers with one pair, field by field. */
export const getDuplicate: Handler<'getDuplicate'> = ({ app }, { params }) => detailOf(app.db, params.id);

/** Puts two contacts up for review; answers with their pair. */
export const proposeDuplicate: Handler<'proposeDuplicate'> = async (request, { body }) => ({
  id: await proposePair(request.app, body, doing(request, 'proposeDuplicate')),
});

/** Joins the two contacts of a pair. */
export const mergeDuplicate: Handler<'mergeDuplicate'> = async (request, { params, body }) => {
  await mergeReviewed(
    request.app,
    { likenessId: params.id, into: body.into, choices: body.keep ?? {} },
    doing(request, 'mergeDuplicate'),
  );
  return detailOf(request.app.db, params.id);
};

/** Keeps the two contacts of a pair apart. */
export const keepDuplicateApart: Handler<'keepDuplicateApart'> = async (request, { params, body }) => {
  const note = body.note?.trim() ?? '';
  const said = { likenessId: params.id, note: note === '' ? null : note };
  await keepApart(request.app, said, doing(request, 'keepDuplicateApart'));
  return detailOf(request.app.db, params.id);
};

/** Takes back that the two contacts of a pair are two people. */
export const reopenDuplicate: Handler<'reopenDuplicate'> = async (request, { params }) => {
  await reopenPair(request.app, params.id, doing(request, 'reopenDuplicate'));
  return detailOf(request.app.db, params.id);
};

/** Undoes a reviewed merge; answers with the pair, which is up for review again. */
export const undoMerge: Handler<'undoMerge'> = async (request, { params }) => {
  const { likenessId } = await undoReviewed(request.app, params.id, doing(request, 'undoMerge'));
  return detailOf(request.app.db, likenessId);
};

async function detailOf(sql: Sql, id: string): Promise<DuplicateDetail> {
  const pair = await mustFindPair(sql, id);
  const [shown] = await toDuplicates(sql, [pair]);
  if (shown === undefined) throw new Error(`likeness ${id} has no contacts`);
  const facts = await loadSaid(sql, pair);
  const joined = foldBoth(facts);
  const fact = chosenFact(joined, {});
  const both =
    fact === null
      ? joined.both
      : {
          ...joined.both,
          contact: setBag(joined.both.contact, fact.contact),
          companyPart: setBag(joined.both.companyPart, fact.companyPart),
        };
  return { ...shown, fields: [...compareProfiles({ ...joined, both })] };
}

type FactRow = Omit<Awaited<ReturnType<typeof loadFacts>>[number], 'contact_id'>;

/** What was said of each of the two; of a merged pair, of the one that stayed with what it was told since. */
async function loadSaid(
  sql: Sql,
  pair: DuplicateRow,
): Promise<{ readonly a: readonly FactRow[]; readonly b: readonly FactRow[] }> {
  const { a_id: a, b_id: b, merge_id: mergeId } = pair;
  const merge = mergeId === null ? null : await findMerge(sql, mergeId);
  if (merge === null || merge.kept === null) {
    const rows = await loadFacts(sql, [a, b]);
    return { a: rows.filter(row => row.contact_id === a), b: rows.filter(row => row.contact_id === b) };
  }
  const { from_id: from, into_id: into } = merge;
  const brought = await loadPastFacts(sql, {
    ownerIds: [into],
    originIds: originsOf(merge),
    knownAt: LAST_INSTANT,
  });
  const isBrought = new Set(brought.map(row => row.message_id));
  const stayed = (await loadFacts(sql, [into])).filter(row => !isBrought.has(row.message_id));
  return from === a ? { a: brought, b: stayed } : { a: stayed, b: brought };
}

async function toDuplicates(sql: Sql, rows: readonly DuplicateRow[]): Promise<Duplicate[]> {
  if (rows.length === 0) return [];
  const sides = new Map(
    (await loadSides(sql, [...new Set(rows.flatMap(row => [row.a_id, row.b_id]))])).map(side => [
      side.id,
      side,
    ]),
  );
  const refused = await undoRefusals(
    sql,
    rows.flatMap(row => row.merge_id ?? []),
  );
  return rows.flatMap(row => {
    const [a, b] = [sides.get(row.a_id), sides.get(row.b_id)];
    if (a === undefined || b === undefined) return [];
    return [
      {
        id: row.id,
        score: row.score,
        reasons: reasonList.parse(row.reasons),
        state: duplicateState.parse(row.state),
        foundAt: formatInstant(row.found_at),
        decidedAt: instantOrNull(row.decided_at),
        decidedBy: row.decided_by,
        note: row.note,
        a: toSide(a),
        b: toSide(b),
        suggestedInto: whichStays(keepable(a), keepable(b)) === 'a' ? a.id : b.id,
        merge:
          row.merge_id === null || row.into_id === null
            ? null
            : { id: row.merge_id, intoId: row.into_id, undoRefused: refused.get(row.merge_id) ?? null },
      },
    ];
  });
}

const reasonList = z.array(likenessReason);

function toSide(row: SideRow): DuplicateSide {
  const { id, name, title, email, company, phone } = row;
  return {
    id,
    name,
    title,
    email,
    company,
    phone: phone === null ? null : oneLine(phone, 60),
    createdAt: formatInstant(row.created_at),
    lastSeenAt: instantOrNull(row.last_seen_at),
    stage: stage.parse(row.stage),
    total: row.total,
    owner: personOrNull(row.owner_id, row.owner_name),
    openEpisode:
      row.episode_id === null
        ? null
        : {
            id: row.episode_id,
            state: episodeStateOf(row.episode_state ?? 'open'),
            handedOffAt: formatInstant(row.handed_off_at ?? row.created_at),
            owner: personOrNull(row.episode_owner_id, row.episode_owner_name),
            waitingFor: row.waiting_for,
          },
  };
}

function keepable({
  created_at: createdAt,
  owner_id: ownerId,
  episode_state: state,
  episode_owner_id: workerId,
}: SideRow) {
  const handoff = state === null ? null : { state: episodeStateOf(state), isOwned: workerId !== null };
  return { createdAt, isOwned: ownerId !== null, handoff };
}
