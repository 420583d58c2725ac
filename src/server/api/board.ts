import { z } from 'zod';
import type { BoardFigures, BoardMember, BoardTeam } from '../../contract/api/board.ts';
import { activityKind } from '../../contract/api/episode.ts';
import { capacityOf, SOON_MS, weekStart } from '../../core/followup/board.ts';
import { attendanceOf, attendanceWords } from '../../core/routing/attendance.ts';
import { uuid } from '../../core/text/uuid.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { findEpisodeRows } from '../../db/decision/queue.ts';
import {
  countColdLeads,
  countColdRows,
  countDecidedLeads,
  countOpenLeads,
  listColdRows,
} from '../../db/followup/board.ts';
import { loadTeams } from '../../db/routing/staff.ts';
import { loadStaff } from '../../loop/routing/staff.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Request } from '../handler/handler.ts';
import { toEpisodeHeads } from './episode.ts';
import { ownerIdOf } from './queue.ts';

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
