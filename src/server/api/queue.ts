import { z } from 'zod';
import { uuid } from '../../core/text/uuid.ts';
import { countQueue, listEpisodeRows, listQueueRows } from '../../db/decision/queue.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Caller, Handler } from '../handler/handler.ts';
import { readInstant } from '../handler/query.ts';
import { dueOf, toEpisodeHeads } from './episode.ts';

const queuePosition = z.object({ due: cursorInstant.nullable(), id: uuid });

/** Lists open episodes, what is due first on top; the counts are those of the whole queue, whatever part is asked for. */
export const listQueue: Handler<'listQueue'> = async (request, { query }) => {
  const { app, caller, now } = request;
  const after = readCursor(query.cursor, queuePosition);
  const [rows, counts] = await Promise.all([
    listQueueRows(app.db, {
      ownerId: ownerIdOf(query.owner, caller),
      unownedOnly: query.owner === 'none',
      after,
      limit: query.limit + 1,
    }),
    countQueue(app.db, { userId: caller?.id ?? null, now }),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: await toEpisodeHeads(request, page),
    nextCursor: last === null ? null : writeCursor({ due: dueOf(last)?.at ?? null, id: last.id }),
    counts,
  };
};

/** The id of the person that `owner` means: an API key owns nothing, so its `me` is nobody. */
function ownerIdOf(owner: string | undefined, caller: Caller | null): string | null {
  if (owner === undefined || owner === 'none') return null;
  return owner === 'me' ? (caller?.id ?? '') : owner;
}

const episodePosition = z.object({ at: cursorInstant, id: uuid });

/** Lists the episodes behind a figure of a report: handed off from `from` up to, not including, `to`. */
export const listEpisodes: Handler<'listEpisodes'> = async (request, { query }) => {
  const after = readCursor(query.cursor, episodePosition);
  const rows = await listEpisodeRows(request.app.db, {
    range: { from: readInstant(query, 'from'), to: readInstant(query, 'to') },
    outcome: query.outcome ?? null,
    state: query.state ?? null,
    after,
    limit: query.limit + 1,
  });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: await toEpisodeHeads(request, page),
    nextCursor: last === null ? null : writeCursor({ at: last.handed_off_at, id: last.id }),
  };
};
