import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { leakage } from '../leakage.ts';
import { instant, report } from '../shapes.ts';

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
      from: instant.optional(),
      to: instant.optional(),
      by: z.enum(['month', 'owner', 'source', 'path']).default('month'),
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
      from: instant.optional(),
      to: instant.optional(),
      by: z.enum(['month', 'source', 'owner']).default('month'),
    }),
    output: leakage,
  }),
};
