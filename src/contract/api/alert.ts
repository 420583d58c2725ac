import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { alert, done, id, page, paging } from '../shapes.ts';

/** Alerts in the app. */
export const inApp = {
  listAlerts: endpoint({
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts in the app for the person signed in, or of the people of a manager, newest first',
    tag: 'alerts',
    access: 'signedIn',
    query: z.object({
      ...paging,
      unread: z.stringbool().default(false),
      scope: z
        .enum(['mine', 'team'])
        .default('mine')
        .describe('`team`: those of the people whom a manager leads, or of everybody for an admin'),
    }),
    output: page(alert).extend({ unread: z.number() }),
    refusals: { 403: 'Only managers and admins see the alerts of others.' },
  }),
  markAlertsRead: endpoint({
    method: 'POST',
    path: '/api/alerts/read',
    summary: 'Mark alerts as read: these, or all without ids',
    tag: 'alerts',
    access: 'signedIn',
    body: z.strictObject({ ids: z.array(id).optional() }),
    output: done,
  }),
};
