import { z } from 'zod';
import { instant } from '../time/instant.ts';

/** An opportunity of an accepted lead. */
export const opportunity = z.object({
  name: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  expectedCloseAt: instant.nullable(),
  /** A stage of `stages`, won or lost. */
  stage: z.string(),
  stageLabel: z.string(),
  /** How likely it is won, 0 to 1. */
  probability: z.number(),
  /** The stages of the pipeline, without won and lost. */
  stages: z.array(z.object({ id: z.string(), label: z.string(), probability: z.number() })),
  /** Null for one that was imported. */
  openedAt: instant.nullable(),
  movedAt: instant.nullable(),
  closedAt: instant.nullable(),
  /** Why it was won or lost. */
  reason: z.string().nullable(),
});
export type Opportunity = z.infer<typeof opportunity>;
