import { z } from 'zod';
import { LEADS } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { givenInstant, givenText, id } from '../shapes.ts';
import { EPISODE_REFUSALS, episode } from './episode.ts';

const byId = z.object({ id });

/** Leads that their owner does not want to see until a time. */
export const snoozing = {
  snoozeEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/snooze',
    summary: 'Hide the lead from the queue of its owner until a time; it stops no clock',
    tag: 'work',
    access: LEADS,
    params: byId,
    body: z.strictObject({
      until: givenInstant.describe('when it comes back; ahead, by at most 180 days'),
      note: givenText(1000).optional().describe('shown when it comes back'),
    }),
    output: episode,
    refusals: {
      ...EPISODE_REFUSALS,
      409: 'The lead is decided, or nobody owns it.',
      422: 'The time lies in the past, or too far ahead.',
    },
  }),
  wakeEpisode: endpoint({
    method: 'DELETE',
    path: '/api/episodes/{id}/snooze',
    summary: 'Bring the lead back into the queue of its owner now; nothing changes where it is there already',
    tag: 'work',
    access: LEADS,
    params: byId,
    output: episode,
    refusals: { 403: EPISODE_REFUSALS[403], 404: EPISODE_REFUSALS[404] },
  }),
};
