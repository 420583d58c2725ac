import { z } from 'zod';
import { EXITS } from '../../core/contact/exit.ts';
import { instant } from '../../core/time/instant.ts';
import { LEADS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
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

/** A step of a track: done, refused for good, next, still to come, or never as the lead has left. */
const nurtureStep = z.object({
  kind: z.enum(['email', 'webhook', 'wait']),
  name: z.string().nullable(),
  state: z.enum(['done', 'refused', 'next', 'later', 'never']),
  /** When it was done, or falls due; null for a later step, which counts from the one before it. */
  at: instant.nullable(),
  waitMs: z.number(),
  refused: z.string().nullable(),
});

/** Where a recycled lead stands in its track, what it got, and why it left. */
export const nurtureState = z.object({
  id,
  track: z.object({ id: z.string(), label: z.string() }),
  enteredAt: instant,
  nextStepAt: instant.nullable(),
  steps: z.array(nurtureStep),
  left: z
    .object({ at: instant, because: z.enum(EXITS), words: z.string(), by: z.string().nullable() })
    .nullable(),
});
export type NurtureState = z.infer<typeof nurtureState>;

const enrolment = nurtureState.extend({
  episodeId: id,
  contact: contactHead,
  owner: person.nullable(),
  workRefused: refusedBecause,
});
export type Enrolment = z.infer<typeof enrolment>;

/** A lead whose date has come: its owner looks at it again. */
const wakeup = z.object({
  episodeId: id,
  contact: contactHead,
  owner: person.nullable(),
  team: z.string().nullable(),
  reason: z.object({ id: z.string(), label: z.string() }).nullable(),
  note: z.string().nullable(),
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  /** When the date came. */
  at: instant,
  /** The score as it is now. */
  total: z.number().nullable(),
  grade: z.string().nullable(),
  workRefused: refusedBecause,
});
export type Wakeup = z.infer<typeof wakeup>;

const byId = z.object({ id });
const REFUSALS = {
  403: 'The lead is somebody else’s; the answer says who can do it.',
  404: 'No such episode.',
};

/** Tracks of recycled leads, and the dates at which people look at leads again. */
export const nurture = {
  listNurture: endpoint({
    method: 'GET',
    path: '/api/nurture',
    summary: 'Who is in which track, the next step first; or who has left one, the latest to enter first',
    tag: 'nurture',
    access: READ,
    query: z.object({
      ...paging,
      state: z.enum(['active', 'left']).default('active'),
      track: givenId.optional(),
      q: givenText(200).optional().describe('part of a name, an address or a company'),
    }),
    output: page(enrolment).extend({
      /** Every track that a lead was in, with how many are in it and how many have left. */
      tracks: z.array(z.object({ id: z.string(), label: z.string(), active: z.number(), left: z.number() })),
    }),
  }),
  stopNurture: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/nurture/stop',
    summary: 'Stop the track that a recycled lead is in: it gets nothing more of it',
    tag: 'nurture',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: nurtureState,
    refusals: { ...REFUSALS, 409: 'The lead is in no track, or has left it already.' },
  }),
  listWakeups: endpoint({
    method: 'GET',
    path: '/api/wakeups',
    summary: 'Leads whose date has come and that nobody has dealt with since, the longest due first',
    tag: 'nurture',
    access: READ,
    query: z.object({
      ...paging,
      owner: z.string().optional().describe('`me`, or a user id; all without it'),
    }),
    output: page(wakeup),
  }),
  moveWakeup: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/wakeup',
    summary: 'Look at a recycled lead again on another date; or, with null, leave it in nurture without one',
    tag: 'nurture',
    access: LEADS,
    params: byId,
    body: z.strictObject({ until: givenInstant.nullable() }),
    output: z.object({ wakeAt: instant.nullable() }),
    refusals: {
      ...REFUSALS,
      409: 'The lead is not in nurture, or has no date.',
      422: 'The date lies in the past, or more than two years ahead.',
    },
  }),
};
