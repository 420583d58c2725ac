import { z } from 'zod';
import { isObject } from '../../core/condition/reading.ts';
import { readCall } from '../../core/intake/call.ts';
import { isUuid, uuid } from '../../core/text/uuid.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { listRejectedRows, loadRejected, markReplayed } from '../../db/intake/rejected.ts';
import { AppError } from '../../loop/error.ts';
import { takeIn } from '../../loop/intake/intake.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';

const position = z.object({ at: cursorInstant, id: uuid });
const problemList = z.array(z.object({ path: z.string(), message: z.string() }));

type Row = NonNullable<Awaited<ReturnType<typeof loadRejected>>>;

function rejectedOf(row: Row) {
  return {
    id: row.id,
    receivedAt: formatInstant(row.received_at),
    reason: row.reason,
    problems: problemList.parse(row.problems),
    call: row.call,
    replayedAt: row.replayed_at === null ? null : formatInstant(row.replayed_at),
  };
}

/** Lists calls that could not be used, newest first. */
export const listRejected: Handler<'listRejected'> = async ({ app }, { query }) => {
  const after = readCursor(query.cursor, position);
  const { page, last } = splitPage(
    await listRejectedRows(app.db, { after, limit: query.limit + 1 }),
    query.limit,
  );
  const nextCursor = last === null ? null : writeCursor({ at: last.received_at, id: last.id });
  return { items: page.map(rejectedOf), nextCursor };
};

/** Takes a rejected call in again, as it was or mended; what it tells of happened when it was first received. */
export const replayRejected: Handler<'replayRejected'> = async ({ app, now }, { params, body }) => {
  const row = isUuid(params.id) ? await loadRejected(app.db, params.id) : null;
  if (row === null) throw new AppError('notFound', 'there is no such rejected call');
  const raw = body.call ?? row.call;
  const trust = row.key_kind === 'public' ? 'public' : 'server';
  const messageId = isObject(raw) && typeof raw.messageId === 'string' ? raw.messageId : `replay-${row.id}`;
  const read = readCall(raw, { receivedAt: row.received_at, trust, messageId });
  if (read.refusal !== null) {
    throw new AppError('invalid', 'the call still cannot be used', { problems: read.refusal.problems });
  }
  const { call } = read;
  await app.db.transaction(async sql => {
    await takeIn(sql, app, [{ ...call, receivedAt: now }], { now, batchId: null, opens: 'onCall' });
    await markReplayed(sql, row.id, now);
  });
  return rejectedOf({ ...row, replayed_at: now });
};
