import { z } from 'zod';
import { instant } from '../time/instant.ts';

/** How every row of a report is named, and the query of the list of exactly the leads that it counts. */
export const rowHead = z.object({ key: z.string(), label: z.string(), leads: z.string() });

/** What a figure of a report is, in words. */
export const definition = z.object({ id: z.string(), text: z.string() });
export type Definition = z.infer<typeof definition>;

/** Something that happened and that trends should be read with: a version that came into force, a note. */
export const mark = z.object({
  at: instant,
  text: z.string(),
  /** The version that came into force; null where it is something else. */
  version: z.number().nullable(),
});
export type Mark = z.infer<typeof mark>;

/** What every report answers beside its rows. */
export const reportHead = z.object({
  report: z.string(),
  from: instant,
  to: instant,
  /** As of when: what is later has not happened. */
  at: instant,
  /** The zone in which its days, weeks and months begin. */
  timezone: z.string(),
  by: z.string(),
  definitions: z.array(definition),
  marks: z.array(mark),
});
