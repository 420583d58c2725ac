import type { Frame } from '../../core/report/frame.ts';
import {
  crossFrame,
  REJECTION_DEFINITIONS,
  rejectionLines,
  rejectionReport,
} from '../../core/report/rejection.ts';
import { RULE_DEFINITIONS, ruleReport } from '../../core/report/rule.ts';
import { countRejections } from '../../db/report/rejection.ts';
import { countRules } from '../../db/report/rule.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { loadRuleLabels } from '../../loop/report/rule.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame, readTraits } from './read.ts';

type Query = Parameters<Handler<'getRejections'>>[1]['query'];
type Answer = Awaited<ReturnType<Handler<'getRejections'>>>;

/** Answers with what sales rejected, by reason, by what leads have, or by the rules that spoke for them. */
export const getRejections: Handler<'getRejections'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the same report as a file for spreadsheets, with a line for each cell. */
export const getRejectionsFile: Handler<'getRejectionsFile'> = async ({ app, now }, { query }) => {
  const report = await load(app, query, now);
  if (report.by === 'rule') return fileOf(report);
  return fileOf({ ...report, rows: rejectionLines(report.rows, query.and ?? null) });
};

async function load(app: App, query: Query, now: number): Promise<Answer> {
  const { by, and = null } = query;
  if (by === and) throw malformed('query.and', 'expected another one than `by`');
  const { frame: plain, terms } = await readFrame(app, query, now);
  const frame = { ...plain, traits: readTraits(query) };
  const { minSample } = terms.targets;
  if (by === 'rule') return loadByRule(app, frame, { query, minSample });
  const counts = await countRejections(app.db, frame, and === null ? null : crossFrame(frame, and));
  const { rows, total } = rejectionReport(frame, counts, { and, minSample });
  return {
    ...(await headOf(app, 'rejections', frame, REJECTION_DEFINITIONS)),
    ...{ by, rows: [...rows], total },
  };
}

async function loadByRule(
  app: App,
  frame: Frame,
  { query, minSample }: { readonly query: Query; readonly minSample: number },
): Promise<Answer> {
  if (query.and !== undefined)
    throw malformed(
      'query.and',
      'rows by rule are not split: a lead has several rules. Ask for one of them instead, such as by=source&rule=demo',
    );
  if (query.decisive !== undefined)
    throw malformed('query.decisive', 'rows by rule count decisive leads beside the others: leave it out');
  const counts = await countRules(app.db, frame);
  const labels = await loadRuleLabels(
    app,
    frame,
    counts.fired.map(({ rule }) => rule),
  );
  const { rows, total } = ruleReport(frame, counts, { labels, minSample });
  return {
    ...(await headOf(app, 'rejections', frame, RULE_DEFINITIONS)),
    ...{ by: 'rule' as const, rows: [...rows], total },
  };
}

function malformed(path: string, message: string): AppError {
  return new AppError('malformed', message, { problems: [{ path, message }] });
}
