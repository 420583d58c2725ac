import { velocityDefinitions } from '../../core/report/definition.ts';
import { leadsOf } from '../../core/report/frame.ts';
import { firstOf, velocityReport } from '../../core/report/velocity.ts';
import { loadLeadTimes } from '../../db/report/velocity.ts';
import type { App } from '../../loop/app.ts';
import { loadTapes } from '../../loop/report/tape.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getVelocity'>>[1]['query'];

/** Answers with how long the steps of leads take. */
export const getVelocity: Handler<'getVelocity'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getVelocityFile: Handler<'getVelocityFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame } = await readFrame(app, query, now);
  const groups = await loadLeadTimes(app.db, frame);
  const tapeOf = await loadTapes(app.db, groups, { from: firstOf(groups, frame.at), to: frame.at });
  const { rows, total } = velocityReport(frame, groups, tapeOf);
  return {
    ...(await headOf(app, 'velocity', frame, velocityDefinitions())),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
  };
}
