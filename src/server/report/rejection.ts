import {
  crossFrame,
  REJECTION_DEFINITIONS,
  rejectionLines,
  rejectionReport,
} from '../../core/report/rejection.ts';
import { countRejections } from '../../db/report/rejection.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getRejections'>>[1]['query'];

/** Answers with what sales rejected, by reason or by what leads have. */
export const getRejections: Handler<'getRejections'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the same report as a file for spreadsheets, with a line for each cell. */
export const getRejectionsFile: Handler<'getRejectionsFile'> = async ({ app, now }, { query }) => {
  const { rows, ...report } = await load(app, query, now);
  return fileOf({ ...report, rows: rejectionLines(rows, query.and ?? null) });
};

async function load(app: App, query: Query, now: number) {
  const { by, and = null } = query;
  if (by === and) {
    const message = 'expected another one than `by`';
    throw new AppError('malformed', message, { problems: [{ path: 'query.and', message }] });
  }
  const { frame, terms } = await readFrame(app, query, now);
  const counts = await countRejections(app.db, frame, and === null ? null : crossFrame(frame, and));
  const { rows, total } = rejectionReport(frame, counts, { and, minSample: terms.targets.minSample });
  return {
    ...(await headOf(app, 'rejections', frame, REJECTION_DEFINITIONS)),
    rows: [...rows],
    total,
  };
}
