import type { RouteTarget } from '../agreement/practice.ts';
import { parseInstant } from '../time/instant.ts';
import { absenceOf, attendanceOf, type Member, memberAttendance, type Person } from './attendance.ts';
import { type Absence, type Absentee, absenceWords, type Grant, type Lack } from './outcome.ts';
import { nextOf, type Rota, type RotaStep } from './rota.ts';

/** A team as routing sees it. */
export interface RoutingTeam {
  readonly name: string;
  readonly rota: Rota;
  readonly members: readonly Member[];
}

/** Everybody and every team, and who owns something of the lead's company: an open opportunity first, else a lead. */
export interface Staff {
  readonly people: readonly Person[];
  readonly teams: readonly RoutingTeam[];
  readonly companyOwners: readonly { readonly userId: string; readonly of: 'opportunity' | 'lead' }[];
  /** Who must not get this lead: they handed it back. */
  readonly except?: readonly string[];
  /** Who gets it only where nobody else does: they rejected it before. */
  readonly keptFrom?: string | null;
}

/** Somebody who was asked for and not given the lead. `until` is when the reason ends, epoch ms, where it is known. */
export interface PassedOver {
  readonly userId: string;
  readonly name: string;
  readonly reason: Absence['reason'];
  readonly words: string;
  readonly until: number | null;
}

/** Who gets a lead: the owner, the team that gave it, those whose turn it could have been, and how the rota moves on. */
interface Given {
  readonly owner: Person;
  readonly team: string | null;
  readonly eligible: readonly string[];
  readonly step: Extract<RotaStep, { kind: 'assigned' }> | null;
}

/** What came of asking one entry's target. */
type Taken =
  | {
      readonly kind: 'taken';
      readonly given: Given;
      readonly grant: Grant;
      readonly passedOver: readonly PassedOver[];
    }
  | { readonly kind: 'nobody'; readonly lack: Lack; readonly passedOver: readonly PassedOver[] };

/** Asks the target of an entry for somebody to take a lead at an instant (epoch ms). */
export function take(to: RouteTarget, staff: Staff, at: number): Taken {
  switch (to.kind) {
    case 'team':
      return takeFromTeam(to, staff, at);
    case 'owner': {
      const owner = staff.people.find(({ email, isActive }) => isActive && email.toLowerCase() === to.email);
      if (owner !== undefined) return takeByOwner(owner, { kind: 'owner' }, staff, at);
      const who: Absentee = { name: to.email, reason: 'inactive', until: null };
      return nobody({ kind: 'owner_inactive', who });
    }
    default:
      return takeByCompany(staff, at);
  }
}

function nobody(lack: Lack, away: readonly Away[] = []): Extract<Taken, { kind: 'nobody' }> {
  return { kind: 'nobody', lack, passedOver: away.map(passOver) };
}

/** Why one person is asked, and not a team. */
type Claim =
  | { readonly kind: 'owner' }
  | { readonly kind: 'company_owner'; readonly of: 'opportunity' | 'lead' };

function takeByOwner(owner: Person, claim: Claim, { except = [], keptFrom }: Staff, at: number): Taken {
  const { id, name } = owner;
  if (except.includes(id)) return nobody({ kind: 'owner_handed_back', name }, [outOf(owner, 'handed_back')]);
  if (keptFrom === id)
    return nobody({ kind: 'owner_rejected_before', name }, [outOf(owner, 'rejected_before')]);
  const attendance = attendanceOf(owner, at);
  const absence = attendance.kind === 'available' ? null : absenceOf(owner, attendance);
  if (absence !== null && attendance.kind === 'absent') {
    const away = { person: owner, absence };
    const kind = isUnfit(absence) ? 'owner_inactive' : 'owner_absent';
    return nobody({ kind, who: absenteeOf(away) }, [away]);
  }
  const given = { owner, team: null, eligible: [id], step: null };
  const grant = { ...claim, name, starts: absence?.until ?? null };
  return { kind: 'taken', given, grant, passedOver: [] };
}

