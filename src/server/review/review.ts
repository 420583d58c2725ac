import { periodWords } from '../../core/report/label.ts';
import { latestOf } from '../../core/review/calendar.ts';
import { REVIEW_KINDS, REVIEW_SPANS, type ReviewKind } from '../../core/review/kind.ts';
import { reviewPage } from '../../core/review/page.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { countReviewEntries } from '../../db/review/entry.ts';
import { addEntry, finishEntry, removeEntry, reopenEntry } from '../../loop/review/entry.ts';
import { loadReview } from '../../loop/review/figures.ts';
import { loadReviewCalendar } from '../../loop/review/reminder.ts';
import { doing } from '../handler/actor.ts';
import type { Handler } from '../handler/handler.ts';
import { readInstant } from '../handler/query.ts';

/** How many reviews of a kind are listed: a quarter of weeks, a year of months, two years of quarters. */
const LISTED: Readonly<Record<ReviewKind, number>> = { weekly: 13, monthly: 13, quarterly: 8 };

/** Lists the reviews of the last weeks, months and quarters, the latest first. */
export const listReviews: Handler<'listReviews'> = async ({ app, now }) => {
  const { zone, dueAtOf } = await loadReviewCalendar(app.db);
  const listed = REVIEW_KINDS.map(kind => ({
    kind,
    periods: latestOf({ kind, at: now, zone, count: LISTED[kind] }),
  }));
  const keysOf = (of: ReviewKind) =>
    listed.flatMap(({ kind, periods }) => (kind === of ? periods.map(({ key }) => key) : []));
  const counts = await countReviewEntries(app.db, {
    weekly: keysOf('weekly'),
    monthly: keysOf('monthly'),
    quarterly: keysOf('quarterly'),
  });
  const items = listed.flatMap(({ kind, periods }) =>
    periods.map(period => {
      const known = counts.find(row => row.kind === kind && row.key === period.key);
      const { notes = 0, decisions = 0, todos = 0, open = 0 } = known ?? {};
      return {
        kind,
        key: period.key,
        period: periodWords(REVIEW_SPANS[kind], period, zone),
        from: formatInstant(period.from),
        to: formatInstant(period.to),
        dueAt: formatInstant(dueAtOf(period)),
        state: period.to > now ? ('running' as const) : ('over' as const),
        ...{ notes, decisions, todos, open },
      };
    }),
  );
  return { timezone: zone, items };
};

/** Answers with a review. */
export const getReview: Handler<'getReview'> = ({ app, now }, { params, query }) =>
  loadReview(app, params, { at: readInstant(query, 'at'), now });

/** Answers with a review as a page that stands alone. */
export const getReviewFile: Handler<'getReviewFile'> = async ({ app, now }, { params, query }) => {
  const review = await loadReview(app, params, { at: readInstant(query, 'at'), now });
  return { name: `baton-${params.kind}-${review.key}.html`, text: reviewPage(review) };
};

/** Writes something down at a review. */
export const addReviewEntry: Handler<'addReviewEntry'> = (request, { params, body }) =>
  addEntry(request.app, params, body, doing(request, 'addReviewEntry'));

/** Finishes a to-do of a review. */
export const finishReviewEntry: Handler<'finishReviewEntry'> = (request, { params }) =>
  finishEntry(request.app, params, params.id, doing(request, 'finishReviewEntry'));

/** Opens a finished to-do of a review again. */
export const reopenReviewEntry: Handler<'reopenReviewEntry'> = (request, { params }) =>
  reopenEntry(request.app, params, params.id, doing(request, 'reopenReviewEntry'));

/** Removes what was written down at a review. */
export const deleteReviewEntry: Handler<'deleteReviewEntry'> = async (request, { params }) => {
  await removeEntry(request.app, params, params.id, doing(request, 'deleteReviewEntry'));
  return { ok: true };
};
