import type { AttendanceView, TeamMember, TeamView } from '../../contract/api/team.ts';
import {
  type Attendance,
  attendanceWords,
  memberAttendance,
  type Person,
} from '../../core/routing/attendance.ts';
import { teamWarnings } from '../../core/routing/membership.ts';
import { checkPerson, checkTeam, type Remit } from '../../core/routing/remit.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { countOverdue } from '../../db/decision/queue.ts';
import { countGiven } from '../../db/routing/ledger.ts';
import { loadTeams, loadTimeOff } from '../../db/routing/staff.ts';
import { countWaiting } from '../../db/routing/team.ts';
import { loadStaff } from '../../loop/routing/staff.ts';
import { loadNamedTeams } from '../../loop/routing/team.ts';
import { findRemit } from '../handler/actor.ts';
import type { Request } from '../handler/handler.ts';

const MONTH_DAYS = 30;

/** Every team with how it stands now, by name; why somebody is away is for their managers and admins. */
export async function loadTeamViews(request: Request): Promise<readonly TeamView[]> {
  const { app, now } = request;
  const { db: sql } = app;
  const book = await loadStaff(sql, { companyIds: [], now, isLocked: false });
  const heads = await loadTeams(sql, false);
  const off = await loadTimeOff(sql, { now, userId: null });
  const waiting = await countWaiting(sql);
  const today = now - (now % DAY_MS);
  const given = await countGiven(sql, { month: now - MONTH_DAYS * DAY_MS, today });
  const overdue = await countOverdue(sql, now);
  const named = await loadNamedTeams(sql, app);
  const [onTeams, onPeople] = [
    await findRemit(request, 'saveTeam'),
    await findRemit(request, 'saveAvailability'),
  ];
  const nameOf = new Map(book.people.map(({ id, name }) => [id, name]));
  return heads.map(({ name, label, manager_id: managerId, slack_channel: slackChannel }) => {
    const team = book.teams().find(other => other.name === name);
    const members = (team?.members ?? []).map((member): TeamMember => {
      const { person, weight, mostOpen, perDay, open } = member;
      const changeRefused = personRefusal(person, onPeople);
      const got = given.find(row => row.team === name && row.user_id === person.id);
      return {
        userId: person.id,
        name: person.name,
        weight,
        active: person.isActive,
        capacity: { open: mostOpen, perDay },
        openLeads: open,
        overdue: overdue.get(person.id) ?? 0,
        hasHours: person.schedule !== null,
        gotToday: got?.today ?? 0,
        got30d: got?.month ?? 0,
        attendance: attendanceView(person, memberAttendance(member, now)),
        paused: person.isPaused,
        timeOff: off.filter(row => row.user_id === person.id).map(row => timeOffView(row, changeRefused)),
        changeRefused,
      };
    });
    const manager = managerId === null ? null : { id: managerId, name: nameOf.get(managerId) ?? managerId };
    return {
      name,
      label,
      manager,
      slackChannel,
      waiting: waiting.get(name) ?? 0,
      inUse: named.all.has(name),
      members: members.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)),
      warnings: [...teamWarnings(team?.members ?? [], { isGiven: named.given.has(name), now })],
      changeRefused: teamRefusal(name, onTeams),
    };
  });
}

function teamRefusal(name: string, remit: Remit | null): string | null {
  if (remit === null) return 'Only managers and admins change teams.';
  const team = remit.teams.find(other => other.name === name);
  return team === undefined ? null : (checkTeam(team, remit)?.message ?? null);
}

/** Why it is not the caller's to change when a person works, and to see why they are away; null when it is. */
export function personRefusal(
  person: { readonly id: string; readonly name: string },
  remit: Remit | null,
): string | null {
  return remit === null ? 'Sign in first.' : (checkPerson(person, remit)?.message ?? null);
}

/** Whether somebody can be given a lead, as the API says it. */
export function attendanceView(person: Person, attendance: Attendance): AttendanceView {
  const words = attendanceWords(person, attendance);
  switch (attendance.kind) {
    case 'available':
      return { state: 'available', reason: null, words, until: null };
    case 'later':
      return { state: 'later', reason: 'outside_hours', words, until: instantOrNull(attendance.opensAt) };
    default:
      return { state: 'absent', reason: attendance.reason, words, until: instantOrNull(attendance.until) };
  }
}

/** Time off as the API says it; without its note for people who may not change it. */
export function timeOffView(row: Awaited<ReturnType<typeof loadTimeOff>>[number], refused: string | null) {
  return {
    id: row.id,
    userId: row.user_id,
    from: formatInstant(row.starts_at),
    to: formatInstant(row.ends_at),
    note: refused === null ? row.note : null,
    createdBy: row.created_by,
  };
}
