import { z } from 'zod';
import { acceptance } from '../../core/report/acceptance.ts';
import { reportHead, rowHead } from '../../core/report/answer.ts';
import { conversion } from '../../core/report/conversion.ts';
import { DIMENSIONS, SLA_DIMENSIONS } from '../../core/report/frame.ts';
import { GROUPS } from '../../core/report/leakage.ts';
import { sla } from '../../core/report/sla.ts';
import { source, sourceRow } from '../../core/report/source.ts';
import { velocity, velocityTotal } from '../../core/report/velocity.ts';
import { READ } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { givenInstant } from '../shapes.ts';
import { leakage } from './leakage.ts';
import { population } from './population.ts';

const CSV = 'text/csv; charset=utf-8';

const framed = z.object({ ...population, by: z.enum(DIMENSIONS).default('month') });

const targets = z.object({
  acceptance: z.tuple([z.number(), z.number()]).nullable(),
  floor: z.number().nullable(),
  ceiling: z.number().nullable(),
  minSample: z.number(),
});

const acceptanceRow = rowHead.extend(acceptance.shape);
export type AcceptanceRow = z.infer<typeof acceptanceRow>;

export const acceptanceReport = reportHead.extend({
  rows: z.array(acceptanceRow),
  total: acceptance.extend({ leads: z.string() }),
  targets,
});
export type AcceptanceReport = z.infer<typeof acceptanceReport>;

export const conversionReport = reportHead.extend({
  rows: z.array(rowHead.extend(conversion.shape)),
  total: conversion.extend({ leads: z.string() }),
});

export const velocityReport = reportHead.extend({
  rows: z.array(rowHead.extend(velocity.shape)),
  total: velocityTotal.extend({ leads: z.string() }),
});

export const sourceReport = reportHead.extend({
  rows: z.array(sourceRow),
  total: source.extend({ leads: z.string() }),
});

export const slaReport = reportHead.extend({
  rows: z.array(rowHead.extend(sla.shape)),
  total: sla.extend({ leads: z.string() }),
});

const clocked = z.object({ ...population, by: z.enum(SLA_DIMENSIONS).default('month') });

const leakageQuery = z.object({
  from: givenInstant.optional(),
  to: givenInstant.optional(),
  by: z.enum(GROUPS).default('month'),
});

const read = { method: 'GET', tag: 'reports', access: READ } as const;

/** Reports. */
export const reports = {
  getAcceptance: endpoint({
    ...read,
    path: '/api/reports/acceptance',
    summary: 'What sales accepted of what it was given, against the band of the agreement',
    query: framed,
    output: acceptanceReport,
  }),
  getAcceptanceFile: endpoint({
    ...read,
    path: '/api/reports/acceptance.csv',
    summary: 'The same as a file for spreadsheets',
    query: framed,
    file: CSV,
    output: fileOutput,
  }),
  getConversion: endpoint({
    ...read,
    path: '/api/reports/conversion',
    summary: 'How far leads came within 30, 60 and 90 days of their handoff',
    query: framed,
    output: conversionReport,
  }),
  getConversionFile: endpoint({
    ...read,
    path: '/api/reports/conversion.csv',
    summary: 'The same as a file for spreadsheets',
    query: framed,
    file: CSV,
    output: fileOutput,
  }),
  getVelocity: endpoint({
    ...read,
    path: '/api/reports/velocity',
    summary: 'How long the first touch, the decision, the opportunity and the win take',
    query: framed,
    output: velocityReport,
  }),
  getVelocityFile: endpoint({
    ...read,
    path: '/api/reports/velocity.csv',
    summary: 'The same as a file for spreadsheets',
    query: framed,
    file: CSV,
    output: fileOutput,
  }),
  getSources: endpoint({
    ...read,
    path: '/api/reports/sources',
    summary: 'What came of the leads of each source, its campaigns and their contents',
    query: z.object(population),
    output: sourceReport,
  }),
  getSourcesFile: endpoint({
    ...read,
    path: '/api/reports/sources.csv',
    summary: 'The same as a file for spreadsheets, a line for each source, campaign and content',
    query: z.object(population),
    file: CSV,
    output: fileOutput,
  }),
  getSla: endpoint({
    ...read,
    path: '/api/reports/sla',
    summary: 'How many clocks were kept, how many missed, and by how much',
    query: clocked,
    output: slaReport,
  }),
  getSlaFile: endpoint({
    ...read,
    path: '/api/reports/sla.csv',
    summary: 'The same as a file for spreadsheets',
    query: clocked,
    file: CSV,
    output: fileOutput,
  }),
  getLeakage: endpoint({
    ...read,
    path: '/api/reports/leakage',
    summary: 'Where leads leak between qualifying and a decision, and why',
    query: leakageQuery,
    output: leakage,
  }),
  getLeakageFile: endpoint({
    ...read,
    path: '/api/reports/leakage.csv',
    summary: 'The same as a file for spreadsheets: the rows, then the reasons of each step',
    query: leakageQuery,
    file: CSV,
    output: fileOutput,
  }),
};
