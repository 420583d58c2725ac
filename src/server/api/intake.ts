import { z } from 'zod';
import { uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { listRejectedRows } from '../../db/intake/rejected.ts';
import { countUnkept, type RejectedCall, takeInRejected } from '../../loop/intake/rejected.ts';
import { changeIntakeSettings, findIntakeSettings } from '../../loop/intake/setting.ts';
import { doing } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler } from '../handler/handler.ts';

const position = z.object({ at: cursorInstant, id: uuid });
const problemList = z.array(z.object({ path: z.string(), message: z.string() }));

function rejectedOf(row: RejectedCall) {
  return {
    id: row.id,
    receivedAt: formatInstant(row.received_at),
    reason: row.reason,
    problems: problemList.parse(row.problems),
    call: row.call,
    replayedAt: instantOrNull(row.replayed_at),
  };
}

/** Lists calls that could not be used, newest first, and how many more were only counted. */
export const listRejected: Handler<'listRejected'> = async ({ app, now }, { query }) => {
  const after = readCursor(query.cursor, position);
  const { page, last } = splitPage(
    await listRejectedRows(app.db, { after, limit: query.limit + 1 }),
    query.limit,
  );
  const nextCursor = last === null ? null : writeCursor({ at: last.received_at, id: last.id });
  const notKept = await countUnkept(app, now);
  return { items: page.map(rejectedOf), nextCursor, notKept };
};

/** Takes a rejected call in, once, as it was or mended; what it tells of happened when it was first received. */
export const replayRejected: Handler<'replayRejected'> = async (request, { params, body }) =>
  rejectedOf(
    await takeInRejected(
      request.app,
      params.id,
      { mended: body.call ?? null, byAdmin: request.caller?.role === 'admin' },
      doing(request, 'replayRejected'),
    ),
  );

/** Answers with what holds for incoming calls. */
export const getIntake: Handler<'getIntake'> = ({ app }) => findIntakeSettings(app.db);

/** Sets what holds for incoming calls, and answers with it. */
export const saveIntake: Handler<'saveIntake'> = async (request, { body }) => {
  await changeIntakeSettings(request.app, body, doing(request, 'saveIntake'));
  return findIntakeSettings(request.app.db);
};
