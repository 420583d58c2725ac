import { mayWork } from '../../contract/role.ts';
import type { Allowance } from '../../core/routing/allowance.ts';
import type { Member, Person } from '../../core/routing/attendance.ts';
import type { RoutingTeam, Staff } from '../../core/routing/pick.ts';
import { reasonWords } from '../../core/routing/reason.ts';
import type { Rota } from '../../core/routing/rota.ts';
import { type Assignment, type HoldingCause, hold, type Lead, route } from '../../core/routing/route.ts';
import { afterTurn } from '../../core/routing/turn.ts';
import { readSchedule } from '../../core/worktime/hours.ts';
import type { Schedule } from '../../core/worktime/schedule.ts';
import type { Sql } from '../../db/database.ts';
import { type LedgerLine, type PlaceRow, saveRound } from '../../db/routing/ledger.ts';
import { loadCompanyOwners, loadMembers, loadPeople, loadTeams } from '../../db/routing/staff.ts';
import type { RunningAgreement } from '../agreement/active.ts';

/** A lead to be given to somebody; `team` takes the place of the routing entries. `at` in epoch ms. */
interface Asked extends Lead {
  readonly companyId: string | null;
  readonly contactId: string;
  readonly episodeId: string;
  readonly team?: string | null;
  /** Who handed it back already. */
  readonly except?: readonly string[];
  /** Who rejected it before. */
  readonly keptFrom?: string | null;
  /** Who opened the handoff by hand. */
  readonly byHand?: string | null;
}

/** Everybody as they stand while leads are given out: what one lead changes, the next one sees. */
export interface StaffBook {
  readonly people: readonly Person[];
  readonly teams: () => readonly RoutingTeam[];
  /** Who owns something of a company, in the order in which they are asked. */
  readonly companyOwners: (companyId: string | null) => Staff['companyOwners'];
  /** Decides who gets a lead, and remembers it. */
  readonly assign: (active: Pick<RunningAgreement, 'id' | 'desk'>, asked: Asked) => Assignment;
  /** Keeps a lead back before it is given to anybody, and remembers why. */
  readonly hold: (
    active: Pick<RunningAgreement, 'id' | 'desk'>,
    asked: Asked,
    why: HoldingCause,
  ) => Assignment;
  /** Saves turns and places, and writes the ledger; of leads whose episode was not opened, only that turns moved on. */
  readonly save: (sql: Sql, opened?: ReadonlySet<string>) => Promise<void>;
  /** Who is told of a lead that nobody owns: the queue's team, else managers and admins. */
  readonly watchers: (team: string | null) => readonly Person[];
  /** Who must deal with what a team cannot: its manager, else any active manager, else an admin; null where nobody is. */
  readonly steward: (team: string | null) => Person | null;
}

/**
 * Loads everybody and every team, locked until the transaction ends: one at a time gives out leads. Four statements,
 * however many people and leads there are.
 */
export async function loadStaff(
  sql: Sql,
  of: { readonly companyIds: readonly string[]; readonly now: number; readonly isLocked?: boolean },
): Promise<StaffBook> {
  const companyIds = [...new Set(of.companyIds)];
  const [teams, members, rows, owned] = await Promise.all([
    loadTeams(sql, of.isLocked ?? true),
    loadMembers(sql),
    loadPeople(sql, of.now),
    companyIds.length === 0 ? [] : loadCompanyOwners(sql, companyIds),
  ]);
  return makeBook({ teams, members, people: peopleOf(rows), rows, owned });
}

/** Everybody, once; a person has a row for each time off. */
function peopleOf(rows: Loaded['rows']): readonly Person[] {
  const people = new Map<string, Person>();
  for (const row of rows) {
    const { id, name, email, role, active, paused, off_from: from, off_to: to } = row;
    const before = people.get(id);
    const off = from === null || to === null ? [] : [{ from, to }];
    people.set(
      id,
      before === undefined
        ? {
            id,
            name,
            email,
            isActive: active,
            mayWork: mayWork(role),
            isPaused: paused === true,
            schedule: scheduleOf(row),
            off,
          }
        : { ...before, off: [...before.off, ...off] },
    );
  }
  return [...people.values()];
}

