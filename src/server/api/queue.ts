import { z } from 'zod';
import { SOON_MS } from '../../core/followup/board.ts';
import { oneLine } from '../../core/text/safe.ts';
import { uuid } from '../../core/text/uuid.ts';
import { instantOrNull } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import {
  countQueue,
  type EpisodeRow,
  listEpisodeRows,
  listQueueRows,
  type QueueFilter,
} from '../../db/decision/queue.ts';
import { AppError } from '../../loop/error.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Caller, Handler } from '../handler/handler.ts';
import { readInstant } from '../handler/query.ts';
import { dueOf, toEpisodeHeads } from './episode.ts';

const queuePosition = z.discriminatedUnion('sort', [
  z.object({ sort: z.literal('due'), due: cursorInstant.nullable(), id: uuid }),
  z.object({ sort: z.literal('-total'), total: z.int32(), id: uuid }),
  z.object({ sort: z.literal('-handedOffAt'), at: cursorInstant, id: uuid }),
]);
type QueuePosition = z.output<typeof queuePosition>;
type QueueQuery = Parameters<Handler<'listQueue'>>[1]['query'];

/** For how long a lead that somebody else got is news, in ms. */
const FRESH_MS = 3_600_000;
/** How many values of a kind the queue offers to be narrowed by. */
const MAX_OPTIONS = 100;

/** Lists open episodes; the counts and options are those of the whole queue, whatever part is asked for. */
export const listQueue: Handler<'listQueue'> = async (request, { query }) => {
  const { app, caller, now } = request;
  const after = readQueuePosition(query);
  const filter = filterOf(query, caller, now);
  const limit = query.limit + 1;
  const userId = caller?.id ?? null;
  const [rows, counted] = await Promise.all([
    listQueueRows(app.db, { ...pageOf(query.sort, after), filter, limit }),
    countQueue(app.db, { userId, now, freshSince: now - FRESH_MS }),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  const isOwn = caller?.role === 'rep' && userId !== null;
  const few = (values: readonly string[] | null | undefined) => (values ?? []).slice(0, MAX_OPTIONS);
  return {
    items: await toEpisodeHeads(request, page),
    nextCursor: last === null ? null : writeCursor(positionOf(last, query.sort)),
    counts: {
      mine: counted?.mine ?? 0,
      unassigned: counted?.unassigned ?? 0,
      all: counted?.all ?? 0,
      others: counted?.others ?? 0,
      overdue: (isOwn ? counted?.my_overdue : counted?.all_overdue) ?? 0,
      fresh: counted?.fresh ?? 0,
      snoozed: counted?.snoozed ?? 0,
      snoozedOverdue: counted?.snoozed_overdue ?? 0,
    },
    nextReturnAt: instantOrNull(counted?.next_return ?? null),
    options: {
      owners: few(counted?.owners),
      teams: few(counted?.teams),
      grades: few(counted?.grades),
      sources: few(counted?.sources),
      campaigns: few(counted?.campaigns),
    },
  };
};

function filterOf(query: QueueQuery, caller: Caller | null, now: number): QueueFilter {
  const q = oneLine(query.q ?? '', 200);
  return {
    ownerId: ownerIdOf(query.owner, caller),
    unownedOnly: query.owner === 'none',
    isRouted: query.part === 'all' ? null : query.part === 'others',
    team: query.team ?? null,
    dueBefore: query.overdue === 'yes' ? now : query.due === 'hour' ? now + SOON_MS : null,
    dueFrom: query.overdue !== 'yes' && query.due === 'hour' ? now : null,
    isSnoozed: isSnoozedIn(query),
    now,
    grade: query.grade ?? null,
    source: query.source ?? null,
    campaign: query.campaign ?? null,
    q: q === '' ? null : q,
  };
}

/** One's own queue is without what one has snoozed, unless it is asked for. */
function isSnoozedIn({ owner, snoozed = owner === 'me' ? 'no' : 'all' }: QueueQuery): boolean | null {
  return snoozed === 'all' ? null : snoozed === 'yes';
}

function readQueuePosition({ cursor, sort }: QueueQuery): QueuePosition | null {
  const after = readCursor(cursor, queuePosition);
  if (after === null || after.sort === sort) return after;
  throw new AppError('malformed', 'the cursor belongs to a list in another order', {
    problems: [{ path: 'query.cursor', message: 'expected the nextCursor of a list in this order' }],
  });
}

/** The order of a page with where the last one ended. */
function pageOf(sort: QueueQuery['sort'], after: QueuePosition | null) {
  switch (sort) {
    case 'due':
      return { sort, after: after?.sort === sort ? after : null };
    case '-total':
      return { sort, after: after?.sort === sort ? after : null };
    case '-handedOffAt':
      return { sort, after: after?.sort === sort ? after : null };
    default:
      return unreachable(sort);
  }
}

function positionOf(last: EpisodeRow, sort: QueueQuery['sort']): QueuePosition {
  const { id } = last;
  switch (sort) {
    case 'due':
      return { sort, due: dueOf(last)?.at ?? null, id };
    case '-total':
      return { sort, total: last.now_total ?? last.total, id };
    case '-handedOffAt':
      return { sort, at: last.handed_off_at, id };
    default:
      return unreachable(sort);
  }
}

/** The id of the person that `owner` means: an API key owns nothing, so its `me` is nobody. */
export function ownerIdOf(owner: string | undefined, caller: Caller | null): string | null {
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
