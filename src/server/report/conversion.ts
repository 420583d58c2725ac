import { conversionReport } from '../../core/report/conversion.ts';
import { conversionDefinitions } from '../../core/report/definition.ts';
import { leadsOf } from '../../core/report/frame.ts';
import { countConversion } from '../../db/report/conversion.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { fileOf, headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getConversion'>>[1]['query'];

/** Answers with how far leads came within 30, 60 and 90 days of their handoff. */
export const getConversion: Handler<'getConversion'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the rows of the same report as a file for spreadsheets. */
export const getConversionFile: Handler<'getConversionFile'> = async ({ app, now }, { query }) =>
  fileOf(await load(app, query, now));

async function load(app: App, query: Query, now: number) {
  const { frame, terms } = await readFrame(app, query, now);
  const { rows, total } = conversionReport(
    frame,
    await countConversion(app.db, frame),
    terms.targets.minSample,
  );
  return {
    ...(await headOf(app, 'conversion', frame, conversionDefinitions(terms.targets))),
    rows: [...rows],
    total: { ...total, leads: leadsOf(frame) },
  };
}
