import { z } from 'zod';
import { definition } from '../report/answer.ts';
import { verdict } from '../report/verdict.ts';
import { instant } from '../time/instant.ts';
import { REVIEW_KINDS } from './kind.ts';

/** What people write down at a review. */
export const ENTRY_KINDS = ['note', 'decision', 'todo'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Something that was written down at a review. */
export const reviewEntry = z.object({
  id: z.string(),
  /** The review it was written down at. */
  review: z.object({ kind: z.enum(REVIEW_KINDS), key: z.string() }),
  kind: z.enum(ENTRY_KINDS),
  text: z.string(),
  author: z.string(),
  at: instant,
  /** When a to-do was finished and who finished it; null while it is open, and for others. */
  done: z.object({ at: instant, by: z.string() }).nullable(),
});
export type ReviewEntry = z.infer<typeof reviewEntry>;

const tone = z.enum(['good', 'bad', 'plain']);
export type Tone = z.infer<typeof tone>;

/** A cell of a table: words, and for figures that are a part of something how much of it, from 0 to 1. */
const cell = z.object({
  text: z.string(),
  bar: z.number().nullable(),
  tone,
  /** The query of exactly the leads that it counts. */
  leads: z.string().nullable(),
});
export type Cell = z.infer<typeof cell>;

const column = z.object({ label: z.string(), isFigure: z.boolean() });
export type Column = z.infer<typeof column>;

export const reviewTable = z.object({
  caption: z.string(),
  columns: z.array(column),
  rows: z.array(z.array(cell)),
});
export type ReviewTable = z.infer<typeof reviewTable>;

/** A rate over the periods up to the review's own. */
const rateTrend = z.object({
  title: z.string(),
  periods: z.array(z.string()),
  points: z.array(
    z.object({
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      isSmall: z.boolean(),
      hint: z.string(),
    }),
  ),
  band: z.tuple([z.number(), z.number()]).nullable(),
  floor: z.number().nullable(),
  ceiling: z.number().nullable(),
  /** What to read it with: where it stands in slots of the lower axis, and what it is. */
  marks: z.array(z.object({ place: z.number(), text: z.string() })),
});
export type RateTrend = z.infer<typeof rateTrend>;

/** A part of a review: its title says what was found, its text how. */
export const reviewSection = z.object({
  id: z.string(),
  title: z.string(),
  tone,
  text: z.array(z.string()),
  trend: rateTrend.nullable(),
  tables: z.array(reviewTable),
  definitions: z.array(definition),
});
export type ReviewSection = z.infer<typeof reviewSection>;

/** A review as data: the page, the mail and the file are made of it. */
export const review = z.object({
  kind: z.enum(REVIEW_KINDS),
  key: z.string(),
  title: z.string(),
  /** What the period is called. */
  period: z.string(),
  from: instant,
  to: instant,
  /** As of when: what is later has not happened. */
  at: instant,
  timezone: z.string(),
  /** Whether the period is over, still runs or has not begun as of then. */
  state: z.enum(['over', 'running', 'ahead']),
  /** The first and the last day of the period. */
  days: z.tuple([z.string(), z.string()]),
  verdict: z.object({ verdict: verdict.nullable(), headline: z.string(), tone }),
  /** The figures to know by heart. */
  highlights: z.array(
    z.object({ label: z.string(), value: z.string(), note: z.string(), tone, leads: z.string().nullable() }),
  ),
  sections: z.array(reviewSection),
  /** What was written down at this review, the oldest first. */
  entries: z.array(reviewEntry),
  /** What was decided at the review before, and to-dos of earlier ones that are open or were finished since. */
  earlier: z.array(reviewEntry),
  before: z.object({ key: z.string(), period: z.string() }),
  after: z.object({ key: z.string(), period: z.string() }),
});
export type Review = z.infer<typeof review>;
