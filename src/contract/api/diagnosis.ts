import { z } from 'zod';
import { BREACHES } from '../../core/report/conservation.ts';
import { instant } from '../../core/time/instant.ts';
import { id } from '../shapes.ts';

/** How a check came out: `off` is something that is not set up. */
const CHECK_STATES = ['ok', 'warning', 'wrong', 'off'] as const;

/** One thing that was looked at. */
const check = z.object({
  /** Such as `database`, `clock`, `mail`, `worker sweep`, `conservation`. */
  name: z.string(),
  state: z.enum(CHECK_STATES),
  /** What is so, in one line. */
  text: z.string(),
  /** What to do about it; null where there is nothing to do. */
  advice: z.string().nullable(),
});
export type Check = z.infer<typeof check>;

/** Leads that are lost in one way, with some of them. */
export const breach = z.object({
  kind: z.enum(BREACHES),
  label: z.string(),
  count: z.number(),
  examples: z.array(z.object({ contactId: id.nullable(), episodeId: id.nullable(), detail: z.string() })),
});

/** What `baton doctor` prints. */
export const diagnosis = z.object({
  at: instant,
  /** Whether nothing is wrong; warnings are not. */
  isWell: z.boolean(),
  checks: z.array(check),
  breaches: z.array(breach),
});
export type Diagnosis = z.infer<typeof diagnosis>;
