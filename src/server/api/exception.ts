import { z } from 'zod';
import { type Exception, exceptionKind } from '../../contract/api/exception.ts';
import { reasonLabel } from '../../core/exception/exception.ts';
import { nextDue } from '../../core/followup/due.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import { checkTrouble, type Remit } from '../../core/routing/remit.ts';
import { uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import {
  countExceptions,
  type ExceptionRow,
  findExceptionRow,
  listExceptionRows,
} from '../../db/exception/exception.ts';
import { joiningIdOf, takeApart } from '../../loop/duplicate/joined.ts';
import { mustFind } from '../../loop/error.ts';
import { troubleOf } from '../../loop/exception/trouble.ts';
import {
  closeByHand,
  fillInException,
  missingOf,
  rerouteException,
  takeOnException,
} from '../../loop/followup/exception.ts';
import { doing, findRemit } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { sentenceAt } from './episode.ts';
import { personOrNull } from './person.ts';

const position = z.object({ at: cursorInstant, id: uuid });

/** Lists what waits for a person, due first, or what was dealt with, newest first; the counts are of all that is open. */
export const listExceptions: Handler<'listExceptions'> = async (request, { query }) => {
  const { app, caller, now } = request;
  const { state, limit } = query;
  const after = readCursor(query.cursor, position);
  const [rows, counted, remit] = await Promise.all([
    listExceptionRows(app.db, {
      state,
      kind: query.kind ?? null,
      ownerId: query.owner === 'me' ? (caller?.id ?? '') : (query.owner ?? null),
      after,
      limit: limit + 1,
    }),
    countExceptions(app.db, { now, userId: caller?.id ?? null }),
    findRemit(request, 'takeException'),
  ]);
  const { page, last } = splitPage(rows, limit);
  const at = last === null ? null : state === 'open' ? last.due_at : last.closed_at;
  const counts = {
    unassigned: 0,
    missing_data: 0,
    duplicate: 0,
    delivery: 0,
    breach: 0,
    overdue: 0,
    mine: 0,
  };
  for (const { kind, open, overdue, mine } of counted) {
    counts[exceptionKind.parse(kind)] = open;
    counts.overdue += overdue;
    counts.mine += mine;
  }
  return {
    items: page.map(row => toException(row, { remit, now: request.now })),
    nextCursor: last === null || at === null ? null : writeCursor({ at, id: last.id }),
    counts,
  };
};

const particulars = z.object({
  likeness: z
    .object({
      id: z.string(),
      other: z.object({
        id: z.string(),
        name: z.string(),
        title: z.string().nullable(),
        email: z.string().nullable(),
        company: z.string().nullable(),
      }),
      reasons: z.array(z.string()),
      score: z.number(),
    })
    .nullable()
    .catch(null)
    .default(null),
});

/** An exception as the API gives it. */
function toException(
  row: ExceptionRow,
  { remit, now }: { readonly remit: Remit | null; readonly now: number },
): Exception {
  const { likeness } = particulars.parse(row.particulars ?? {});
  return {
    id: row.id,
    kind: exceptionKind.parse(row.kind),
    reason: { id: row.reason, label: reasonLabel(row.reason) },
    detail: row.detail,
    why: reasonIn(row.particulars),
    missing: [...missingOf(row)],
    joining: joiningIdOf(row),
    likeness,
    contact:
      row.contact_id === null
        ? null
        : {
            id: row.contact_id,
            name: row.contact_name ?? '',
            title: row.contact_title,
            email: row.contact_email,
            company: row.contact_company,
          },
    episode: episodeOf(row, now),
    owner: personOrNull(row.owner_id, row.owner_name),
    openedAt: formatInstant(row.opened_at),
    dueAt: formatInstant(row.due_at),
    retryAt: instantOrNull(row.retry_at),
    closedAt: instantOrNull(row.closed_at),
    closedBy: row.closed_by,
    resolution: row.resolution,
    workRefused:
      remit === null ? 'Your role works no leads.' : (checkTrouble(troubleOf(row), remit)?.message ?? null),
  };
}

function episodeOf(row: ExceptionRow, now: number): Exception['episode'] {
  const { episode_id: id, path, path_label: label, total, sentence, handed_off_at: handedOffAt } = row;
  if (id === null || path === null || total === null || sentence === null || handedOffAt === null)
    return null;
  // An exception is over once somebody owns the lead; the decision is theirs to watch.
  const due = nextDue({
    firstTouchAt: row.first_touch_at,
    firstTouchDueAt: row.first_touch_due_at,
    decisionDueAt: null,
  });
  return {
    id,
    path: { id: path, label: label ?? path },
    total,
    grade: row.grade,
    sentence: sentenceAt({ grounds: row.grounds, sentence, lines: [], at: handedOffAt }, now),
    handedOffAt: formatInstant(handedOffAt),
    due: due === null ? null : { ...due, at: formatInstant(due.at) },
  };
}

/** Answers with one exception. */
export const getException: Handler<'getException'> = (request, { params }) =>
  mustFindException(request, params.id);

async function mustFindException(request: Request, id: string): Promise<Exception> {
  const row = await mustFind({ kind: 'exception', id }, () => findExceptionRow(request.app.db, id));
  return toException(row, { remit: await findRemit(request, 'takeException'), now: request.now });
}

/** Makes somebody the one who deals with an exception. */
export const takeException: Handler<'takeException'> = async (request, { params, body }) => {
  const by = doing(request, 'takeException');
  await takeOnException(request.app, params.id, { ownerId: body.ownerId ?? by.userId ?? null }, by);
  return mustFindException(request, params.id);
};

/** Tries to give a waiting lead to somebody now. */
export const retryException: Handler<'retryException'> = async (request, { params }) => {
  await rerouteException(request.app, params.id, doing(request, 'retryException'));
  return mustFindException(request, params.id);
};

/** Fills in what a lead lacks; scores and routing follow at once. */
export const completeException: Handler<'completeException'> = async (request, { params, body }) => {
  await fillInException(request.app, params.id, body.values, doing(request, 'completeException'));
  return mustFindException(request, params.id);
};

/** Takes apart what an id joined that would join too many. */
export const partException: Handler<'partException'> = async (request, { params }) => {
  const { parted, kept } = await takeApart(request.app, params.id, doing(request, 'partException'));
  return { parted, kept: [...kept] };
};

/** Closes a failed delivery or a breach that a person dealt with; a lead that waits needs an owner instead. */
export const closeException: Handler<'closeException'> = async (request, { params, body }) => {
  await closeByHand(request.app, params.id, body, doing(request, 'closeException'));
  return { ok: true };
};
