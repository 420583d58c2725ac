import { z } from 'zod';
import { reportHead, rowHead } from '../../core/report/answer.ts';
import { cohort } from '../../core/report/cohort.ts';
import { velocityRate } from '../../core/report/growth.ts';
import { HEALTH_GROUPS, health, healthTotal } from '../../core/report/health.ts';
import { REJECTION_GROUPS, rejection } from '../../core/report/rejection.ts';
import { ruleEffect, ruleTotal } from '../../core/report/rule.ts';
import { READ } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { population, traits } from './population.ts';

const CSV = 'text/csv; charset=utf-8';
const read = { method: 'GET', tag: 'reports', access: READ } as const;

const monthly = z.object({ ...population, by: z.enum(['month']).default('month') });

const growthReport = reportHead.extend({
  rows: z.array(
    rowHead.extend({
      ...velocityRate.shape,
      /** Whether the month is over and lies in the range as a whole. */
      whole: z.boolean(),
    }),
  ),
  total: velocityRate.extend({ leads: z.string() }),
});

const healthQuery = z.object({ ...population, by: z.enum(HEALTH_GROUPS).default('month') });

const healthReport = reportHead.extend({
  rows: z.array(rowHead.extend(health.shape)),
  total: healthTotal.extend({ leads: z.string() }),
});

const cohortReport = reportHead.extend({
  rows: z.array(rowHead.extend(cohort.shape)),
  total: cohort.extend({ leads: z.string() }),
});

const rejectionQuery = z.object({
  ...population,
  ...traits,
  by: z.enum([...REJECTION_GROUPS, 'rule']).default('reason'),
  and: z
    .enum(REJECTION_GROUPS)
    .optional()
    .describe('splits each row; another one than `by`, and not with `by=rule`'),
});

const rejectionReport = z.discriminatedUnion('by', [
  reportHead.extend({
    by: z.enum(REJECTION_GROUPS),
    rows: z.array(rowHead.extend(rejection.shape)),
    total: rejection.extend({ leads: z.string() }),
  }),
  reportHead.extend({
    by: z.literal('rule'),
    rows: z.array(rowHead.extend(ruleEffect.shape)),
    total: ruleTotal.extend({ leads: z.string() }),
  }),
]);

/** Reports that count leads in other ways than by what sales did with them. */
export const counts = {
  getVelocityRate: endpoint({
    ...read,
    path: '/api/reports/velocity-rate',
    summary: 'How MQLs and SQLs grow from month to month',
    query: monthly,
    output: growthReport,
  }),
  getVelocityRateFile: endpoint({
    ...read,
    path: '/api/reports/velocity-rate.csv',
    summary: 'The same as a file for spreadsheets',
    query: monthly,
    file: CSV,
    output: fileOutput,
  }),
  getScoreHealth: endpoint({
    ...read,
    path: '/api/reports/score-health',
    summary: 'How well scores tell good leads from others',
    query: healthQuery,
    output: healthReport,
  }),
  getScoreHealthFile: endpoint({
    ...read,
    path: '/api/reports/score-health.csv',
    summary: 'The same as a file for spreadsheets',
    query: healthQuery,
    file: CSV,
    output: fileOutput,
  }),
  getCohorts: endpoint({
    ...read,
    path: '/api/reports/cohorts',
    summary: 'What became of contacts by the month of their first MQL',
    query: monthly,
    output: cohortReport,
  }),
  getCohortsFile: endpoint({
    ...read,
    path: '/api/reports/cohorts.csv',
    summary: 'The same as a file for spreadsheets, with columns for each month since',
    query: monthly,
    file: CSV,
    output: fileOutput,
  }),
  getRejections: endpoint({
    ...read,
    path: '/api/reports/rejections',
    summary: 'What sales rejected, and why',
    query: rejectionQuery,
    output: rejectionReport,
  }),
  getRejectionsFile: endpoint({
    ...read,
    path: '/api/reports/rejections.csv',
    summary: 'The same as a file for spreadsheets, with a line for each cell',
    query: rejectionQuery,
    file: CSV,
    output: fileOutput,
  }),
};
