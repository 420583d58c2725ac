import { ALWAYS } from '../worktime/schedule.ts';
import { allowanceAt, spend } from './allowance.ts';
import type { Member } from './attendance.ts';
import type { RoutingTeam } from './pick.ts';
import { stepRota } from './rota.ts';
import type { Assignment } from './route.ts';

/**
 * The teams after a lead was given out at an instant (epoch ms): the rota of the team moves on, its owner has one open
 * lead more everywhere and one less to get that day in that team.
 */
export function afterTurn(
  teams: readonly RoutingTeam[],
  { owner, team, step }: Pick<Assignment, 'owner' | 'team' | 'step'>,
  at: number,
): readonly RoutingTeam[] {
  if (owner === null) return teams;
  return teams.map(one => {
    const isGiver = one.name === team && step !== null;
    if (!isGiver && !one.members.some(({ person }) => person.id === owner.id)) return one;
    return {
      ...one,
      rota: isGiver ? stepRota(one.rota, step) : one.rota,
      members: one.members.map(member =>
        member.person.id === owner.id ? afterLead(member, isGiver ? at : null) : member,
      ),
    };
  });
}

function afterLead(member: Member, givenAt: number | null): Member {
  const { perDay, allowance: kept, person, open } = member;
  const counted = { ...member, open: open + 1 };
  if (perDay === null || givenAt === null) return counted;
  const today = allowanceAt({ perDay, kept, schedule: person.schedule ?? ALWAYS }, givenAt);
  return { ...counted, allowance: spend(today) };
}