function takeByCompany(staff: Staff, at: number): Taken {
  const { companyOwners, people } = staff;
  let last: Taken = nobody({ kind: 'no_company_owner' });
  const passedOver: PassedOver[] = [];
  for (const { userId, of } of companyOwners) {
    const owner = people.find(({ id }) => id === userId);
    if (owner === undefined) continue;
    const found = takeByOwner(owner, { kind: 'company_owner', of }, staff, at);
    passedOver.push(
      ...found.passedOver.filter(other => !passedOver.some(own => own.userId === other.userId)),
    );
    if (found.kind === 'taken') return { ...found, passedOver };
    last = { ...found, passedOver };
  }
  return last;
}

/** Asks one team: its next member of those who are there, or why there is none. */
export function takeFromTeam(
  { team: name, by }: Extract<RouteTarget, { kind: 'team' }>,
  staff: Staff,
  at: number,
): Taken {
  const team = staff.teams.find(other => other.name === name);
  if (team === undefined) return nobody({ kind: 'team_unknown', team: name });
  const reasonOf = ({ person: { id } }: Member) =>
    staff.except?.includes(id) ? 'handed_back' : staff.keptFrom === id ? 'rejected_before' : null;
  const excluded = team.members.filter(member => reasonOf(member) !== null);
  const asked = team.members.flatMap(member => (excluded.includes(member) ? [] : [stand(member, at)]));
  const atWork = asked.filter(({ absence }) => absence === null);
  const eligible = atWork.length > 0 ? atWork : asked.filter(({ isStarting }) => isStarting);
  const away = [
    ...asked.flatMap(one =>
      one.absence === null || eligible.includes(one)
        ? []
        : [{ person: one.member.person, absence: one.absence }],
    ),
    ...excluded.map(member => outOf(member.person, reasonOf(member) ?? 'handed_back')),
  ];
  const available = eligible.map(({ member }) => member.person.id).sort();
  const open = new Map(eligible.map(({ member }) => [member.person.id, member.open]));
  const next = nextOf(team.rota, { available, by, open });
  const chosen = eligible.find(({ member }) => member.person.id === next);
  if (chosen === undefined) return nobody(lackOf(team, away), away);
  const { person } = chosen.member;
  return {
    kind: 'taken',
    given: {
      owner: person,
      team: name,
      eligible: available,
      step: { kind: 'assigned', userId: person.id, by, available },
    },
    grant: { kind: 'turn', name: person.name, team: name, by, starts: chosen.absence?.until ?? null },
    passedOver: away.map(passOver),
  };
}

/** How a member stands at an instant; the absence is null for one who is at work. */
function stand(member: Member, at: number) {
  const attendance = memberAttendance(member, at);
  return {
    member,
    absence: attendance.kind === 'available' ? null : absenceOf(member.person, attendance),
    isStarting: attendance.kind === 'later',
  };
}

/** Why a team has nobody to take a lead while these of its members are away. */
function lackOf({ name: team, members }: RoutingTeam, away: readonly Away[]): Lack {
  const active = members.filter(({ person }) => person.isActive);
  if (active.length === 0) return { kind: 'team_empty', team, lacks: 'members' };
  if (!active.some(({ person }) => person.mayWork)) return { kind: 'team_empty', team, lacks: 'workers' };
  const fit = away.filter(({ absence }) => !isUnfit(absence));
  const isHandedBack = fit.every(
    ({ absence: { reason } }) => reason === 'handed_back' || reason === 'rejected_before',
  );
  const isFull = away.some(
    ({ absence: { reason } }) => reason === 'open_capacity' || reason === 'day_capacity',
  );
  const reason = isHandedBack ? 'handed_back' : isFull ? 'team_full' : 'team_absent';
  return { kind: 'team_away', team, reason, who: fit.map(absenteeOf) };
}

/** Somebody who cannot take a lead, and why. */
interface Away {
  readonly person: Person;
  readonly absence: Absence;
}

/** Whether somebody gets no lead whatever the hour: they may not sign in, or their role works no leads. */
function isUnfit({ reason }: Absence): boolean {
  return reason === 'inactive' || reason === 'role';
}

function outOf(person: Person, reason: 'handed_back' | 'rejected_before'): Away {
  return { person, absence: { reason, until: null } };
}

function absenteeOf({ person: { name }, absence: { reason, until } }: Away): Absentee {
  return { name, reason, until };
}

function passOver({ person: { id: userId, name }, absence }: Away): PassedOver {
  const { reason, until } = absence;
  const words = absenceWords(absence);
  return { userId, name, reason, words, until: until === null ? null : parseInstant(until.at) };
}
