import { z } from 'zod';
import { STEPS } from '../../core/report/leakage.ts';
import { instant } from '../shapes.ts';

const reason = z.object({
  /** What kept leads from this step; `label` says it in words. */
  id: z.string(),
  label: z.string(),
  count: z.number(),
});

const step = z.object({
  id: z.enum(['qualified', ...STEPS]),
  label: z.string(),
  /** How many leads came this far. */
  count: z.number(),
  /** How many of those that came to the step before were lost here. */
  lost: z.number(),
  /** How many of those that came to the step before may still take this one in time. */
  pending: z.number(),
  /** lost / count of the step before; null where that is 0, and for the first step. */
  lossRate: z.number().nullable(),
  /** Why leads were lost here, most first. */
  reasons: z.array(reason),
  /** What those that are pending wait for, most first. */
  waiting: z.array(reason),
});

/** One period, source, owner, segment or campaign: how many leads came how far. */
const row = z.object({
  /** `2026-03` for a month; a name for the other groupings. */
  key: z.string(),
  qualified: z.number(),
  handedOff: z.number(),
  owned: z.number(),
  touched: z.number(),
  decided: z.number(),
  lost: z.number(),
  pending: z.number(),
});

/** How long a part of the way takes; milliseconds, null where nobody went it. */
const duration = z.object({
  id: z.enum(['handedOff', 'owned', 'touched']),
  label: z.string(),
  count: z.number(),
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
});

/**
 * Where leads leak between qualifying and a decision. Every lead is counted once: lost at a step, still pending before
 * one, or decided; so `qualified` is always the lost and pending of all steps and the decided together.
 */
export const leakage = z.object({
  from: instant,
  to: instant,
  timezone: z.string(),
  rows: z.array(row),
  total: row,
  steps: z.array(step),
  durations: z.array(duration),
  /** Contacts that qualify now and were left alone on purpose, with why; they are in no row. */
  leftAlone: z.array(reason),
});
export type Leakage = z.infer<typeof leakage>;
