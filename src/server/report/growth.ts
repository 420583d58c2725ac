import { leadsOf } from '../../core/report/frame.ts';
import { GROWTH_DEFINITIONS, growthFrame, growthReport } from '../../core/report/growth.ts';
import { countAcceptance } from '../../db/report/acceptance.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getVelocityRate'>>[1]['query'];

/** Answers with how qualified leads grow from month to month. */
export const getVelocityRate: Handler<'getVelocityRate'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getVelocityRateFile: Handler<'getVelocityRateFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame } = await readFrame(app, query, now);
  const { rows, total } = growthReport(frame, await countAcceptance(app.db, growthFrame(frame), null));
  return {
    ...(await headOf(app, 'velocity-rate', frame, GROWTH_DEFINITIONS)),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
  };
}
