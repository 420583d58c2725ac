import { ALWAYS, opensAt, type Schedule } from '../worktime/schedule.ts';
import { type Allowance, allowanceAt, mayGive, mayGiveFrom } from './allowance.ts';
import { type Absence, absenceWords, localTimeOf } from './outcome.ts';

/** Somebody who may be given leads. Times in epoch ms. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  /** Whether their role works leads. */
  readonly mayWork: boolean;
  readonly isPaused: boolean;
  /** Null when nothing was said about the person: always at work. */
  readonly schedule: Schedule | null;
  /** Time off, in any order; `to` is the first moment back. */
  readonly off: readonly { readonly from: number; readonly to: number }[];
}

/** A person in a team, with how much they take. */
export interface Member {
  readonly person: Person;
  readonly weight: number;
  /** The most undecided leads, over all teams; null means no limit. */
  readonly mostOpen: number | null;
  /** The most leads in a working day, of this team; may be a fraction; null means no limit. */
  readonly perDay: number | null;
  readonly allowance: Allowance | null;
  /** Leads that wait for the person's decision, in all teams. */
  readonly open: number;
}

type AbsentReason = Exclude<Absence['reason'], 'outside_hours' | 'handed_back' | 'rejected_before'>;

/** Whether somebody can be given a lead: now, as soon as they start work, or not (`until` null: nobody knows). */
export type Attendance =
  | { readonly kind: 'available' }
  | { readonly kind: 'later'; readonly opensAt: number }
  | { readonly kind: 'absent'; readonly reason: AbsentReason; readonly until: number | null };

/** More stretches of time off in a row than anybody has; it bounds the walk. */
const MOST_STRETCHES = 1000;

/** Whether a person can be given a lead at an instant, whatever they have already. */
export function attendanceOf(person: Person, at: number): Attendance {
  if (!person.isActive) return { kind: 'absent', reason: 'inactive', until: null };
  if (!person.mayWork) return { kind: 'absent', reason: 'role', until: null };
  if (person.isPaused) return { kind: 'absent', reason: 'paused', until: null };
  const opening = opensAt(person.schedule ?? ALWAYS, at);
  const back = backAt(person, opening);
  if (backAt(person, at) !== at || back !== opening)
    return { kind: 'absent', reason: 'time_off', until: back };
  return opening === at ? { kind: 'available' } : { kind: 'later', opensAt: opening };
}

/** The first moment at or after an instant that is working time and not time off. */
function backAt({ schedule, off }: Person, at: number): number {
  let back = at;
  for (let step = 0; step < MOST_STRETCHES; step++) {
    const now = back;
    const running = off.filter(({ from, to }) => from <= now && now < to);
    if (running.length === 0) return back;
    back = opensAt(schedule ?? ALWAYS, Math.max(...running.map(({ to }) => to)));
  }
  return back;
}

/** The same for somebody in a team, who also may have as many leads as they take. */
export function memberAttendance(member: Member, at: number): Attendance {
  const { person, perDay, mostOpen, open } = member;
  const own = attendanceOf(person, at);
  if (own.kind === 'absent') return own;
  if (mostOpen !== null && open >= mostOpen) return { kind: 'absent', reason: 'open_capacity', until: null };
  if (perDay === null || member.allowance === null) return own;
  const kept = { perDay, kept: member.allowance, schedule: person.schedule ?? ALWAYS };
  if (mayGive(allowanceAt(kept, at))) return own;
  return { kind: 'absent', reason: 'day_capacity', until: mayGiveFrom(kept, at) };
}

/** Why somebody who is not there gets no lead now, and when that ends by their own time zone. */
export function absenceOf(
  { schedule }: Pick<Person, 'schedule'>,
  attendance: Exclude<Attendance, { kind: 'available' }>,
): Absence {
  const { timezone } = schedule ?? ALWAYS;
  const [reason, until] =
    attendance.kind === 'later'
      ? (['outside_hours', attendance.opensAt] as const)
      : ([attendance.reason, attendance.until] as const);
  return { reason, until: until === null ? null : localTimeOf(until, timezone) };
}

/**
 * Why somebody gets no lead now, in words, in the person's own time zone; empty for who is there.
 *
 * @example attendanceWords({ schedule: null }, { kind: 'absent', reason: 'paused', until: null }) // 'paused'
 */
export function attendanceWords(person: Pick<Person, 'schedule'>, attendance: Attendance): string {
  return attendance.kind === 'available' ? '' : absenceWords(absenceOf(person, attendance));
}
