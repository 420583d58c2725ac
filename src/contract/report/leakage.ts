import { z } from 'zod';
import { funnel, reasonCount } from '../../core/report/leakage.ts';
import { instant } from '../../core/time/instant.ts';

/** How long a part of the way takes; milliseconds, null where nobody went it. */
const duration = z.object({
  id: z.enum(['handedOff', 'owned', 'touched']),
  label: z.string(),
  count: z.number(),
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
});

/** The funnel of the leads that qualified within a range. */
export const leakage = z.object({
  from: instant,
  to: instant,
  timezone: z.string(),
  ...funnel.shape,
  durations: z.array(duration),
  /** Contacts that qualify now and were left alone on purpose, with why; they are in no row. */
  leftAlone: z.array(reasonCount),
});
export type Leakage = z.infer<typeof leakage>;
