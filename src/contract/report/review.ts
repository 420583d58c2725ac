import { z } from 'zod';
import { REVIEW_KINDS } from '../../core/review/kind.ts';
import { ENTRY_KINDS, review, reviewEntry } from '../../core/review/review.ts';
import { instant } from '../../core/time/instant.ts';
import { READ, REVIEWS } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { done, givenInstant, givenText, id } from '../shapes.ts';

const kind = z.enum(REVIEW_KINDS);
const named = z.object({
  kind,
  key: z
    .string()
    .max(20, 'expected a week, a month or a quarter such as 2026-W48, 2026-10 or 2026-Q3')
    .describe('the period: 2026-W48, 2026-10 or 2026-Q3'),
});
const entryNamed = named.extend({ id });

/** The longest text of an entry, in characters: what a meeting writes down, not its minutes. */
const MAX_TEXT = 2000;

const asked = z.object({
  at: givenInstant.optional().describe('as of when: what is later has not happened'),
});

/** A review in a list. */
const reviewHead = z.object({
  kind,
  key: z.string(),
  period: z.string(),
  from: instant,
  to: instant,
  /** When people are reminded of it. */
  dueAt: instant,
  state: z.enum(['over', 'running']),
  notes: z.number(),
  decisions: z.number(),
  todos: z.number(),
  /** The to-dos that are not finished. */
  open: z.number(),
});
export type ReviewHead = z.infer<typeof reviewHead>;

const MISSING = { 404: 'The review has no such entry.' };
const TODOS = { ...MISSING, 409: 'Only to-dos are finished.' };

/** Reviews: what people look at together every week, month and quarter, and what they decide. */
export const reviews = {
  listReviews: endpoint({
    method: 'GET',
    path: '/api/reviews',
    summary:
      'The reviews of the last weeks, months and quarters, the latest first, with what was written down',
    tag: 'reports',
    access: READ,
    output: z.object({ timezone: z.string(), items: z.array(reviewHead) }),
  }),
  getReview: endpoint({
    method: 'GET',
    path: '/api/reviews/{kind}/{key}',
    summary:
      'A review: what the reports of its period say, what was written down, and what earlier ones left to do',
    tag: 'reports',
    access: READ,
    params: named,
    query: asked,
    output: review,
  }),
  getReviewFile: endpoint({
    method: 'GET',
    path: '/api/reviews/{kind}/{key}.html',
    summary: 'The same as a page that stands alone, to print or to pass on',
    tag: 'reports',
    access: READ,
    params: named,
    query: asked,
    file: 'text/html; charset=utf-8',
    output: fileOutput,
  }),
  addReviewEntry: endpoint({
    method: 'POST',
    path: '/api/reviews/{kind}/{key}/entries',
    summary: 'Write down a note, a decision or a to-do at a review',
    tag: 'reports',
    access: REVIEWS,
    params: named,
    body: z.strictObject({
      kind: z.enum(ENTRY_KINDS),
      text: givenText(MAX_TEXT).trim().min(1, 'expected a text'),
    }),
    output: reviewEntry,
    refusals: { 409: 'The review holds as many entries as one may have.' },
  }),
  finishReviewEntry: endpoint({
    method: 'POST',
    path: '/api/reviews/{kind}/{key}/entries/{id}/finish',
    summary: 'Finish a to-do of a review',
    tag: 'reports',
    access: REVIEWS,
    params: entryNamed,
    output: reviewEntry,
    refusals: TODOS,
  }),
  reopenReviewEntry: endpoint({
    method: 'POST',
    path: '/api/reviews/{kind}/{key}/entries/{id}/reopen',
    summary: 'Open a finished to-do of a review again',
    tag: 'reports',
    access: REVIEWS,
    params: entryNamed,
    output: reviewEntry,
    refusals: TODOS,
  }),
  deleteReviewEntry: endpoint({
    method: 'DELETE',
    path: '/api/reviews/{kind}/{key}/entries/{id}',
    summary: 'Remove what was written down at a review',
    tag: 'reports',
    access: REVIEWS,
    params: entryNamed,
    output: done,
    refusals: MISSING,
  }),
};
