import { COHORT_DEFINITIONS, cohortReport, firstLeadsOf, watchedMonths } from '../../core/report/cohort.ts';
import { countCohorts } from '../../db/report/cohort.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getCohorts'>>[1]['query'];

/** Answers with what became of contacts by the month of their first MQL. */
export const getCohorts: Handler<'getCohorts'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets, with columns for each month since. */
export const getCohortsFile: Handler<'getCohortsFile'> = async ({ app, now }, { query }) => {
  const report = await load(app, query, now);
  const flat = <Row extends { readonly months: readonly { readonly month: number }[] }>(row: Row) => ({
    ...row,
    months: Object.fromEntries(row.months.map(({ month, ...figures }) => [month, figures])),
  });
  return fileOf({ ...report, rows: report.rows.map(flat), total: flat(report.total) });
};

async function load(app: App, query: Query, now: number) {
  const { frame } = await readFrame(app, query, now);
  // Nothing is known of the future, however far in it the report is asked.
  const until = Math.min(frame.at, now);
  const counts = await countCohorts(app.db, frame, watchedMonths(frame, until));
  const { rows, total } = cohortReport(frame, counts, until);
  return {
    ...(await headOf(app, 'cohorts', frame, COHORT_DEFINITIONS)),
    rows: [...rows],
    total: { ...total, leads: firstLeadsOf(frame) },
  };
}
