import { z } from 'zod';
import { CLOCK_KINDS } from '../../core/followup/clock.ts';
import { instant } from '../../core/time/instant.ts';
import { rulerStretch } from '../../core/worktime/ruler.ts';
import { LEADS, READ } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenInstant, givenText, id } from '../shapes.ts';
import { episode } from './episode.ts';

const byId = z.object({ id });

/** The clocks of an episode: pauses, and which time counted. */
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
  getRuler: endpoint({
    method: 'GET',
    path: '/api/episodes/{id}/ruler',
    summary: 'Which time counted on each clock of an episode, and which did not and why',
    tag: 'work',
    access: READ,
    params: byId,
    output: z.object({
      clocks: z.array(
        z.object({
          kind: z.enum(CLOCK_KINDS),
          startedAt: instant,
          dueAt: instant,
          stoppedAt: instant.nullable(),
          /** The zone of the calendar. */
          timezone: z.string(),
          /** Up to when it is due, or it stopped, or now, whichever is last. */
          stretches: z.array(rulerStretch),
        }),
      ),
    }),
    refusals: { 404: 'No such episode.' },
  }),
};
