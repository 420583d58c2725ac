import { z } from 'zod';
import { GROUPS } from '../../core/report/leakage.ts';
import { instant } from '../../core/time/instant.ts';
import { READ } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { givenInstant } from '../shapes.ts';
import { leakage } from './leakage.ts';

/** One period of the acceptance or conversion report; rates are shares from 0 to 1, null where nothing was decided. */
export const reportRow = z.object({
  /** `2026-03` for a month; a name for the other groupings. */
  key: z.string(),
  handedOff: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  open: z.number(),
  /** accepted / (accepted + rejected) */
  acceptanceRate: z.number().nullable(),
  /** accepted / handedOff */
  conversionRate: z.number().nullable(),
});

export type ReportRow = z.infer<typeof reportRow>;

export const report = z.object({
  from: instant,
  to: instant,
  timezone: z.string(),
  rows: z.array(reportRow),
  total: reportRow,
  targets: z.object({
    acceptance: z.tuple([z.number(), z.number()]).nullable(),
    floor: z.number().nullable(),
    ceiling: z.number().nullable(),
    minSample: z.number().nullable(),
  }),
});

export type Report = z.infer<typeof report>;

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
    access: READ,
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
    access: READ,
    query: leakageQuery,
    output: leakage,
  }),
  getLeakageFile: endpoint({
    method: 'GET',
    path: '/api/reports/leakage.csv',
    summary: 'The same as a file for spreadsheets: the rows, then the reasons of each step',
    tag: 'reports',
    access: READ,
    query: leakageQuery,
    file: 'text/csv; charset=utf-8',
    output: fileOutput,
  }),
};
