import { z } from 'zod';
import { GROUPS } from '../../core/report/leakage.ts';
import { endpoint } from '../endpoint.ts';
import { givenInstant, report } from '../shapes.ts';
import { leakage } from './leakage.ts';

/** Reports. */
export const reports = {
  getReport: endpoint({
    method: 'GET',
    path: '/api/reports/{report}',
    summary: 'Sales acceptance rate and MQL to SQL conversion by month of handoff',
    tag: 'reports',
    access: 'signedIn',
    params: z.object({ report: z.enum(['acceptance', 'conversion']) }),
    query: z.object({
      from: givenInstant.optional(),
      to: givenInstant.optional(),
      by: z.enum(['month', 'owner', 'source', 'path', 'segment', 'campaign']).default('month'),
    }),
    output: report,
  }),
  getLeakage: endpoint({
    method: 'GET',
    path: '/api/reports/leakage',
    summary: 'Where leads leak between qualifying and a decision, and why; with `.csv` as a file',
    tag: 'reports',
    access: 'signedIn',
    query: z.object({
      from: givenInstant.optional(),
      to: givenInstant.optional(),
      by: z.enum(GROUPS).default('month'),
    }),
    output: leakage,
  }),
};
