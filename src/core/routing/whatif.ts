import { DAY_MS } from '../time/duration.ts';
import { attendanceOf, type Member, type Person } from './attendance.ts';
import { type RoutingTeam, type Staff, takeFromTeam } from './pick.ts';
import { type By, stepRota } from './rota.ts';
import { afterTurn } from './turn.ts';

/**
 * How things might be otherwise. Times in epoch ms; a capacity that is left out stays, null means no limit.
 */
export interface Supposition {
  readonly off: readonly { readonly userId: string; readonly from: number; readonly to: number }[];
  readonly paused: readonly string[];
  readonly weights: readonly { readonly team: string; readonly userId: string; readonly weight: number }[];
  readonly capacities: readonly {
    readonly team: string;
    readonly userId: string;
    readonly open?: number | null | undefined;
    readonly perDay?: number | null | undefined;
  }[];
}

/** The staff as it would be. */
export function suppose(staff: Staff, supposed: Supposition): Staff {
  const people = staff.people.map(person => supposePerson(person, supposed));
  const personOf = new Map(people.map(person => [person.id, person]));
  return {
    ...staff,
    people,
    teams: staff.teams.map(team => supposeTeam(team, { supposed, personOf })),
  };
}

function supposePerson(person: Person, { off, paused }: Supposition): Person {
  const more = off.filter(({ userId }) => userId === person.id);
  return {
    ...person,
    isPaused: person.isPaused || paused.includes(person.id),
    off: [...person.off, ...more.map(({ from, to }) => ({ from, to }))],
  };
}

function supposeTeam(
  team: RoutingTeam,
  of: { readonly supposed: Supposition; readonly personOf: ReadonlyMap<string, Person> },
): RoutingTeam {
  const { weights, capacities } = of.supposed;
  const own = weights.filter(entry => entry.team === team.name);
  const weighed = own.flatMap(({ userId, weight }) =>
    team.members.some(({ person }) => person.id === userId)
      ? [{ kind: 'weighed' as const, userId, weight }]
      : [],
  );
  const weightOf = new Map(weighed.map(({ userId, weight }) => [userId, weight]));
  return {
    ...team,
    rota: weighed.reduce(stepRota, team.rota),
    members: team.members.map((member): Member => {
      const { id } = member.person;
      const capacity = capacities.find(({ team: name, userId }) => name === team.name && userId === id);
      const isLimited = capacity?.perDay !== undefined;
      return {
        ...member,
        person: of.personOf.get(id) ?? member.person,
        weight: weightOf.get(id) ?? member.weight,
        mostOpen: capacity?.open === undefined ? member.mostOpen : capacity.open,
        perDay: isLimited ? capacity.perDay : member.perDay,
        allowance: isLimited ? null : member.allowance,
      };
    }),
  };
}

/**
 * A lead that was given out: by which team and how, or, without a team, by name; and to which user. `at` in
 * epoch ms.
 */
export interface GivenLead {
  readonly at: number;
  readonly team: string | null;
  readonly by: By;
  readonly userId: string;
}

/** How many leads each got, and how many nobody could take. */
export interface Shares {
  readonly leads: ReadonlyMap<string, number>;
  readonly waiting: number;
}

/**
 * Gives leads out again, one after the other, from where the teams stand. Limits on open leads are left aside: whether
 * the earlier ones would be decided by then, nobody knows.
 */
export function giveAgain(staff: Staff, given: readonly GivenLead[]): Shares {
  const leads = new Map<string, number>();
  let waiting = 0;
  let teams: readonly RoutingTeam[] = staff.teams.map(team => ({
    ...team,
    members: team.members.map(member => ({ ...member, mostOpen: null })),
  }));
  for (const lead of given) {
    const userId = lead.team === null ? ownerAt(staff, lead) : giveByTeam(lead, lead.team);
    if (userId === null) waiting += 1;
    else leads.set(userId, (leads.get(userId) ?? 0) + 1);
  }
  return { leads, waiting };

  function giveByTeam({ at, by }: GivenLead, team: string): string | null {
    const found = takeFromTeam({ kind: 'team', team, by }, { ...staff, teams }, at);
    if (found.kind === 'nobody') return null;
    teams = afterTurn(teams, found.given, at);
    return found.given.owner.id;
  }
}

function ownerAt({ people }: Staff, { userId, at }: GivenLead): string | null {
  const owner = people.find(({ id }) => id === userId);
  return owner === undefined || attendanceOf(owner, at).kind === 'absent' ? null : userId;
}

const WEEK_MS = 7 * DAY_MS;

/**
 * The same leads, the oldest first, on their weekdays and at their hours, but whole weeks later: none before `from`, and the
 * first of them as soon after it as a lead comes on such a day and hour. Those that would come too early follow at the end,
 * so that as many come in a week as did.
 */
export function comeAgain(given: readonly GivenLead[], from: number): readonly GivenLead[] {
  const [first, last] = [given[0], given.at(-1)];
  if (first === undefined || last === undefined) return [];
  const span = WEEK_MS * (Math.floor((last.at - first.at) / WEEK_MS) + 1);
  const again = given.map(lead => {
    const rounds = Math.max(0, Math.ceil((from - lead.at) / span));
    return { ...lead, at: lead.at + rounds * span };
  });
  return again.sort((a, b) => a.at - b.at);
}
