import { z } from 'zod';
import type { BoardFigures, BoardMember, BoardTeam } from '../../contract/api/board.ts';
import { activityKind } from '../../contract/api/episode.ts';
import { capacityOf, SOON_MS, weekStart } from '../../core/followup/board.ts';
import { readEdge } from '../../core/report/period.ts';
import { attendanceOf, attendanceWords } from '../../core/routing/attendance.ts';
import { oneLine } from '../../core/text/safe.ts';
import { uuid } from '../../core/text/uuid.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { FIRST_KEPT, formatInstant, instantOrNull, LAST_INSTANT } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import {
  countQueue,
  type EpisodeRow,
  findEpisodeRows,
  listDecidedRows,
  listQueueRows,
  type QueueFilter,
} from '../../db/decision/queue.ts';
import {
  countColdLeads,
  countColdRows,
  countDecidedLeads,
  countOpenLeads,
  listColdRows,
} from '../../db/followup/board.ts';
import { listEpisodeRows } from '../../db/report/drill.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import { AppError } from '../../loop/error.ts';
import { loadTerms } from '../../loop/report/terms.ts';
import { loadStaff } from '../../loop/routing/staff.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Caller, Handler, Request } from '../handler/handler.ts';
import { readInstant } from '../handler/query.ts';
import { readFilters, readTraits } from '../report/read.ts';
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
function ownerIdOf(owner: string | undefined, caller: Caller | null): string | null {
  if (owner === undefined || owner === 'none') return null;
  return owner === 'me' ? (caller?.id ?? '') : owner;
}

const episodePosition = z.object({ at: cursorInstant, id: uuid });

/** Lists the episodes behind a figure of a report, newest handoff first; without a range all there are. */
export const listEpisodes: Handler<'listEpisodes'> = async (request, { query }) => {
  const { app, now } = request;
  const after = readCursor(query.cursor, episodePosition);
  const { zone } = await loadTerms(app.db, query.agreement);
  const { at, ...filters } = readFilters(query, zone);
  const edge = (name: 'from' | 'to') => (query[name] === undefined ? null : readEdge(query[name], zone));
  const of = {
    ...filters,
    at: Math.min(at ?? now, now),
    range: { from: edge('from') ?? FIRST_KEPT, to: edge('to') ?? LAST_INSTANT },
    isElsewhere: query.elsewhere === 'include' ? null : query.elsewhere === 'only',
    outcome: query.outcome ?? null,
    state: query.state ?? null,
    traits: readTraits(query),
    isWon: query.won === undefined ? null : query.won === 'yes',
    minTotal: query.minTotal ?? null,
    maxTotal: query.maxTotal ?? null,
    isFirst: query.first === 'yes',
    isCustomer: query.customer === 'yes',
    entry: query.entry ?? null,
    hour: query.hour ?? null,
    zone,
    firstTouch: query.firstTouch ?? null,
    decision: query.decision ?? null,
  };
  const rows = await listEpisodeRows(app.db, of, { after, limit: query.limit + 1 });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: await toEpisodeHeads(request, page),
    nextCursor: last === null ? null : writeCursor({ at: last.handed_off_at, id: last.id }),
  };
};

/** What is counted of the leads of an owner in a team. */
type Counted = Omit<BoardFigures, 'capacity'> & { readonly snoozed: number };

const NOTHING: Counted = {
  open: 0,
  soon: 0,
  late: 0,
  accepted: 0,
  rejected: 0,
  cold: 0,
  load: 0,
  snoozed: 0,
};

interface Cell extends Counted {
  readonly ownerId: string | null;
  readonly team: string | null;
}

/** Who has how much to do: one grouped count of each kind, folded over people and teams. */
export const getBoard: Handler<'getBoard'> = async (request, { query }) => {
  const { app, now, caller } = request;
  const from = weekStart(now, query.zone);
  const [cells, book, heads] = await Promise.all([
    countCells(request, { from, cold: now - query.days * DAY_MS }),
    loadStaff(app.db, { companyIds: [], now, isLocked: false }),
    loadTeams(app.db, false),
  ]);
  const teams = book.teams();
  const members = book.people.flatMap((someone): BoardMember[] => {
    const own = cells.filter(({ ownerId }) => ownerId === someone.id);
    const places = teams.filter(team => team.members.some(({ person }) => person.id === someone.id));
    if (own.length + places.length === 0) return [];
    const bounds = places.flatMap(({ members: all }) =>
      all.filter(({ person }) => person.id === someone.id).map(({ mostOpen }) => mostOpen),
    );
    return [
      {
        ...sumOf(own),
        userId: someone.id,
        name: someone.name,
        active: someone.isActive,
        teams: places.map(({ name }) => name),
        capacity: capacityOf(bounds),
        away: attendanceWords(someone, attendanceOf(someone, now)),
      },
    ];
  });
  const boardTeams = heads.map(({ name, label, manager_id: managerId }): BoardTeam => {
    const inTeam = cells.filter(cell => cell.team === name);
    const own = members.filter(member => member.teams.includes(name));
    const unlimited = own.length === 0 || own.some(({ capacity }) => capacity === null);
    return {
      ...figuresOf(inTeam),
      name,
      label,
      isOwn: managerId !== null && managerId === caller?.id,
      waiting: sumOf(inTeam.filter(({ ownerId }) => ownerId === null)).open,
      capacity: unlimited ? null : own.reduce((sum, { capacity }) => sum + (capacity ?? 0), 0),
    };
  });
  return {
    week: { from: formatInstant(from), zone: query.zone },
    days: query.days,
    members: members.sort((a, b) => a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1)),
    teams: boardTeams,
    total: {
      ...figuresOf(cells),
      capacity: null,
      waiting: sumOf(cells.filter(({ ownerId }) => ownerId === null)).open,
    },
  };
};

