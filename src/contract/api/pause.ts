import { z } from 'zod';
import { LEADS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenInstant, givenText, id } from '../shapes.ts';
import { episode } from './episode.ts';

const byId = z.object({ id });

/** Pauses of the clock of a decision. */
export const pauses = {
  pauseEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/pause',
    summary: 'Pause the clock of the decision: the time until then does not count',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      reason: givenText(400).describe('what is waited for'),
      until: givenInstant.describe('when the clock goes on by itself: in the future, at most 366 days ahead'),
    }),
    output: episode,
    refusals: {
      403: 'The lead is somebody else’s; the answer says who can do it.',
      404: 'No such episode.',
      409: 'The clock has stopped, is missed, is paused already, or there is none; the answer says which.',
      422: 'The reason is blank, or the end lies in the past or too far ahead.',
    },
  }),
  resumeEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/resume',
    summary: 'End the pause of the decision’s clock: it goes on with what was left',
    tag: 'work',
    access: LEADS,
    params: byId,
    output: episode,
    refusals: {
      403: 'The lead is somebody else’s; the answer says who can do it.',
      404: 'No such episode.',
      409: 'The clock is not paused.',
    },
  }),
};
