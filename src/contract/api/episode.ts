import { z } from 'zod';
import { EPISODE_STATES } from '../../core/contact/episode.ts';
import { opportunity } from '../../core/opportunity/shape.ts';
import { leadQualification } from '../../core/qualification/shape.ts';
import { routingReason } from '../../core/routing/reason.ts';
import { breakdown, scoreLine } from '../../core/scoring/print.ts';
import { instant } from '../../core/time/instant.ts';
import { LEADS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { figure, population } from '../report/population.ts';
import {
  contactHead,
  givenId,
  givenInstant,
  givenText,
  id,
  page,
  paging,
  person,
  refusedBecause,
} from '../shapes.ts';
import { activityOutcome, clock } from './clock.ts';
import { nurtureState } from './nurture.ts';

export const episodeState = z.enum(EPISODE_STATES);

export const ACTIVITY_KINDS = ['call', 'email', 'meeting', 'message', 'note'] as const;

export const activityKind = z.enum(ACTIVITY_KINDS);

export const activity = z.object({
  id,
  kind: activityKind,
  at: instant,
  actor: z.string(),
  outcome: activityOutcome.nullable(),
  /** Whether a program did it of itself: no touch. */
  automated: z.boolean(),
  note: z.string().nullable(),
});

/** What is due next on an open episode. */
export const due = z.object({ kind: z.enum(['firstTouch', 'decision']), at: instant });

/** An episode as lists and the queue show it. */
export const episodeHead = z.object({
  id,
  contact: contactHead,
  state: episodeState,
  path: z.object({ id: z.string(), label: z.string() }),
  total: z.number(),
  scores: z.record(z.string(), z.number()),
  grade: z.string().nullable(),
  /** The score as it is now, and why it is another one than at the handoff; null once the episode has ended. */
  now: z
    .object({
      total: z.number(),
      grade: z.string().nullable(),
      scores: z.record(z.string(), z.number()),
      because: z.string().nullable(),
    })
    .nullable(),
  /** The reason for the handoff in one sentence, worded as of now. */
  sentence: z.string(),
  /** The three heaviest lines of the breakdown frozen at the handoff. */
  topLines: z.array(scoreLine),
  phone: z.string().nullable(),
  source: z.string().nullable(),
  campaign: z.string().nullable(),
  /** Which link or advertisement of the campaign it was (utm_content). */
  content: z.string().nullable(),
  qualifiedAt: instant,
  handedOffAt: instant,
  owner: person.nullable(),
  team: z.string().nullable(),
  /** Why nobody owns it; null when somebody does, and when it has ended. */
  waitingFor: z.string().nullable(),
  due: due.nullable(),
  /** Until when the clock of its decision stands still, and what is waited for; null while it runs. */
  pause: z.object({ until: instant, reason: z.string() }).nullable(),
  /** Until when its owner does not want to see it, and why; stays when that is over, until something is logged. */
  snooze: z.object({ until: instant, note: z.string().nullable() }).nullable(),
  firstTouchAt: instant.nullable(),
  decidedAt: instant.nullable(),
  reason: z.object({ id: z.string(), label: z.string() }).nullable(),
  note: z.string().nullable(),
  imported: z.boolean(),
  /** Why it should be looked at again though it stays open, such as events that a machine made; null otherwise. */
  flag: z.string().nullable(),
  /** What disqualified the lead, sending it to a team of its own or closing it; null for a marketing qualified lead. */
  disqualifier: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** Why it is not the caller's to work on. */
  workRefused: refusedBecause,
});

export type EpisodeHead = z.infer<typeof episodeHead>;

export const episode = episodeHead.extend({
  breakdown,
  agreementVersion: z.number(),
  routedBecause: z.string(),
  /** Why it went where it is, as data; null for what was routed before reasons were data, and what was imported. */
  routedWhy: routingReason.nullable(),
  activities: z.array(activity),
  /** By when it was to be touched and decided, and how these clocks stand; none where the agreement sets none. */
  clocks: z.array(clock),
  /** How often its owner has tried to reach the person: calls, mails, meetings and messages. */
  attempts: z.number(),
  /** What sales found out and must find out; null where the agreement asks nothing, or another team has the lead. */
  qualification: leadQualification.nullable(),
  /** Null where there is none. */
  opportunity: opportunity.nullable(),
  /** How long a recycled lead waits; null where it does not. */
  requalifyAt: instant.nullable(),
  /** The date at which it is looked at again; `isDue` once it has come and nobody has dealt with it. */
  wakeup: z.object({ at: instant, isDue: z.boolean() }).nullable(),
  /** Where it stands in its track; null where it was in none. */
  nurture: nurtureState.nullable(),
});

export type Episode = z.infer<typeof episode>;

const byId = z.object({ id });

/** What every call about the work on an episode may be refused with. */
export const EPISODE_REFUSALS = {
  403: 'The lead is somebody else’s; the answer says who can do it.',
  404: 'No such episode.',
  409: 'The episode is not in a state that allows this.',
};

/** The orders of the queue: what is due first, the highest score now, the newest handoff. */
export const QUEUE_SORTS = ['due', '-total', '-handedOffAt'] as const;

/** The rep's work: queue, episodes, decisions. */
export const work = {
  listQueue: endpoint({
    method: 'GET',
    path: '/api/queue',
    summary: 'Open episodes, SLA-due first',
    tag: 'work',
    access: READ,
    query: z.object({
      ...paging,
      owner: z.string().optional().describe('`me`, `none`, or a user id; all without it'),
      part: z
        .enum(['sales', 'others', 'all'])
        .default('all')
        .describe('those of sales; those that a disqualifier sent to another team; or both'),
      team: givenId.optional(),
      overdue: z.enum(['yes']).optional().describe('only those with something overdue'),
      due: z.enum(['hour']).optional().describe('only those with something due within the hour, not overdue'),
      snoozed: z
        .enum(['yes', 'no', 'all'])
        .optional()
        .describe(
          'only those that their owner has snoozed, the others, or both; without it `no` for `owner=me`, else `all`',
        ),
      grade: givenText(20).optional().describe('the grade as it is now'),
      source: givenText(200).optional(),
      campaign: givenText(200).optional(),
      q: givenText(200).optional().describe('part of a name, a title, an address or a company'),
      sort: z.enum(QUEUE_SORTS).default('due'),
    }),
    output: page(episodeHead).extend({
      /** Of sales, whatever part is asked for; `others` are those for other teams. */
      counts: z.object({
        /** Without those that are snoozed. */
        mine: z.number(),
        unassigned: z.number(),
        all: z.number(),
        others: z.number(),
        /** Of the caller's own for a rep, else of all. */
        overdue: z.number(),
        /** What others got within the last hour and have not touched. */
        fresh: z.number(),
        /** The caller’s own that are snoozed, and those of them that are overdue meanwhile. */
        snoozed: z.number(),
        snoozedOverdue: z.number(),
      }),
      /** When the first of the caller’s own that are snoozed comes back. */
      nextReturnAt: instant.nullable(),
      /** By what the queue can be narrowed: what its leads have. */
      options: z.object({
        owners: z.array(id),
        teams: z.array(id),
        grades: z.array(z.string()),
        sources: z.array(z.string()),
        campaigns: z.array(z.string()),
      }),
    }),
  }),
  listEpisodes: endpoint({
    method: 'GET',
    path: '/api/episodes',
    summary: 'Episodes behind a figure of a report, newest handoff first',
    tag: 'work',
    access: READ,
    query: z.object({
      ...paging,
      ...population,
      elsewhere: z.enum(['include', 'exclude', 'only']).default('include'),
      outcome: z.enum(['accepted', 'rejected', 'decided', 'open']).optional(),
      state: episodeState.optional(),
      ...figure,
    }),
    output: page(episodeHead),
  }),
  getEpisode: endpoint({
    method: 'GET',
    path: '/api/episodes/{id}',
    summary: 'One episode with its frozen breakdown, activities, answers and opportunity',
    tag: 'work',
    access: READ,
    params: byId,
    output: episode,
    refusals: { 404: 'No such episode.' },
  }),
  acceptEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/accept',
    summary: 'Accept the lead: it becomes sales qualified',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      422: 'Required answers are missing or unknown: an error for each, at `qualification.` and its id.',
    },
  }),
  rejectEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reject',
    summary: 'Reject the lead with one of the reasons of its agreement',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      reason: givenId.optional(),
      note: givenText(4000).optional(),
      until: givenInstant
        .optional()
        .describe('a date in place of the wait, for reasons that recycle; the owner is told then'),
      mergeWith: givenId.optional().describe('the contact that is the same person, for reasons that merge'),
    }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      422: 'The reason is missing or unknown, or asks for a note, touches, a date to come, or another contact.',
    },
  }),
  reopenEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reopen',
    summary: 'Undo a decision, with the merge it made: the episode is open again; reps within a day',
    tag: 'work',
    access: LEADS,
    params: byId,
    output: episode,
    refusals: EPISODE_REFUSALS,
  }),
  addActivity: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/activities',
    summary: 'Log an activity; the first touch stops its clock',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      kind: activityKind,
      outcome: activityOutcome.optional().describe('what came of it; a note has none'),
      automated: z
        .boolean()
        .optional()
        .describe(
          'a program did it of itself, such as a mail of a sequence: it is shown, and does not count as a touch',
        ),
      note: givenText(4000).optional(),
      at: givenInstant.optional().describe('when it happened; now without it, never in the future'),
    }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      422: 'The time lies in the future or before the handoff, or a note has an outcome.',
    },
  }),
  reassignEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reassign',
    summary: 'Give the lead to somebody else',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ ownerId: givenId, note: givenText(4000).optional() }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'The episode is not in a state that allows this, or it is theirs already.',
      422: 'No such active user whose role works leads.',
    },
  }),
  takeEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/take',
    summary: 'Take the lead over oneself, from a queue; as manager or admin also from a colleague',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'The episode is not in a state that allows this, or it is one’s own already.',
      422: 'An API key takes no leads.',
    },
  }),
  handBackEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/handback',
    summary: 'Give the lead back: it is routed anew, to anybody but its owner',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: episode,
    refusals: EPISODE_REFUSALS,
  }),
};
