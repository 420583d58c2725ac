import { writeFile } from 'node:fs/promises';
import { quote } from '../../core/problem.ts';
import { latestOf, trailOf } from '../../core/review/calendar.ts';
import { KEY_EXAMPLES, REVIEW_SPANS, type ReviewKind } from '../../core/review/kind.ts';
import { reviewPage } from '../../core/review/page.ts';
import type { Review } from '../../core/review/review.ts';
import { formatInstant, parseKept } from '../../core/time/instant.ts';
import { loadTerms } from '../../loop/report/terms.ts';
import { loadReview } from '../../loop/review/figures.ts';
import { withExistingApp } from '../app.ts';
import { EXIT, Failure, unwritable } from '../failure.ts';
import { write } from '../file/print.ts';
import { callServer, findServer, type LocalServer, refuse } from '../file/server.ts';
import { type SettingOptions, settingsOf } from '../settings.ts';

export interface ReportOptions extends SettingOptions {
  readonly week?: string;
  readonly month?: string;
  readonly quarter?: string;
  readonly out?: string;
  readonly at?: string;
  readonly json?: true;
}

/** Writes a review: to a file, or to the output where none is named. */
export async function runReport(kind: ReviewKind, options: ReportOptions): Promise<void> {
  const span = REVIEW_SPANS[kind];
  const key = options[span] ?? null;
  if (key !== null && trailOf({ kind, key, zone: 'UTC' }) === null)
    throw new Failure(
      `--${span} ${quote(key)}: expected a ${span} such as ${KEY_EXAMPLES[kind]}`,
      EXIT.wrongInput,
    );
  const at = options.at === undefined ? null : parseKept(options.at);
  if (options.at !== undefined && at === null)
    throw new Failure(
      `--at ${quote(options.at)}: expected a time such as 2026-03-01T00:00:00Z`,
      EXIT.wrongInput,
    );
  const server = await findServer(settingsOf(options));
  const review = await (server === null
    ? readReview(options, { kind, key, at })
    : askReview(server, { kind, key, at }).catch(refuse));
  const text = options.json === true ? `${JSON.stringify(review, null, 2)}\n` : reviewPage(review);
  if (options.out === undefined) return write(text);
  await writeFile(options.out, text).catch(unwritable(options.out));
}

interface Wanted {
  readonly kind: ReviewKind;
  /** Null for the last one that is over. */
  readonly key: string | null;
  readonly at: number | null;
}

function readReview(options: ReportOptions, { kind, key, at }: Wanted): Promise<Review> {
  return withExistingApp(options, async app => {
    if (app === null)
      throw new Failure(
        `there is no database in ${settingsOf(options).BATON_DATA_DIR} yet, and no DATABASE_URL is set: start Baton once, or name the folder with --data-dir`,
        EXIT.failed,
      );
    const now = app.clock();
    const { zone } = await loadTerms(app.db, undefined);
    const last = latestOf({ kind, at: now, zone, count: 2 }).find(({ to }) => to <= now);
    return loadReview(app, { kind, key: key ?? last?.key ?? '' }, { at, now });
  });
}

async function askReview(server: LocalServer, { kind, key, at }: Wanted): Promise<Review> {
  const listed = key === null ? (await callServer(server, 'listReviews')).items : [];
  const last = listed.find(review => review.kind === kind && review.state === 'over');
  return callServer(server, 'getReview', {
    params: { kind, key: key ?? last?.key ?? '' },
    query: at === null ? {} : { at: formatInstant(at) },
  });
}
