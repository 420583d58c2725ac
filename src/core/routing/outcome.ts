import { z } from 'zod';
import { nameWords } from '../condition/words.ts';
import { formatInstant, instant, parseInstant } from '../time/instant.ts';
import { momentWords } from '../time/zone.ts';
import { unreachable } from '../unreachable.ts';
import type { WaitingReason } from './waiting.ts';

/** How long words are: `full` as they are stored, for messages and exports, `short` as a page shows them. */
export type Length = 'full' | 'short';

/** An instant, and the time zone in which people read it. */
const localTime = z.object({ at: instant, timezone: z.string() });

/** Puts an instant (epoch ms) beside a time zone. @example localTimeOf(0, 'UTC').at // '1970-01-01T00:00:00.000Z' */
export function localTimeOf(at: number, timezone: string): z.infer<typeof localTime> {
  return { at: formatInstant(at), timezone };
}

function localTimeWords({ at, timezone }: z.infer<typeof localTime>): string {
  const time = parseInstant(at);
  return time === null ? at : `${momentWords(time, timezone)} ${timezone}`;
}

/** Why somebody is given no lead now; `until` is when that ends, where it is known. */
const absence = z.object({
  reason: z.enum([
    'inactive',
    'role',
    'paused',
    'time_off',
    'open_capacity',
    'day_capacity',
    'outside_hours',
    'handed_back',
    'rejected_before',
  ]),
  until: localTime.nullable(),
});
export type Absence = z.infer<typeof absence>;

/** Somebody who cannot take a lead, by name. */
const absentee = absence.extend({ name: z.string() });
export type Absentee = z.infer<typeof absentee>;

/**
 * Why somebody gets no lead now, in words and in their own time zone.
 *
 * @example absenceWords({ reason: 'paused', until: null }) // 'paused'
 */
export function absenceWords({ reason, until }: Absence): string {
  const back = until === null ? '' : `, back ${localTimeWords(until)}`;
  switch (reason) {
    case 'inactive':
      return 'not an active user';
    case 'role':
      return 'not allowed to work leads';
    case 'paused':
      return 'paused';
    case 'time_off':
      return `on time off${back}`;
    case 'open_capacity':
      return 'has as many open leads as they take';
    case 'day_capacity':
      return `has had the leads of the day${back}`;
    case 'outside_hours':
      return until === null ? 'not at work' : `starts ${localTimeWords(until)}`;
    case 'handed_back':
      return 'had it before';
    case 'rejected_before':
      return 'rejected it before';
    default:
      return unreachable(reason);
  }
}

const name = z.string();
const team = z.string();
/** When somebody who is not at work yet starts; null for who is. */
const starts = localTime.nullable();

/** How an entry of the routing list gave a lead to somebody: by a team's turn, as its owner, or as the company's. */
export const grant = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('turn'),
    name,
    team,
    by: z.enum(['round_robin', 'weighted', 'least_open']),
    starts,
  }),
  z.object({ kind: z.literal('owner'), name, starts }),
  z.object({ kind: z.literal('company_owner'), name, of: z.enum(['opportunity', 'lead']), starts }),
]);
export type Grant = z.infer<typeof grant>;

/** Why an entry of the routing list gave a lead to nobody. */
export const lack = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no_company_owner') }),
  /** The person is named by the e-mail address where nobody active has it. */
  z.object({ kind: z.literal('owner_inactive'), who: absentee }),
  z.object({ kind: z.literal('owner_absent'), who: absentee }),
  z.object({ kind: z.literal('owner_handed_back'), name }),
  z.object({ kind: z.literal('owner_rejected_before'), name }),
  z.object({ kind: z.literal('team_unknown'), team }),
  z.object({ kind: z.literal('team_empty'), team, lacks: z.enum(['members', 'workers']) }),
  z.object({
    kind: z.literal('team_away'),
    team,
    reason: z.enum(['handed_back', 'team_full', 'team_absent']),
    who: z.array(absentee),
  }),
]);
export type Lack = z.infer<typeof lack>;

/** What a lead waits for where an entry gave it to nobody. @example waitingReasonOf({ kind: 'no_company_owner' }) // 'no_company_owner' */
export function waitingReasonOf(of: Lack): WaitingReason {
  switch (of.kind) {
    case 'owner_handed_back':
    case 'owner_rejected_before':
      return 'handed_back';
    case 'team_away':
      return of.reason;
    default:
      return of.kind;
  }
}

/**
 * What came of asking one entry of the routing list, in words.
 *
 * @example outcomeWords({ kind: 'team_unknown', team: 'key_accounts' }, 'short') // 'team key accounts does not exist'
 */
export function outcomeWords(of: Grant | Lack, length: Length): string {
  const teamWords = (called: string) => `team ${length === 'short' ? nameWords(called) : called}`;
  switch (of.kind) {
    case 'turn': {
      const turn = of.by === 'least_open' ? 'has the fewest open leads' : 'is next';
      const words = `${turn} in ${teamWords(of.team)}`;
      if (of.starts === null) return `${of.name} ${words}`;
      return `nobody is at work, ${of.name} starts ${localTimeWords(of.starts)} and ${words}`;
    }
    case 'owner':
      return `goes to ${of.name}${startWords(of.starts)}`;
    case 'company_owner': {
      const what = of.of === 'opportunity' ? 'has an open opportunity with the company' : 'owns the company';
      return `${of.name} ${what}${startWords(of.starts)}`;
    }
    case 'no_company_owner':
      return 'nobody owns the company yet';
    case 'owner_inactive':
    case 'owner_absent':
      return `${of.who.name} is ${absenceWords(of.who)}`;
    case 'owner_handed_back':
      return `${of.name} had it before`;
    case 'owner_rejected_before':
      return `${of.name} rejected it before`;
    case 'team_unknown':
      return `${teamWords(of.team)} does not exist`;
    case 'team_empty':
      return `${teamWords(of.team)} has no active member${of.lacks === 'workers' ? ' who may work leads' : ''}`;
    case 'team_away': {
      const who = of.who.map(one => `${one.name} ${absenceWords(one)}`).join(', ');
      return `nobody in ${teamWords(of.team)} can take it (${who})`;
    }
    default:
      return unreachable(of);
  }
}

function startWords(from: z.infer<typeof starts>): string {
  return from === null ? '' : ` (starts ${localTimeWords(from)})`;
}

/** The team that an entry asked; null where it asked no team. @example teamOf({ kind: 'team_unknown', team: 'emea' }) // 'emea' */
export function teamOf(of: Grant | Lack): string | null {
  return 'team' in of ? of.team : null;
}
