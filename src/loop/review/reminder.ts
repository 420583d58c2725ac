import { plainAlert } from '../../core/alert/message.ts';
import type { Range } from '../../core/report/period.ts';
import { latestOf, reviewDueAt } from '../../core/review/calendar.ts';
import { REVIEW_KINDS, type ReviewKind } from '../../core/review/kind.ts';
import { reviewMail } from '../../core/review/mail.ts';
import type { Review } from '../../core/review/review.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { weekdayOf } from '../../core/time/zone.ts';
import { compileCalendar } from '../../core/worktime/calendar.ts';
import type { Database } from '../../db/database.ts';
import { claimReviewNotice, hasReviewNotice, listReviewReaders } from '../../db/review/notice.ts';
import { activeAgreements } from '../agreement/active.ts';
import { notify } from '../alert/notify.ts';
import { type App, writeTogether } from '../app.ts';
import { loadTerms } from '../report/terms.ts';
import { loadReview } from './figures.ts';

/** How often it is looked whether a review is due, in ms. */
export const REVIEW_EVERY_MS = 60_000;
/** How long after it was due people are still reminded, as when nothing ran meanwhile, in ms. */
const LATE_MS = 3 * DAY_MS;
/** The people who answer for the figures. */
const READERS = ['admin', 'manager', 'marketing'] as const;

/** The zone of reviews, and when the review of a period is due: by the working days of the agreement's first calendar. */
export async function loadReviewCalendar(
  db: Database,
): Promise<{ readonly zone: string; readonly dueAtOf: (period: Range) => number }> {
  const { zone } = await loadTerms(db, undefined);
  const [active] = await activeAgreements(db, db);
  const [hours] = Object.values(active?.program.agreement.practice.calendars ?? {});
  const calendar = hours === undefined ? null : compileCalendar(hours);
  const isClosed = (date: number) =>
    calendar === null ? weekdayOf(date) > 4 : calendar.closureOn(date) !== null;
  return { zone, dueAtOf: period => reviewDueAt(period, zone, isClosed) };
}

/**
 * Reminds people of the reviews that are due, each once over all servers: in the app, and by mail with the review itself.
 * Returns of how many.
 */
export async function sweepReviews(app: App, now: number): Promise<number> {
  const { zone, dueAtOf } = await loadReviewCalendar(app.db);
  let count = 0;
  for (const kind of REVIEW_KINDS) {
    const last = latestOf({ kind, at: now, zone, count: 2 }).find(({ to }) => to <= now);
    if (last === undefined) continue;
    const dueAt = dueAtOf(last);
    if (dueAt > now || dueAt + LATE_MS < now) continue;
    if (await hasReviewNotice(app.db, { kind, key: last.key })) continue;
    if (await remind(app, { kind, key: last.key }, now)) count++;
  }
  return count;
}

async function remind(
  app: App,
  name: { readonly kind: ReviewKind; readonly key: string },
  now: number,
): Promise<boolean> {
  const review = await loadReview(app, name, { at: null, now });
  return writeTogether(app, async inside => {
    const isOurs = await claimReviewNotice(inside.db, { ...name, now });
    // Where nothing was ever handed over there is nothing to meet about.
    if (!isOurs || review.sections.length === 0) return false;
    const to = await listReviewReaders(inside.db, READERS);
    if (to.length === 0) return false;
    await notify(inside.db, inside, [{ to, at: now, label: review.title, payload: reminderOf(review) }]);
    return true;
  });
}

function reminderOf(review: Review) {
  const { kind, key, title, verdict, sections, earlier } = review;
  const open = earlier.filter(({ kind: entry, done }) => entry === 'todo' && done === null).length;
  return plainAlert({
    kind: 'review',
    occasion: title,
    sentence: verdict.headline,
    review: { kind, key },
    page: reviewMail(review),
    nextStep:
      kind === 'weekly'
        ? 'Look at what is late, and write down what is to be done.'
        : `Look at it together, and write down what you decide${open === 0 ? '' : `; to-dos of earlier reviews that are open: ${open}`}.`,
    items: sections.map(section => ({ title: section.title, text: '', contactId: null, at: null })),
  });
}
