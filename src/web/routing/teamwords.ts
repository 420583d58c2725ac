import type { AttendanceView, TeamMember } from '../../contract/api/team.ts';
import { counted, whole } from '../../core/text/number.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { compileSchedule, startOfDay } from '../../core/worktime/schedule.ts';

/** How somebody stands, in a few words, and as the colour of a badge. */
interface Standing {
  readonly words: string;
  readonly color: 'pine' | 'amber' | 'gray' | 'brick';
}

/** Whether somebody can be given a lead, in the viewer's time zone; `now` in epoch ms. */
export function standingOf(
  member: {
    readonly attendance: AttendanceView;
    readonly openLeads: number;
    readonly hasHours: boolean;
    readonly capacity: { readonly open: number | null };
  },
  now: number,
): Standing {
  const { state, reason, until } = member.attendance;
  if (state === 'available')
    return member.hasHours ? { words: 'At work', color: 'pine' } : { words: 'No hours set', color: 'gray' };
  const at = until === null ? null : backWords(Date.parse(until), now);
  switch (reason) {
    case 'inactive':
      return { words: 'Deactivated', color: 'gray' };
    case 'role':
      return { words: 'Does not work leads', color: 'gray' };
    case 'paused':
      return { words: 'Paused', color: 'amber' };
    case 'time_off':
      return { words: at === null ? 'On leave' : `On leave, back ${at}`, color: 'amber' };
    case 'open_capacity':
      return { words: fullWords(member), color: 'amber' };
    case 'day_capacity':
      return { words: at === null ? 'Full for today' : `Full, next ${at}`, color: 'amber' };
    default:
      return { words: at === null ? 'Not at work' : `Starts ${at}`, color: 'gray' };
  }
}

/** How many open leads each member of the teams has, and whether they are there, by id; `now` in epoch ms. */
export function loadNotes(
  teams: readonly {
    readonly members: readonly (Parameters<typeof standingOf>[0] & { readonly userId: string })[];
  }[],
  now: number,
): ReadonlyMap<string, string> {
  return new Map(
    teams.flatMap(({ members }) =>
      members.map(member => [
        member.userId,
        `${counted(member.openLeads, 'open lead')} · ${standingOf(member, now).words}`,
      ]),
    ),
  );
}

/** The fewest open leads that can be too many. */
const LEAST_LOAD = 5;

/**
 * Whether somebody has far more open leads than the others of the team: twice what they have on average, and five at least.
 *
 * @example isOverloaded(14, [3, 4]) // true
 */
export function isOverloaded(openLeads: number, others: readonly number[]): boolean {
  if (others.length === 0 || openLeads < LEAST_LOAD) return false;
  return openLeads >= (2 * others.reduce((sum, count) => sum + count, 0)) / others.length;
}

function fullWords({
  capacity,
  openLeads,
}: Pick<TeamMember, 'openLeads'> & { readonly capacity: { readonly open: number | null } }): string {
  return capacity.open === null ? 'Full' : `Full: ${whole(openLeads)} of ${whole(capacity.open)} open`;
}

const CLOCK_FORMAT = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const WEEKDAY_FORMAT = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const DAY_FORMAT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/**
 * A moment ahead as people say it: the time today, `tomorrow 09:00`, `Mon 09:00` within a week, else the day. In the
 * viewer's time zone, epoch ms.
 */
export function backWords(at: number, now: number): string {
  const days = Math.round((midnight(at) - midnight(now)) / DAY_MS);
  const clock = CLOCK_FORMAT.format(at);
  if (days === 0) return clock;
  if (days === 1) return `tomorrow ${clock}`;
  if (days > 1 && days < 7) return `${WEEKDAY_FORMAT.format(at)} ${clock}`;
  return clock === '00:00' ? dateWords(at) : `${dateWords(at)}, ${clock}`;
}

/** Put together here: whether a comma follows the weekday differs between browsers. */
function dateWords(at: number): string {
  return `${WEEKDAY_FORMAT.format(at)} ${DAY_FORMAT.format(at)}`;
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/**
 * Time off in words, in the viewer's zone: whole days by their dates, else with the times. Instants in ISO.
 */
export function offWords({ from, to }: { readonly from: string; readonly to: string }): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const isWhole = start === midnight(start) && end === midnight(end);
  if (!isWhole) return `${momentOf(start)} to ${momentOf(end)}`;
  // Noon of the last day: days are 23 to 25 hours long.
  const last = dateWords(end - DAY_MS / 2);
  const first = dateWords(start);
  return first === last ? first : `${first} to ${last}`;
}

function momentOf(at: number): string {
  return `${dateWords(at)} ${CLOCK_FORMAT.format(at)}`;
}

/**
 * The instants of whole days off, in ISO: from the beginning of the first to the end of the last, by a time zone. Days
 * are `2026-03-02`.
 *
 * @example daysOff({ first: '2026-03-02', last: '2026-03-02', timezone: 'UTC' }).to // '2026-03-03T00:00:00.000Z'
 */
export function daysOff(of: { readonly first: string; readonly last: string; readonly timezone: string }): {
  readonly from: string;
  readonly to: string;
} {
  const schedule = compileSchedule({ timezone: of.timezone, hours: null, holidays: [] });
  const start = (day: string, move: number) =>
    new Date(startOfDay(schedule, Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS) + move)).toISOString();
  return { from: start(of.first, 0), to: start(of.last, 1) };
}

/** What a member got in 30 days beside what the weights would give, and the share of the weights (0 to 1). */
export interface Share {
  readonly got: number;
  readonly fair: number;
  readonly share: number;
}

/** The shares of a team's active members who work leads, by user id: what all of them got, split by weight. */
export function sharesOf(members: readonly TeamMember[]): ReadonlyMap<string, Share> {
  const active = members.filter(member => member.active && member.attendance.reason !== 'role');
  const weights = active.reduce((sum, { weight }) => sum + weight, 0);
  const leads = active.reduce((sum, { got30d }) => sum + got30d, 0);
  return new Map(
    active.map(({ userId, weight, got30d }) => {
      const share = weights === 0 ? 0 : weight / weights;
      return [userId, { got: got30d, fair: leads * share, share }];
    }),
  );
}
