import { sourceDefinitions } from '../../core/report/definition.ts';
import { reportCsv } from '../../core/report/file.ts';
import { leadsOf } from '../../core/report/frame.ts';
import { type SourceRow, sourceReport } from '../../core/report/source.ts';
import { countSources } from '../../db/report/source.ts';
import type { App } from '../../loop/app.ts';
import type { Handler } from '../handler/handler.ts';
import { headOf } from './answer.ts';
import { readFrame } from './read.ts';

type Query = Parameters<Handler<'getSources'>>[1]['query'];

/** Answers with what came of the leads of each source, its campaigns and their contents. */
export const getSources: Handler<'getSources'> = ({ app, now }, { query }) => load(app, query, now);

/** Answers with the same as a file for spreadsheets: a line for each source, each campaign and each content. */
export const getSourcesFile: Handler<'getSourcesFile'> = async ({ app, now }, { query }) => {
  const { rows, total } = await load(app, query, now);
  return { name: 'sources.csv', text: reportCsv({ by: 'source', rows: rows.flatMap(linesOf), total }) };
};

function linesOf({ children, ...source }: SourceRow) {
  return [
    { ...source, campaign: '', content: '' },
    ...children.flatMap(({ children: contents, ...campaign }) => [
      { ...campaign, key: source.key, campaign: campaign.key, content: '' },
      ...contents.map(content => ({
        ...content,
        ...{ key: source.key, campaign: campaign.key, content: content.key },
      })),
    ]),
  ];
}

async function load(app: App, query: Query, now: number) {
  const { frame, terms } = await readFrame(app, { ...query, by: 'source' }, now);
  const { decisionWindowMs = null, minSample } = terms.targets;
  const { rows, total } = sourceReport(frame, await countSources(app.db, frame, decisionWindowMs), minSample);
  return {
    ...(await headOf(app, 'sources', frame, sourceDefinitions(terms.targets))),
    rows,
    total: { ...total, leads: leadsOf(frame) },
  };
}
