import { slaDefinitions } from '../../core/report/definition.ts';
import { leadsOf } from '../../core/report/frame.ts';
import { slaReport } from '../../core/report/sla.ts';
import { countSla } from '../../db/report/sla.ts';
import type { App } from '../../loop/app.ts';
import { loadTapes } from '../../loop/report/tape.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getSla'>>[1]['query'];

/** Answers with how the clocks of leads went. */
export const getSla: Handler<'getSla'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getSlaFile: Handler<'getSlaFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame, terms } = await readFrame(app, query, now);
  const counts = await countSla(app.db, frame);
  const due = counts.flatMap(({ firstTouch, decision }) => [...firstTouch.due, ...decision.due]);
  const first = due.reduce((least, at) => Math.min(least, at), frame.at);
  const tapeOf = await loadTapes(app.db, counts, { from: first, to: frame.at });
  const { rows, total } = slaReport(frame, counts, { tapeOf, minSample: terms.targets.minSample });
  return {
    ...(await headOf(app, 'sla', frame, slaDefinitions(terms.targets))),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
  };
}
