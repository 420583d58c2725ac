import { leadsOf } from '../../core/report/frame.ts';
import { HEALTH_DEFINITIONS, healthReport } from '../../core/report/health.ts';
import { countHealth } from '../../db/report/health.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getScoreHealth'>>[1]['query'];

/** Answers with how well scores tell good leads from others. */
export const getScoreHealth: Handler<'getScoreHealth'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getScoreHealthFile: Handler<'getScoreHealthFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame, terms } = await readFrame(app, query, now);
  const { rows, total } = healthReport(frame, await countHealth(app.db, frame), terms.targets);
  return {
    ...(await headOf(app, 'score-health', frame, HEALTH_DEFINITIONS)),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
  };
}
