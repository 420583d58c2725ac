import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { LEADS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { contactHead, givenText, id } from '../shapes.ts';
import { episode } from './episode.ts';

/** What a rejection for a reason would do, said before it is done. */
const consequence = z.object({
  id: z.string(),
  label: z.string(),
  then: z.enum(['recycle', 'disqualify', 'merge', 'route']),
  needsNote: z.boolean(),
  /** Until when the lead is recycled, unless another date is given; null where it is not. */
  until: instant.nullable(),
  /** Whether the lead may go to the person who rejects it again. */
  sameOwner: z.boolean(),
  /** The track that the lead enters, with what it gets first. */
  track: z
    .object({
      id: z.string(),
      label: z.string(),
      first: z.object({
        kind: z.enum(['email', 'webhook', 'wait']),
        name: z.string().nullable(),
        at: instant,
      }),
    })
    .nullable(),
  /** The team that it goes to. */
  team: z.string().nullable(),
  /** How many touches of the owner it asks for, and how many were logged. */
  attempts: z.object({ needed: z.number(), logged: z.number() }).nullable(),
  /** Why it would be refused now; null where it would not. */
  refused: z.string().nullable(),
});
export type Consequence = z.infer<typeof consequence>;

const byId = z.object({ id });
const REFUSALS = {
  403: 'The lead is somebody else’s; the answer says who can do it.',
  404: 'No such episode.',
};

/** Decisions beside accept and reject, and what a rejection would do. */
export const decisions = {
  listReasons: endpoint({
    method: 'GET',
    path: '/api/episodes/{id}/reasons',
    summary: 'The reasons of the lead’s agreement for a no, each with what would follow, and likely doubles',
    tag: 'work',
    access: READ,
    params: byId,
    output: z.object({
      items: z.array(consequence),
      /** Contacts that may be the same person, the likeliest first. */
      doubles: z.array(z.object({ contact: contactHead, score: z.number(), reasons: z.array(z.string()) })),
    }),
    refusals: { 404: 'No such episode.' },
  }),
  finishEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/done',
    summary: 'Be done with a lead that a disqualifier sent to another team; it counts for no acceptance',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: episode,
    refusals: { ...REFUSALS, 409: 'The episode is not open, or is one of sales.' },
  }),
  requalifyEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/requalify',
    summary: 'Open a new handoff by hand for a lead whose last one ended; who opens it gets it',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({ note: givenText(4000).optional() }),
    output: episode,
    refusals: { ...REFUSALS, 409: 'The lead is worked, was disqualified, or has a later handoff.' },
  }),
};
