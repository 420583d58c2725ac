import { readAgreement } from '../../../src/core/agreement/agreement.ts';
import { type Desk, openDesk } from '../../../src/core/handoff/desk.ts';
import type { Member, Person } from '../../../src/core/routing/attendance.ts';
import type { RoutingTeam, Staff } from '../../../src/core/routing/pick.ts';
import { rotaOf } from '../../../src/core/routing/rota.ts';
import type { Lead } from '../../../src/core/routing/route.ts';
import { compile } from '../../../src/core/scoring/program.ts';
import { makeSubject, scoreAt } from '../../../src/core/scoring/score.ts';
import { readSchedule } from '../../../src/core/worktime/hours.ts';

/** A Friday evening in London. */
export const NOW = Date.parse('2026-03-06T17:00:00Z');
const HOUR = 3_600_000;

/** The desk of an agreement with two rules and this practice. */
export function deskOf(practice: object): Desk {
  const { agreement, problems } = readAgreement({
    agreement: 1,
    name: 'Desk',
    scores: { fit: {}, intent: {} },
    rules: [
      { id: 'size', score: 'fit', points: 20, when: { 'company.employees': { gte: 100 } } },
      { id: 'vp', score: 'intent', points: 50, when: { 'contact.title': 'VP' } },
    ],
    ...practice,
  });
  if (problems !== null) throw new Error(JSON.stringify(problems));
  return openDesk(compile(agreement));
}

/** A lead with this profile, at an instant. */
export function leadOf(
  desk: Desk,
  profile: { readonly contact?: object; readonly company?: object },
  at = NOW,
): Lead {
  const history = Array.from({ length: desk.program.slots }, () => []);
  const subject = makeSubject(desk.program, {
    profile: { contact: profile.contact ?? {}, company: profile.company ?? {} },
    history,
    createdAt: at - HOUR,
  });
  const score = scoreAt(desk.program, subject, at);
  if (!score.applies) throw new Error('the agreement does not apply');
  return { subject, score, at };
}

/** A person with the given properties, and defaults for the rest. */
export function person(id: string, more: Partial<Person> = {}): Person {
  const name = `${id[0]?.toUpperCase()}${id.slice(1)}`;
  const email = `${id}@acme.example`;
  return {
    id,
    name,
    email,
    isActive: true,
    mayWork: true,
    isPaused: false,
    schedule: null,
    off: [],
    ...more,
  };
}

/** A working time as people write it. */
export function hours(written: object | null, timezone = 'Europe/London', holidays: readonly string[] = []) {
  const { schedule, problems } = readSchedule({ timezone, hours: written, holidays });
  if (schedule === null) throw new Error(JSON.stringify(problems));
  return schedule;
}

/** A member who takes as much as comes. */
export function member(of: Person, more: Partial<Omit<Member, 'person'>> = {}): Member {
  return { person: of, weight: 1, mostOpen: null, perDay: null, allowance: null, open: 0, ...more };
}

/** A team of these members, all level. */
export function team(name: string, ...members: readonly Member[]): RoutingTeam {
  const joined = members.map(one => ({ kind: 'joined' as const, userId: one.person.id, weight: one.weight }));
  return { name, members, rota: rotaOf(joined) };
}

/** Staff of these teams; everybody in them, and those named beside. */
export function staff(teams: readonly RoutingTeam[], more: Partial<Omit<Staff, 'teams'>> = {}): Staff {
  const people = teams.flatMap(({ members }) => members.map(one => one.person));
  return { companyOwners: [], ...more, people: [...people, ...(more.people ?? [])], teams };
}
