import { z } from 'zod';
import { type Exception, exceptionKind } from '../../contract/api/exception.ts';
import { readFilledIn, reasonLabel } from '../../core/exception/exception.ts';
import { checkClosing, checkOpen, contactToComplete, episodeToGive } from '../../core/exception/work.ts';
import { readCall } from '../../core/intake/call.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import { oneLine } from '../../core/text/safe.ts';
import { isUuid, uuid } from '../../core/text/uuid.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { listIdentityRows } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import {
  closeExceptionRow,
  countExceptions,
  type ExceptionRow,
  findExceptionRow,
  listExceptionRows,
  lockException,
  takeExceptionRow,
} from '../../db/exception/exception.ts';
import { addJournal } from '../../db/journal.ts';
import type { App } from '../../loop/app.ts';
import { AppError, allowed, refusalOf } from '../../loop/error.ts';
import { announce } from '../../loop/evaluation/announce.ts';
import { rerouteEpisodes } from '../../loop/evaluation/reroute.ts';
import { takeIn } from '../../loop/intake/intake.ts';
import { noOwner } from '../../loop/routing/owner.ts';
import { mustBeSomeone } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Request } from '../handler/handler.ts';

const position = z.object({ at: cursorInstant, id: uuid });

/** Lists what waits for a person, due first, or what was dealt with, newest first; the counts are of all that is open. */
export const listExceptions: Handler<'listExceptions'> = async ({ app, caller, now }, { query }) => {
  const { state, limit } = query;
  const after = readCursor(query.cursor, position);
  const [rows, counted] = await Promise.all([
    listExceptionRows(app.db, {
      state,
      kind: query.kind ?? null,
      ownerId: query.owner === 'me' ? (caller?.id ?? '') : (query.owner ?? null),
      after,
      limit: limit + 1,
    }),
    countExceptions(app.db, { now, userId: caller?.id ?? null }),
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
    items: page.map(toException),
    nextCursor: last === null || at === null ? null : writeCursor({ at, id: last.id }),
    counts,
  };
};

const particulars = z.object({
  missing: z.array(z.string()).catch([]).default([]),
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

function missingIn(row: Pick<ExceptionRow, 'particulars'>): readonly string[] {
  return particulars.parse(row.particulars ?? {}).missing;
}

/** An exception as the API gives it. */
function toException(row: ExceptionRow): Exception {
  const { missing, likeness } = particulars.parse(row.particulars ?? {});
  const at = (time: number | null) => (time === null ? null : formatInstant(time));
  return {
    id: row.id,
    kind: exceptionKind.parse(row.kind),
    reason: { id: row.reason, label: reasonLabel(row.reason) },
    detail: row.detail,
    why: reasonIn(row.particulars),
    missing,
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
    episode: episodeOf(row),
    owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? 'Somebody who left' },
    openedAt: formatInstant(row.opened_at),
    dueAt: formatInstant(row.due_at),
    retryAt: at(row.retry_at),
    closedAt: at(row.closed_at),
    closedBy: row.closed_by,
    resolution: row.resolution,
  };
}

function episodeOf(row: ExceptionRow): Exception['episode'] {
  const { episode_id: id, path, path_label: label, total, sentence, handed_off_at: handedOffAt } = row;
  if (id === null || path === null || total === null || sentence === null || handedOffAt === null)
    return null;
  const dueAt = row.first_touch_due_at;
  return {
    id,
    path: { id: path, label: label ?? path },
    total,
    grade: row.grade,
    sentence,
    handedOffAt: formatInstant(handedOffAt),
    due: dueAt === null ? null : { kind: 'firstTouch', at: formatInstant(dueAt) },
  };
}

/** Answers with one exception. */
export const getException: Handler<'getException'> = async ({ app }, { params }) => answer(app, params.id);

async function answer(app: App, id: string): Promise<Exception> {
  const row = isUuid(id) ? await findExceptionRow(app.db, id) : null;
  if (row === null) throw new AppError('notFound', `there is no exception ${oneLine(id, 60)}`);
  return toException(row);
}

/** Locks an open exception; refuses one that is closed or unknown. */
async function mustLock(sql: Sql, id: string) {
  const row = isUuid(id) ? await lockException(sql, id) : null;
  if (row === null) throw new AppError('notFound', `there is no exception ${oneLine(id, 60)}`);
  allowed(checkOpen({ closedAt: row.closed_at }));
  return row;
}

/** Of somebody known by more identifiers than this, any will do. */
const MAX_IDENTITIES = 20;

/** Makes somebody the one who deals with an exception. */
export const takeException: Handler<'takeException'> = async (request, { params, body }) => {
  const { app, now } = request;
  const caller = mustBeSomeone(request.caller);
  const ownerId = body.ownerId ?? caller.id;
  await app.db.transaction(async sql => {
    const row = await mustLock(sql, params.id);
    const name = ownerId === null ? null : await takeExceptionRow(sql, row.id, ownerId);
    if (name === null) throw noOwner();
    if (row.contact_id === null) return;
    await addJournal(sql, [
      {
        kind: 'exception_taken',
        contactId: row.contact_id,
        episodeId: row.episode_id,
        agreementId: null,
        version: null,
        at: now,
        recordedAt: now,
        actor: caller.name,
        particulars: { owner: name, exception: row.kind },
      },
    ]);
  });
  app.hub.publish(null, { kind: 'queue' });
  return answer(app, params.id);
};

/** Tries to give a waiting lead to somebody now. */
export const retryException: Handler<'retryException'> = async (request, { params }) => {
  const { app, now } = request;
  mustBeSomeone(request.caller);
  const settled = await app.db.transaction(async sql => {
    const row = await findOpen(sql, params.id);
    const episodeId = allowed(episodeToGive({ episodeId: row.episode_id }));
    return rerouteEpisodes(sql, app, [episodeId], { now });
  });
  announce(app.hub, settled);
  return answer(app, params.id);
};

/** Finds an open exception without locking it: what follows locks the contact first, as everybody does. */
async function findOpen(sql: Sql, id: string) {
  const row = isUuid(id) ? await findExceptionRow(sql, id) : null;
  if (row === null) throw new AppError('notFound', `there is no exception ${oneLine(id, 60)}`);
  allowed(checkOpen({ closedAt: row.closed_at }));
  return row;
}

/** Fills in what a lead lacks: taken in like a server's call, so that scores and routing follow at once. */
export const completeException: Handler<'completeException'> = async (request, { params, body }) => {
  const { app } = request;
  mustBeSomeone(request.caller);
  const settled = await app.db.transaction(async sql => {
    const row = await findOpen(sql, params.id);
    const contactId = allowed(contactToComplete({ contactId: row.contact_id }));
    const { traits, problems } = readFilledIn(body.values, missingIn(row));
    if (problems.length > 0) throw refusalOf('invalid', problems);
    const call = await callOf(sql, request, { contactId, exceptionId: row.id, traits });
    return takeIn(sql, app, [call], { now: request.now, batchId: null, opens: 'onCall' });
  });
  announce(app.hub, settled);
  return answer(app, params.id);
};

async function callOf(
  sql: Sql,
  { now }: Request,
  of: {
    readonly contactId: string;
    readonly exceptionId: string;
    readonly traits: Readonly<Record<string, unknown>>;
  },
) {
  const identities = await listIdentityRows(sql, of.contactId, MAX_IDENTITIES);
  const idOf = (kind: string) => identities.find(identity => identity.kind === kind)?.value;
  const email = idOf('email');
  const read = readCall(
    {
      type: 'identify',
      userId: idOf('user'),
      anonymousId: idOf('anonymous'),
      traits: { ...(email === undefined ? {} : { email }), ...of.traits },
    },
    { receivedAt: now, trust: 'server', messageId: `exception-${of.exceptionId}-${now}` },
  );
  if (read.call !== null) return read.call;
  throw new AppError('invalid', read.refusal.reason, { problems: [...read.refusal.problems] });
}

/** Closes a failed delivery or a breach that a person dealt with; a lead that waits needs an owner instead. */
export const closeException: Handler<'closeException'> = async (request, { params, body }) => {
  const { app, now } = request;
  const caller = mustBeSomeone(request.caller);
  await app.db.transaction(async sql => {
    const row = await mustLock(sql, params.id);
    allowed(checkClosing({ episodeId: row.episode_id }));
    await closeExceptionRow(sql, row.id, { at: now, by: caller.name, resolution: body.note });
  });
  app.hub.publish(null, { kind: 'queue' });
  return { ok: true };
};
