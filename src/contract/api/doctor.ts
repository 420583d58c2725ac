import { ADMIN } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { diagnosis } from './diagnosis.ts';

/** Whether all is well with the server and the leads. */
export const operations = {
  getDoctor: endpoint({
    method: 'GET',
    path: '/api/doctor',
    summary: 'Check database, clock, mail, Slack, CRM, workers, outbox, and that no lead is lost',
    tag: 'administration',
    access: ADMIN,
    output: diagnosis,
  }),
};
