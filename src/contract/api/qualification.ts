import { z } from 'zod';
import { LEADS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenId, givenText, id } from '../shapes.ts';
import { EPISODE_REFUSALS, episode } from './episode.ts';

/** More questions than an agreement can ask. */
const MAX_ANSWERS = 200;

const givenAnswer = z
  .strictObject({
    value: z
      .union([
        z.boolean(),
        z.number(),
        givenText(4000),
        z.strictObject({ amount: z.union([z.number(), givenText(40)]), currency: givenText(10) }),
        z.null(),
      ])
      .optional()
      .describe('by the type of the question; null takes the answer back'),
    unknown: z.literal(true).optional().describe('asked, and not found out'),
    note: givenText(4000).optional(),
    revision: z
      .int()
      .min(0)
      .optional()
      .describe(
        'the revision of the answer that you saw, 0 for none: without it, the answer of somebody else is not overwritten',
      ),
  })
  .describe('a value, or unknown');

/** What sales finds out about a lead. */
export const questions = {
  saveQualification: endpoint({
    method: 'PUT',
    path: '/api/episodes/{id}/qualification',
    summary: 'Save answers about a lead: those that are given, all or none',
    tag: 'work',
    access: LEADS,
    params: z.object({ id }),
    body: z.strictObject({
      answers: z
        .record(givenId, givenAnswer)
        .refine(given => Object.keys(given).length <= MAX_ANSWERS, `expected at most ${MAX_ANSWERS} answers`),
    }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'Somebody else changed the same answer meanwhile: `conflicts` has both. Or the handoff is over.',
      422: 'An answer is not one to its question.',
    },
  }),
};
