import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { isZone } from '../../core/time/zone.ts';
import { LEADS, OPERATION, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenId, givenInstant, givenText, id, page, paging, person } from '../shapes.ts';
import { activityKind, EPISODE_REFUSALS, episodeHead } from './episode.ts';

/** After how many days without anything logged an accepted lead is at risk of going cold. */
export const COLD_DAYS = 7;

const days = z.coerce
  .number()
  .int()
  .min(1)
  .max(365)
  .default(COLD_DAYS)
  .describe('how many days without anything logged');

/** What waits, and what came of leads this week. `open`, `soon` and `late` are leads of sales that wait for a decision. */
const boardFigures = z.object({
  open: z.number(),
  /** Due within the hour, and not late. */
  soon: z.number(),
  late: z.number(),
  /** Decided since the week began. */
  accepted: z.number(),
  rejected: z.number(),
  /** Accepted, and nothing logged for so many days. */
  cold: z.number(),
  /** Undecided leads of any kind, as routing counts them against the capacity. */
  load: z.number(),
  /** Null means no limit. */
  capacity: z.number().nullable(),
});
export type BoardFigures = z.infer<typeof boardFigures>;

const boardMember = boardFigures.extend({
  userId: id,
  name: z.string(),
  active: z.boolean(),
  /** The names of their teams. */
  teams: z.array(z.string()),
  /** Why they can be given no lead now, in words; empty for who can. */
  away: z.string(),
  /** Open leads that are out of their sight until later. */
  snoozed: z.number(),
});
export type BoardMember = z.infer<typeof boardMember>;

const boardTeam = boardFigures.extend({
  name: z.string(),
  label: z.string(),
  /** Whether it is one of the caller’s to manage. */
  isOwn: z.boolean(),
  /** Those that nobody owns. */
  waiting: z.number(),
});
export type BoardTeam = z.infer<typeof boardTeam>;

const coldLead = episodeHead.extend({
  /** When something was last logged; the acceptance where nothing was. */
  lastAt: instant,
  /** What was logged then; null where nothing was. */
  lastKind: activityKind.nullable(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
});
export type ColdLead = z.infer<typeof coldLead>;

const movedLead = z.object({
  id,
  /** Null for an id that names no episode. */
  contact: person.nullable(),
  owner: person.nullable(),
  /** Who owned it before; null for nobody. */
  previousOwner: person.nullable(),
  /** Why nobody owns it now; null when somebody does. */
  waitingFor: z.string().nullable(),
  /** Why it was left as it was; null when it was moved. */
  refused: z.string().nullable(),
});
export type MovedLead = z.infer<typeof movedLead>;

/** How many leads one call moves. */
export const MOST_MOVED = 100;

/** Who has how much to do, what is late, what goes cold; and leads moved together. */
export const boards = {
  getBoard: endpoint({
    method: 'GET',
    path: '/api/board',
    summary: 'Per member and team: open, due within the hour, late, decided this week, load against capacity',
    tag: 'work',
    access: OPERATION,
    query: z.object({
      days,
      zone: givenText(100)
        .refine(isZone, 'expected a time zone, such as Europe/London')
        .default('UTC')
        .describe('in which the week begins on Monday at midnight'),
    }),
    output: z.object({
      week: z.object({ from: instant, zone: z.string() }),
      days: z.number(),
      members: z.array(boardMember),
      teams: z.array(boardTeam),
      /** Of all leads, also those of nobody and of no team. */
      total: boardFigures.extend({ waiting: z.number() }),
    }),
  }),
  listColdLeads: endpoint({
    method: 'GET',
    path: '/api/cold',
    summary: 'Accepted leads for which nothing was logged for some days, the longest first',
    tag: 'work',
    access: READ,
    query: z.object({
      ...paging,
      days,
      owner: z.string().optional().describe('`me`, `none`, or a user id; all without it'),
      team: givenId.optional(),
    }),
    output: page(coldLead).extend({ count: z.number() }),
  }),
  listDecidedLeads: endpoint({
    method: 'GET',
    path: '/api/decided',
    summary: 'Leads of sales that were accepted or rejected since an instant, the latest decision first',
    tag: 'work',
    access: READ,
    query: z.object({
      ...paging,
      from: givenInstant,
      decision: z.enum(['accepted', 'rejected']),
      owner: z.string().optional().describe('`me`, `none`, or a user id; all without it'),
      team: givenId.optional(),
    }),
    output: page(episodeHead),
  }),
  reassignEpisodes: endpoint({
    method: 'POST',
    path: '/api/episodes/reassign',
    summary: 'Give several leads to one person, or route them anew; each is answered for itself',
    tag: 'work',
    access: LEADS,
    body: z.strictObject({
      ids: z
        .array(givenId)
        .min(1, 'expected at least one episode')
        .max(MOST_MOVED, `expected at most ${MOST_MOVED} episodes`),
      ownerId: givenId
        .nullable()
        .describe('who gets them; null to route them anew, to anybody but their owners'),
      note: givenText(4000).optional(),
    }),
    output: z.object({ items: z.array(movedLead) }),
    refusals: {
      403: EPISODE_REFUSALS[403],
      422: 'No such active user whose role works leads.',
    },
  }),
};
