import type { RouteTarget } from '../agreement/practice.ts';
import {
  type Absence,
  type Attendance,
  attendanceOf,
  attendanceWords,
  type Member,
  memberAttendance,
  type Person,
} from './attendance.ts';
import { nextOf, type Rota, type RotaStep } from './rota.ts';
import type { WaitingReason } from './waiting.ts';

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
}

/** Somebody who was asked for and not given the lead. `until` is when the reason ends, epoch ms, where it is known. */
export interface PassedOver {
  readonly userId: string;
  readonly name: string;
  readonly reason: Absence | 'outside_hours' | 'handed_back';
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
      readonly because: string;
      readonly passedOver: readonly PassedOver[];
    }
  | {
      readonly kind: 'nobody';
      readonly reason: WaitingReason;
      readonly words: string;
      readonly passedOver: readonly PassedOver[];
    };

/** Asks the target of an entry for somebody to take a lead at an instant (epoch ms). */
export function take(to: RouteTarget, staff: Staff, at: number): Taken {
  switch (to.kind) {
    case 'team':
      return takeFromTeam(to, staff, at);
    case 'owner': {
      const owner = staff.people.find(({ email, isActive }) => isActive && email.toLowerCase() === to.email);
      if (owner === undefined) return nobody('owner_inactive', `${to.email} is no active user`);
      return takeByOwner(owner, `goes to ${owner.name}`, staff, at);
    }
    default:
      return takeByCompany(staff, at);
  }
}

function nobody(
  reason: WaitingReason,
  words: string,
  passedOver: readonly PassedOver[] = [],
): Extract<Taken, { kind: 'nobody' }> {
  return { kind: 'nobody', reason, words, passedOver };
}

function takeByOwner(owner: Person, because: string, { except = [] }: Staff, at: number): Taken {
  if (except.includes(owner.id))
    return nobody('handed_back', `${owner.name} handed it back`, [exclude(owner)]);
  const attendance = attendanceOf(owner, at);
  if (attendance.kind !== 'absent') {
    const later = attendance.kind === 'later' ? ` (${attendanceWords(owner, attendance)})` : '';
    const given = { owner, team: null, eligible: [owner.id], step: null };
    return { kind: 'taken', given, because: `${because}${later}`, passedOver: [] };
  }
  const reason = isUnfit(attendance) ? 'owner_inactive' : 'owner_absent';
  const words = `${owner.name} is ${attendanceWords(owner, attendance)}`;
  return nobody(reason, words, [passOver(owner, attendance)]);
}

function takeByCompany(staff: Staff, at: number): Taken {
  const { companyOwners, people } = staff;
  let last: Taken = nobody('no_company_owner', 'nobody owns the company yet');
  const passedOver: PassedOver[] = [];
  for (const { userId, of } of companyOwners) {
    const owner = people.find(({ id }) => id === userId);
    if (owner === undefined) continue;
    const what = of === 'opportunity' ? 'has an open opportunity with the company' : 'owns the company';
    const found = takeByOwner(owner, `${owner.name} ${what}`, staff, at);
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
  if (team === undefined) return nobody('team_unknown', `team ${name} does not exist`);
  const excluded = team.members.filter(({ person }) => staff.except?.includes(person.id));
  const asked = team.members
    .filter(member => !excluded.includes(member))
    .map(member => ({ member, attendance: memberAttendance(member, at) }));
  const away = asked.filter(({ attendance }) => attendance.kind !== 'available');
  const atWork = asked.filter(({ attendance }) => attendance.kind === 'available');
  const starting = asked.filter(({ attendance }) => attendance.kind === 'later');
  const eligible = atWork.length > 0 ? atWork : starting;
  const passedOver = [
    ...away
      .filter(one => !eligible.includes(one))
      .map(({ member, attendance }) => passOver(member.person, attendance)),
    ...excluded.map(({ person }) => exclude(person)),
  ];
  const available = eligible.map(({ member }) => member.person.id).sort();
  const open = new Map(eligible.map(({ member }) => [member.person.id, member.open]));
  const next = nextOf(team.rota, { available, by, open });
  const chosen = eligible.find(({ member }) => member.person.id === next);
  if (chosen === undefined) return nobody(...emptyTeam(team), passedOver);
  const { person } = chosen.member;
  const given = {
    owner: person,
    team: name,
    eligible: available,
    step: { kind: 'assigned', userId: person.id, by, available } as const,
  };
  const starts =
    chosen.attendance.kind === 'later'
      ? `nobody is at work, ${person.name} ${attendanceWords(person, chosen.attendance)} and`
      : person.name;
  const turn = by === 'least_open' ? 'has the fewest open leads' : 'is next';
  return { kind: 'taken', given, because: `${starts} ${turn} in team ${name}`, passedOver };

  function emptyTeam({ members }: RoutingTeam): readonly [WaitingReason, string] {
    const active = members.filter(one => one.person.isActive);
    if (!active.some(one => one.person.mayWork)) {
      const who = active.length === 0 ? 'active member' : 'active member who may work leads';
      return ['team_empty', `team ${name} has no ${who}`];
    }
    const isHandedBack = passedOver.every(over => over.reason === 'handed_back' || isUnfit(over));
    const isFull = passedOver.some(({ reason }) => reason.endsWith('capacity'));
    const who = passedOver.filter(over => !isUnfit(over));
    const words = who.map(({ name: person, words: why }) => `${person} ${why}`).join(', ');
    const reason = isHandedBack ? 'handed_back' : isFull ? 'team_full' : 'team_absent';
    return [reason, `nobody in team ${name} can take it (${words})`];
  }
}

/** Whether somebody gets no lead whatever the hour: they may not sign in, or their role works no leads. */
function isUnfit({ reason }: Pick<PassedOver, 'reason'>): boolean {
  return reason === 'inactive' || reason === 'role';
}

function exclude({ id: userId, name }: Person): PassedOver {
  return { userId, name, reason: 'handed_back', words: 'handed it back', until: null };
}

function passOver(person: Person, attendance: Attendance): PassedOver {
  return {
    userId: person.id,
    name: person.name,
    reason: attendance.kind === 'absent' ? attendance.reason : 'outside_hours',
    words: attendanceWords(person, attendance),
    until:
      attendance.kind === 'absent'
        ? attendance.until
        : attendance.kind === 'later'
          ? attendance.opensAt
          : null,
  };
}