/** Counts leads by owner and team: what is open, what was decided since the week began, what goes cold. */
async function countCells(
  { app, now }: Request,
  since: { readonly from: number; readonly cold: number },
): Promise<readonly Cell[]> {
  const [open, decided, cold] = await Promise.all([
    countOpenLeads(app.db, { now, soon: now + SOON_MS }),
    countDecidedLeads(app.db, since.from),
    countColdLeads(app.db, since.cold),
  ]);
  return [...open, ...decided, ...cold].map(({ owner_id: ownerId, ...counts }) => ({
    ...NOTHING,
    ...counts,
    ownerId,
  }));
}

function sumOf(cells: readonly Counted[]): Counted {
  return cells.reduce(
    (sum, { open, soon, late, accepted, rejected, cold, load, snoozed }) => ({
      open: sum.open + open,
      soon: sum.soon + soon,
      late: sum.late + late,
      accepted: sum.accepted + accepted,
      rejected: sum.rejected + rejected,
      cold: sum.cold + cold,
      load: sum.load + load,
      snoozed: sum.snoozed + snoozed,
    }),
    NOTHING,
  );
}

/** The sum without what concerns single people. */
function figuresOf(cells: readonly Counted[]): Omit<BoardFigures, 'capacity'> {
  const { snoozed: _, ...figures } = sumOf(cells);
  return figures;
}

const decidedPosition = z.object({ at: cursorInstant, id: uuid });

/** Lists the leads behind the decisions of a board. */
export const listDecidedLeads: Handler<'listDecidedLeads'> = async (request, { query }) => {
  const { app, caller } = request;
  const rows = await listDecidedRows(app.db, {
    from: readInstant(query, 'from') ?? 0,
    decision: query.decision,
    ownerId: ownerIdOf(query.owner, caller),
    unownedOnly: query.owner === 'none',
    team: query.team ?? null,
    after: readCursor(query.cursor, decidedPosition),
    limit: query.limit + 1,
  });
  const { page, last } = splitPage(rows, query.limit);
  return {
    items: await toEpisodeHeads(request, page),
    nextCursor:
      last === null ? null : writeCursor({ at: last.decided_at ?? last.handed_off_at, id: last.id }),
  };
};

const coldPosition = z.object({ at: cursorInstant, id: uuid });

/** Lists accepted leads for which nothing was logged for some days, the longest first. */
export const listColdLeads: Handler<'listColdLeads'> = async (request, { query }) => {
  const { app, now, caller } = request;
  const filter = {
    since: now - query.days * DAY_MS,
    ownerId: ownerIdOf(query.owner, caller),
    unownedOnly: query.owner === 'none',
    team: query.team ?? null,
  };
  const after = readCursor(query.cursor, coldPosition);
  const [rows, count] = await Promise.all([
    listColdRows(app.db, { filter, after, limit: query.limit + 1 }),
    countColdRows(app.db, filter),
  ]);
  const { page, last } = splitPage(rows, query.limit);
  const found = await findEpisodeRows(
    app.db,
    page.map(({ id }) => id),
  );
  const heads = new Map((await toEpisodeHeads(request, found)).map(head => [head.id, head]));
  return {
    items: page.flatMap(({ id, last_at: lastAt, last_kind: kind, amount, currency }) => {
      const head = heads.get(id);
      if (head === undefined) return [];
      const lastKind = kind === null ? null : activityKind.catch('note').parse(kind);
      return [{ ...head, lastAt: formatInstant(lastAt), lastKind, amount, currency }];
    }),
    nextCursor: last === null ? null : writeCursor({ at: last.last_at, id: last.id }),
    count,
  };
};
