import { type Refused, refuse } from '../problem.ts';
import type { Schedule } from '../worktime/schedule.ts';
import { type Allowance, allowanceAt } from './allowance.ts';
import { type Member, memberAttendance } from './attendance.ts';
import type { Rota, RotaStep } from './rota.ts';

/** What a change of its members does to a rota. */
export type MemberStep = Exclude<RotaStep, { kind: 'assigned' }>;

/**
 * What happens to a rota when these become its members: those left out leave, new ones join with their weight (1 where
 * none is given), and who stays keeps their place and, unless another is given, their weight.
 *
 * @example stepsBetween(EMPTY_ROTA, [{ userId: 'ann' }]) // [{ kind: 'joined', userId: 'ann', weight: 1 }]
 */
export function stepsBetween(
  { places }: Rota,
  wanted: readonly { readonly userId: string; readonly weight?: number | undefined }[],
): readonly MemberStep[] {
  const left = places.filter(place => !wanted.some(({ userId }) => userId === place.userId));
  return [
    ...left.map(({ userId }) => ({ kind: 'left' as const, userId })),
    ...wanted.flatMap(({ userId, weight }): MemberStep[] => {
      const place = places.find(other => other.userId === userId);
      if (place === undefined) return [{ kind: 'joined', userId, weight: weight ?? 1 }];
      return weight === undefined || weight === place.weight ? [] : [{ kind: 'weighed', userId, weight }];
    }),
  ];
}

/**
 * What is left of somebody's day, at an instant (epoch ms), after their leads per working day changed: what was given
 * today still counts. Null begins an untouched day.
 *
 * @example allowanceAfter({ before: 3, perDay: 5, kept: { tokens: 1, day: 0 } }, 0) // { tokens: 3, day: 0 }
 */
export function allowanceAfter(
  change: {
    readonly before: number | null;
    readonly perDay: number | null;
    readonly kept: Allowance | null;
    readonly schedule?: Schedule;
  },
  at: number,
): Allowance | null {
  const { before, perDay, kept, ...hours } = change;
  if (perDay === null || before === null || kept === null) return null;
  if (before === perDay) return kept;
  const today = allowanceAt({ perDay: before, kept, ...hours }, at);
  const tokens = Math.min(Math.max(0, today.tokens + perDay - before), Math.max(1, perDay));
  return { tokens, day: today.day };
}

/**
 * What people should know of a team at an instant (epoch ms): that nobody in it can be given a lead, and why. `isGiven`
 * where routing gives leads to it.
 *
 * @example teamWarnings([], { isGiven: false, now: 0 }) // ['Nobody is in this team.']
 */
export function teamWarnings(
  members: readonly Member[],
  { isGiven, now }: { readonly isGiven: boolean; readonly now: number },
): readonly string[] {
  const after = isGiven ? ': routing passes it over, and its leads wait in the fallback queue' : '';
  if (members.length === 0) return [`Nobody is in this team${after}.`];
  if (members.every(({ person }) => !person.isActive))
    return [`Nobody in this team is an active user${after}.`];
  if (members.every(({ person }) => !person.isActive || !person.mayWork))
    return [`Nobody in this team is an active user who may work leads${after}.`];
  const isThere = members.some(member => memberAttendance(member, now).kind !== 'absent');
  return isThere ? [] : [`Nobody in this team can be given a lead now${after}.`];
}

/**
 * Checks that a team may be deleted: no active agreement names it, and no leads wait in its queue.
 *
 * @example checkRemoval({ name: 'sales', isNamed: false, waiting: 0 }) // null
 */
export function checkRemoval(team: {
  readonly name: string;
  /** Whether an active agreement names it. */
  readonly isNamed: boolean;
  readonly waiting: number;
}): Refused | null {
  const { name, isNamed, waiting } = team;
  if (isNamed) return refuse('conflict', `the active agreement names team ${name}`);
  return waiting > 0 ? refuse('conflict', `${waiting} leads wait in the queue of team ${name}`) : null;
}