/** What was read of the database, before any lead is given out. */
interface Loaded {
  readonly teams: Awaited<ReturnType<typeof loadTeams>>;
  readonly members: Awaited<ReturnType<typeof loadMembers>>;
  readonly rows: Awaited<ReturnType<typeof loadPeople>>;
  readonly people: readonly Person[];
  readonly owned: Awaited<ReturnType<typeof loadCompanyOwners>>;
}

function makeBook(loaded: Loaded): StaffBook {
  const { people, rows, members, owned } = loaded;
  const owners = new Map<string, Staff['companyOwners']>();
  for (const { company_id: id, owner_id: userId, what } of owned)
    owners.set(id, [...(owners.get(id) ?? []), { userId, of: what === 'opportunity' ? what : 'lead' }]);
  const before = teamsOf(loaded);
  let teams = before;
  const decided: Decided[] = [];
  const workers = people.filter(person => person.isActive && person.mayWork);
  const withRole = (role: string) =>
    workers.filter(({ id }) => rows.some(row => row.id === id && row.role === role));
  return {
    people,
    teams: () => teams,
    companyOwners: companyId => owners.get(companyId ?? '') ?? [],
    assign: ({ id: agreementId, desk }, asked) => {
      const companyOwners = owners.get(asked.companyId ?? '') ?? [];
      const { except = [], keptFrom = null } = asked;
      const staff = { people, teams, companyOwners, except, keptFrom };
      const assignment = route(desk, asked, staff, asked.team ?? null, asked.byHand ?? null);
      const { owner } = assignment;
      teams = afterTurn(teams, assignment, asked.at);
      if (owner !== null && asked.companyId !== null) {
        const others = companyOwners.filter(({ of }) => of === 'opportunity');
        owners.set(asked.companyId, [...others, { userId: owner.id, of: 'lead' }]);
      }
      decided.push({ assignment, asked, agreementId });
      return assignment;
    },
    hold: ({ id: agreementId, desk }, asked, why) => {
      const assignment = hold(desk, why);
      decided.push({ assignment, asked, agreementId });
      return assignment;
    },
    save: async (sql, opened) => {
      const isOpened = ({ asked }: Decided) => opened?.has(asked.episodeId) ?? true;
      const lines = decided.splice(0).flatMap(one => (isOpened(one) ? [lineOf(one)] : missedLine(one)));
      await saveRound(sql, { ...changesBetween(before, teams), lines });
    },
    watchers: team => {
      const ids = members.filter(member => member.team === team).map(({ user_id }) => user_id);
      const told = workers.filter(({ id }) => ids.includes(id));
      return told.length > 0 ? told : [...withRole('manager'), ...withRole('admin')];
    },
    steward: team => {
      const managerId = loaded.teams.find(({ name }) => name === team)?.manager_id ?? '';
      const manager = workers.find(({ id }) => id === managerId);
      return manager ?? withRole('manager')[0] ?? withRole('admin')[0] ?? null;
    },
  };
}

function teamsOf({ teams, members, people, rows }: Loaded): readonly RoutingTeam[] {
  const personOf = new Map(people.map(person => [person.id, person]));
  const open = new Map(rows.map(row => [row.id, row.open]));
  return teams.map(({ name, turn }) => {
    const own = members.filter(({ team }) => team === name);
    return {
      name,
      rota: rotaOfRows(turn, own),
      members: own.flatMap((row): Member[] => {
        const person = personOf.get(row.user_id);
        return person === undefined ? [] : [memberOf(row, { person, open: open.get(person.id) ?? 0 })];
      }),
    };
  });
}

function memberOf(
  row: Loaded['members'][number],
  { person, open }: { readonly person: Person; readonly open: number },
): Member {
  const { weight, capacity_open, capacity_day } = row;
  return {
    person,
    weight,
    mostOpen: capacity_open,
    perDay: capacity_day,
    allowance: allowanceOf(row),
    open,
  };
}

/** What is left of a member's day, as a row keeps it; null for an untouched day. */
export function allowanceOf({
  tokens,
  tokens_day: day,
}: Pick<Loaded['members'][number], 'tokens' | 'tokens_day'>): Allowance | null {
  return tokens === null || day === null ? null : { tokens, day };
}

