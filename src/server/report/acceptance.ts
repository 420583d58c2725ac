import { acceptanceReport } from '../../core/report/acceptance.ts';
import { acceptanceDefinitions } from '../../core/report/definition.ts';
import { leadsOf } from '../../core/report/frame.ts';
import { countAcceptance } from '../../db/report/acceptance.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getAcceptance'>>[1]['query'];

/** Answers with what sales accepted of what it was given. */
export const getAcceptance: Handler<'getAcceptance'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getAcceptanceFile: Handler<'getAcceptanceFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame, terms } = await readFrame(app, query, now);
  const { targets } = terms;
  const counts = await countAcceptance(app.db, frame, targets.decisionWindowMs ?? null);
  const { rows, total } = acceptanceReport(frame, counts, targets);
  const { acceptance = null, floor = null, ceiling = null, minSample } = targets;
  return {
    ...(await headOf(app, 'acceptance', frame, acceptanceDefinitions(targets))),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
    targets: { acceptance, floor, ceiling, minSample },
  };
}
