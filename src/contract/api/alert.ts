import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { PEOPLE, SELF } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { done, givenId, id, page, paging, person } from '../shapes.ts';

const scoreMark = z.object({ total: z.number(), grade: z.string().nullable() });

export const alert = z.object({
  id,
  at: instant,
  label: z.string(),
  text: z.string(),
  contactId: id.nullable(),
  episodeId: id.nullable(),
  readAt: instant.nullable(),
  /** What it is about: `handoff`, `waiting`, `early`, `flag`, `exception`, `breach`, `reassigned`, `bulletin`; null on old ones. */
  kind: z.string().nullable().optional(),
  /** Where it is about a handoff: the score then and as it is now; not in what is sent at once. */
  score: z.object({ then: scoreMark, now: scoreMark.nullable() }).optional(),
  /** The person it was for; present where alerts of several people are listed. */
  to: person.optional(),
});

export type Alert = z.infer<typeof alert>;

/** Alerts in the app. */
export const inApp = {
  listAlerts: endpoint({
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts in the app for the person signed in, or of the people of a manager, newest first',
    tag: 'alerts',
    access: PEOPLE,
    query: z.object({
      ...paging,
      unread: z.stringbool().default(false),
      scope: z
        .enum(['mine', 'team'])
        .default('mine')
        .describe('`team`: those of the people a manager leads, or of everybody for an admin'),
    }),
    output: page(alert).extend({ unread: z.number() }),
    refusals: { 403: 'Only managers and admins see the alerts of others.' },
  }),
  markAlertsRead: endpoint({
    method: 'POST',
    path: '/api/alerts/read',
    summary: 'Mark alerts as read: these, or all without ids',
    tag: 'alerts',
    access: SELF,
    body: z.strictObject({ ids: z.array(givenId).max(1000, 'expected at most 1000 ids').optional() }),
    output: done,
  }),
};