/** What giving out leads changed of teams: their turns, and the places and allowances of members. */
function changesBetween(before: readonly RoutingTeam[], after: readonly RoutingTeam[]) {
  const moved = after.flatMap((team, index) => {
    const old = before[index];
    return old === undefined || old.rota === team.rota ? [] : [{ team, old }];
  });
  return {
    turns: moved.map(({ team: { name, rota } }) => ({ team: name, turn: rota.turn })),
    places: moved.flatMap(({ team, old }) => {
      const stood = new Map(placesOf(old).map(place => [place.userId, place]));
      return placesOf(team).filter(place => !isSamePlace(place, stood.get(place.userId)));
    }),
  };
}

function placesOf({ name, rota, members }: RoutingTeam): readonly PlaceRow[] {
  const allowanceOf = new Map(members.map(({ person, allowance }) => [person.id, allowance]));
  return rota.places.map(({ userId, pass }) => {
    const allowance = allowanceOf.get(userId) ?? null;
    const [tokens, tokensDay] = [allowance?.tokens ?? null, allowance?.day ?? null];
    return { team: name, userId, pass, tokens, tokensDay };
  });
}

function isSamePlace(a: PlaceRow, b: PlaceRow | undefined): boolean {
  return b !== undefined && a.pass === b.pass && a.tokens === b.tokens && a.tokensDay === b.tokensDay;
}

/** The rota of a team as its rows keep it. */
export function rotaOfRows(
  turn: number,
  members: readonly { readonly user_id: string; readonly weight: number; readonly pass: number }[],
): Rota {
  const places = members.map(({ user_id: userId, weight, pass }) => ({ userId, weight, pass }));
  return { turn, places: places.sort((a, b) => (a.userId < b.userId ? -1 : 1)) };
}

/** What was decided on a lead, before the ledger keeps it. */
interface Decided {
  readonly assignment: Assignment;
  readonly asked: Asked;
  readonly agreementId: string;
}

function lineOf({ assignment, asked, agreementId }: Decided): LedgerLine {
  const { owner, team, entry, why, because, step, passedOver, skipped, waiting } = assignment;
  return {
    at: asked.at,
    kind: owner === null ? 'waiting' : 'assigned',
    team,
    userId: owner?.id ?? null,
    episodeId: asked.episodeId,
    contactId: asked.contactId,
    agreementId,
    entry: entry?.id ?? null,
    because,
    particulars: {
      entryLabel: entry?.label ?? null,
      by: step?.by ?? null,
      available: assignment.eligible,
      passedOver,
      skipped,
      waiting,
      why,
    },
    actor: 'routing',
  };
}

/** What the ledger keeps of a lead that had an open episode after all: the turn it took. */
function missedLine(decided: Decided): readonly LedgerLine[] {
  const { assignment } = decided;
  if (assignment.why?.kind !== 'given') return [];
  const why = { ...assignment.why, isMissed: true };
  const missed = { ...assignment, why, because: reasonWords(why, 'full') };
  return [{ ...lineOf({ ...decided, assignment: missed }), episodeId: null }];
}

/** Compiled working times by how they are written; most people share a few. */
const schedules = new Map<string, Schedule>();
/** How many are kept: people times changes within the life of a process. */
const KEPT = 1000;

/**
 * When somebody works; null where nothing was said. A schedule that can no longer be read counts as nothing
 * said.
 */
export function scheduleOf(row: {
  readonly timezone: string | null;
  readonly hours: unknown;
  readonly holidays: readonly string[] | null;
  readonly open_days: unknown;
}): Schedule | null {
  if (row.timezone === null) return null;
  const { timezone, hours, holidays, open_days: open } = row;
  const written = { timezone, hours, holidays: holidays ?? [], open: open ?? [] };
  const name = JSON.stringify(written);
  const known = schedules.get(name);
  if (known !== undefined) return known;
  const { schedule } = readSchedule(written);
  if (schedule === null) return null;
  if (schedules.size >= KEPT) schedules.clear();
  schedules.set(name, schedule);
  return schedule;
}
