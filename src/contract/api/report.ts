import { z } from 'zod';
import { GROUPS } from '../../core/report/leakage.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { givenInstant, report } from '../shapes.ts';
import { leakage } from './leakage.ts';

const leakageQuery = z.object({
  from: givenInstant.optional(),
  to: givenInstant.optional(),
  by: z.enum(GROUPS).default('month'),
});

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
    summary: 'Where leads leak between qualifying and a decision, and why',
    tag: 'reports',
    access: 'signedIn',
    query: leakageQuery,
    output: leakage,
  }),
  getLeakageFile: endpoint({
    method: 'GET',
    path: '/api/reports/leakage.csv',
    summary: 'The same as a file for spreadsheets: the rows, then the reasons of each step',
    tag: 'reports',
    access: 'signedIn',
    query: leakageQuery,
    file: 'text/csv; charset=utf-8',
    output: fileOutput,
  }),
};
