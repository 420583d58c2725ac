import { z } from 'zod';
import { routingReason } from '../../core/routing/reason.ts';
import { instant, parseInstant } from '../../core/time/instant.ts';
import { OPERATION, PEOPLE, READ, TEAMS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import {
  done,
  givenId,
  givenInstant,
  givenName,
  givenText,
  id,
  page,
  paging,
  person,
  refusedBecause,
} from '../shapes.ts';

export const team = z.object({
  name: z.string(),
  label: z.string(),
  members: z.array(z.object({ userId: id, name: z.string(), weight: z.number().positive() })),
});

export type Team = z.infer<typeof team>;

const byId = z.object({ id });
const teamName = givenText(100).regex(/^[a-z][a-z0-9_]*$/);
const byName = z.object({ name: teamName });

/** Whether somebody can be given a lead; `reason` says why not, `until` when that ends, where it is known. */
const attendance = z.object({
  state: z.enum(['available', 'later', 'absent']),
  reason: z
    .enum(['outside_hours', 'inactive', 'role', 'paused', 'time_off', 'open_capacity', 'day_capacity'])
    .nullable(),
  /** The reason in words; empty for who is available. */
  words: z.string(),
  until: instant.nullable(),
});
export type AttendanceView = z.infer<typeof attendance>;

const timeOff = z.object({
  id,
  userId: id,
  from: instant,
  to: instant,
  /** Null too where the caller may not change it: why somebody is away is for them, their managers and admins. */
  note: z.string().nullable(),
  createdBy: z.string(),
});
export type TimeOff = z.infer<typeof timeOff>;

/** Working hours by weekday or range, as an agreement writes them: `{"mon-fri": ["09:00-12:30", "13:30-17:30"]}`. */
const hours = z.record(z.string().max(20), z.array(z.string().max(20)).max(20)).nullable();

/** The most one-off days of a person. */
const MAX_OPEN_DAYS = 366;

const openDays = z
  .array(z.strictObject({ date: z.string().max(10), hours: z.array(z.string().max(20)).max(20) }))
  .max(MAX_OPEN_DAYS)
  .describe('hours of single dates, in place of those of their weekday, holiday or not');

const availability = z.object({
  userId: id,
  name: z.string(),
  timezone: z.string(),
  /** Null for somebody who is always at work. */
  hours,
  holidays: z.array(z.string()),
  open: openDays,
  paused: z.boolean(),
  pausedAt: instant.nullable(),
  /** Null too where the caller may not change it, as the notes of times off. */
  pausedNote: z.string().nullable(),
  /** What is running and ahead, the first first. */
  timeOff: z.array(timeOff),
  attendance,
  /** Why it is not the caller's to change. */
  changeRefused: refusedBecause,
});
export type Availability = z.infer<typeof availability>;

/** How many leads somebody takes in a team: undecided at once, over all teams, and per working day; null means no limit. */
const capacity = z.object({ open: z.number().nullable(), perDay: z.number().nullable() });

const teamMember = z.object({
  userId: id,
  name: z.string(),
  weight: z.number(),
  active: z.boolean(),
  capacity,
  /** Leads that wait for their decision, in all teams. */
  openLeads: z.number(),
  /** Those of them that are overdue. */
  overdue: z.number(),
  /** Whether working hours are set; without them a person counts as always at work. */
  hasHours: z.boolean(),
  /** Leads this team gave them since midnight UTC, and in the last 30 days. */
  gotToday: z.number(),
  got30d: z.number(),
  attendance,
  paused: z.boolean(),
  timeOff: z.array(timeOff),
  /** Why it is not the caller's to change when they work. */
  changeRefused: refusedBecause,
});
export type TeamMember = z.infer<typeof teamMember>;

/** A team with how it stands now. */
const teamView = z.object({
  name: z.string(),
  label: z.string(),
  /** Who deals with its exceptions. */
  manager: person.nullable(),
  slackChannel: z.string().nullable(),
  /** Leads in its queue that nobody owns. */
  waiting: z.number(),
  /** Whether the active agreement gives leads to it. */
  inUse: z.boolean(),
  members: z.array(teamMember),
  /** What is wrong with it in plain words, such as that nobody is in it. */
  warnings: z.array(z.string()),
  /** Why it is not the caller's to change. */
  changeRefused: refusedBecause,
});
export type TeamView = z.infer<typeof teamView>;

/** `because` as data; null in entries of the ledger from before reasons were data. */
const why = routingReason.nullable();

const passedOver = z.object({
  userId: id,
  name: z.string(),
  reason: z.string(),
  words: z.string(),
  until: instant.nullable(),
});

/** An entry of the routing list that held and gave the lead to nobody, and why. */
const skippedEntry = z.object({ id: z.string(), label: z.string(), reason: z.string(), words: z.string() });

/** Who gets a lead and why. */
const assignment = z.object({
  owner: person.nullable(),
  team: z.string().nullable(),
  entry: z.object({ id: z.string(), label: z.string() }).nullable(),
  because: z.string(),
  why,
  eligible: z.array(person),
  passedOver: z.array(passedOver),
  skipped: z.array(skippedEntry),
  /** Why nobody gets it; null when somebody does. */
  waiting: z.object({ reason: z.string(), label: z.string(), detail: z.string() }).nullable(),
  retryAt: instant.nullable(),
});
export type AssignmentView = z.infer<typeof assignment>;

/** One thing routing did, or that changed its turns. */
const ledgerEntry = z.object({
  id,
  at: instant,
  /** `assigned`, `waiting`, `joined`, `left`, `weighed`, `reassigned`, `handed_back`, `missed`, `taken_over`. */
  kind: z.string(),
  team: z.string().nullable(),
  user: person.nullable(),
  contact: person.nullable(),
  episodeId: id.nullable(),
  entry: z.object({ id: z.string(), label: z.string() }).nullable(),
  because: z.string(),
  why,
  eligible: z.array(person),
  passedOver: z.array(passedOver),
  skipped: z.array(skippedEntry),
  waiting: z.object({ reason: z.string(), label: z.string(), detail: z.string() }).nullable(),
  actor: z.string(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

const shares = z.object({
  members: z.array(person.extend({ leads: z.number() })),
  /** Leads that nobody would have got. */
  waiting: z.number(),
});

const whatIfAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contact'), at: instant, now: assignment, then: assignment }),
  z.object({
    kind: z.literal('last'),
    /** How many leads were given out again, and when they would come: their own weekdays and hours, whole weeks later. */
    leads: z.number(),
    from: instant.nullable(),
    to: instant.nullable(),
    now: shares,
    then: shares,
  }),
]);
export type WhatIf = z.infer<typeof whatIfAnswer>;

const positive = z.number().positive('expected a number above 0');
/**
 * The bounds of a weight. A lead moves its taker's turn on by 1/weight: steps ten thousand times apart still add up well
 * in floating point, where one by 1e-300 would swallow the steps of all others for good.
 */
export const LEAST_WEIGHT = 0.01;
export const MOST_WEIGHT = 100;
const WEIGHT_WORDS = `expected a number from ${LEAST_WEIGHT} to ${MOST_WEIGHT}`;
const weight = z.number().min(LEAST_WEIGHT, WEIGHT_WORDS).max(MOST_WEIGHT, WEIGHT_WORDS);
const openCapacity = z.number().int().positive('expected a whole number above 0').max(100_000).nullable();
const dayCapacity = positive.max(10_000).nullable();

const period = z.object({ from: givenInstant, to: givenInstant });
const supposedOff = z
  .strictObject({ userId: givenId, ...period.shape })
  .refine(({ from, to }) => (parseInstant(from) ?? 0) < (parseInstant(to) ?? Number.POSITIVE_INFINITY), {
    path: ['to'],
    message: 'expected it to end after it starts',
    // Zod holds a check of the whole back where any part is wrong; this one needs the two times only.
    when: ({ value }) => period.safeParse(value).success,
  });

/** Teams, who is in them and at work, and what routing did. */
export const teams = {
  listTeams: endpoint({
    method: 'GET',
    path: '/api/teams',
    summary: 'Teams that routing names, with their members and who can be given a lead now',
    tag: 'administration',
    access: READ,
    output: page(teamView).extend({
      /** Teams that the active agreement names and that do not exist. */
      unknownTeams: z.array(z.string()),
    }),
  }),
  saveTeam: endpoint({
    method: 'PUT',
    path: '/api/teams/{name}',
    summary: 'Make a team or set its members; what is left out of a member stays as it was',
    tag: 'administration',
    access: TEAMS,
    params: byName,
    body: z.strictObject({
      label: givenName,
      managerId: givenId.nullable().optional(),
      slackChannel: givenText(100).trim().min(1, 'expected a channel').nullable().optional(),
      members: z
        .array(
          z.strictObject({
            userId: givenId,
            weight: weight.optional(),
            capacity: z
              .strictObject({ open: openCapacity.optional(), perDay: dayCapacity.optional() })
              .optional(),
          }),
        )
        .max(500),
    }),
    output: teamView,
    refusals: {
      403: 'Somebody else manages the team, or a new member is in a team of another manager.',
      422: 'The manager or a new member is not an active user whose role works leads, or a weight or capacity is out of bounds.',
    },
  }),
  deleteTeam: endpoint({
    method: 'DELETE',
    path: '/api/teams/{name}',
    summary: 'Delete a team; its ledger stays',
    tag: 'administration',
    access: TEAMS,
    params: byName,
    output: done,
    refusals: {
      403: 'Somebody else manages the team.',
      404: 'No such team.',
      409: 'The active agreement names it, or leads wait in its queue.',
    },
  }),
  getTeamLedger: endpoint({
    method: 'GET',
    path: '/api/teams/{name}/ledger',
    summary: 'Who got which lead and why, and who was passed over, newest first',
    tag: 'administration',
    access: READ,
    params: byName,
    query: z.object(paging),
    output: page(ledgerEntry),
  }),
  getEpisodeRouting: endpoint({
    method: 'GET',
    path: '/api/episodes/{id}/routing',
    summary: 'How an episode came to its owner: who was eligible and who was passed over, oldest first',
    tag: 'work',
    access: READ,
    params: byId,
    output: z.object({ items: z.array(ledgerEntry) }),
    refusals: { 404: 'No such episode.' },
  }),
  askWhatIf: endpoint({
    method: 'POST',
    path: '/api/teams/what-if',
    summary: 'Who would get a lead, or the last leads again, after some changes; nothing is saved',
    tag: 'administration',
    access: OPERATION,
    idempotency: 'none',
    body: z
      .strictObject({
        off: z.array(supposedOff).max(100).default([]),
        paused: z.array(givenId).max(500).default([]),
        weights: z
          .array(z.strictObject({ team: teamName, userId: givenId, weight }))
          .max(500)
          .default([]),
        capacities: z
          .array(
            z.strictObject({
              team: teamName,
              userId: givenId,
              open: openCapacity.optional(),
              perDay: dayCapacity.optional(),
            }),
          )
          .max(500)
          .default([]),
        at: givenInstant.optional().describe('when the lead comes; now without it'),
        contactId: givenId.optional(),
        last: z.number().int().min(1).max(2000).optional(),
      })
      .refine(body => (body.contactId === undefined) !== (body.last === undefined), {
        path: ['contactId'],
        message: 'expected contactId or last, and not both',
        when: ({ value }) => typeof value === 'object' && value !== null,
      }),
    output: whatIfAnswer,
    refusals: { 404: 'No such contact.', 409: 'The active agreement does not score the contact then.' },
  }),
  getAvailability: endpoint({
    method: 'GET',
    path: '/api/users/{id}/availability',
    summary: 'When a person works, is off, or takes no leads',
    tag: 'administration',
    access: READ,
    params: byId,
    output: availability,
    refusals: { 404: 'No such user.' },
  }),
  saveAvailability: endpoint({
    method: 'PUT',
    path: '/api/users/{id}/availability',
    summary:
      'Set working hours, holidays and hours of single dates, or pause: one’s own, or those of the people in a team that one manages',
    tag: 'administration',
    access: PEOPLE,
    params: byId,
    body: z.strictObject({
      timezone: givenText(100),
      hours,
      holidays: z.array(z.string().max(10)).max(1000).default([]),
      open: openDays.default([]),
      paused: z.boolean().default(false),
      pausedNote: givenText(200).trim().nullable().default(null),
    }),
    output: availability,
    refusals: { 404: 'No such user.', 422: 'A time zone, hours or date cannot be read.' },
  }),
  addTimeOff: endpoint({
    method: 'POST',
    path: '/api/users/{id}/time-off',
    summary: 'Take oneself, or somebody of a team that one manages, out of routing from one time to another',
    tag: 'administration',
    access: PEOPLE,
    params: byId,
    body: z.strictObject({
      from: givenInstant,
      to: givenInstant,
      note: givenText(200).trim().nullable().default(null),
    }),
    output: timeOff,
    refusals: { 404: 'No such user.', 422: 'It ends before it starts, or is over already.' },
  }),
  deleteTimeOff: endpoint({
    method: 'DELETE',
    path: '/api/time-off/{id}',
    summary: 'Cancel time off',
    tag: 'administration',
    access: PEOPLE,
    params: byId,
    output: done,
    refusals: { 404: 'No such time off.' },
  }),
};
