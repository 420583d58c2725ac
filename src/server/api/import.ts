import { z } from 'zod';
import { type ImportedFile, importState } from '../../contract/api/import.ts';
import { type Mapping, readMapping } from '../../core/import/mapping.ts';
import type { Problem } from '../../core/problem.ts';
import { csvLine } from '../../core/text/csv.ts';
import { isUuid, uuid } from '../../core/text/uuid.ts';
import { formatInstant, instantOrNull } from '../../core/time/instant.ts';
import { type BatchRow, listAllBatches, loadBatch } from '../../db/import/import.ts';
import { listRefusedRows } from '../../db/import/refused.ts';
import type { App } from '../../loop/app.ts';
import { AppError } from '../../loop/error.ts';
import { previewFile } from '../../loop/import/import.ts';
import { openUploaded, startImportJob } from '../../loop/import/job.ts';
import { undoImport as takeBack } from '../../loop/import/undo.ts';
import { beginUpload as begin, PART_BYTES, storePart } from '../../loop/import/upload.ts';
import { mustBeSomeone } from '../handler/actor.ts';
import { cursorInstant, readCursor, splitPage, writeCursor } from '../handler/cursor.ts';
import type { Handler, Request } from '../handler/handler.ts';

/** Who uploads and imports, in words. */
function nameOf({ caller }: Request): string {
  return mustBeSomeone(caller).name;
}

/** Begins an upload. */
export const beginUpload: Handler<'beginUpload'> = async (request, { body }) => {
  const { app, now } = request;
  return { ...(await begin(app, { ...body, by: nameOf(request), now })), partBytes: PART_BYTES };
};

/** Stores a part of a file. */
export const sendPart: Handler<'sendPart'> = async (request, { params, body }) => {
  await storePart(request.app, { ...params, data: body.data, by: nameOf(request) });
  return { ok: true };
};

/** Shows how a file would be read, with all that keeps it from that. */
export const previewImport: Handler<'previewImport'> = async (request, { params, body }) => {
  const { app } = request;
  const read = readMapping(body.mapping);
  if (read.mapping === null) return nothing(read.problems);
  const of = { uploadId: params.id, kind: body.kind, mapping: read.mapping, by: nameOf(request) };
  const opened = await openUploaded(app, of);
  if (opened.file === null) return nothing(opened.problems);
  const { source, plan } = opened.file;
  const looked = await previewFile(app, opened.file);
  return { source, header: plan.header, ...looked, problems: [] };
};

function nothing(problems: readonly Problem[]) {
  return {
    source: null,
    header: [],
    samples: [],
    fields: [],
    preview: null,
    problems,
  };
}

/** Begins to import a file. */
export const startImport: Handler<'startImport'> = async (request, { body }) => {
  const { app, now } = request;
  const { uploadId, kind, handoff } = body;
  if (handoff && kind === 'outcomes')
    throw new AppError('invalid', 'Outcomes open handoffs themselves.', {
      problems: [{ path: 'handoff', message: 'expected false for outcomes' }],
    });
  const mapping = mappingIn(body.mapping);
  const id = await startImportJob(app, {
    uploadId,
    kind,
    mapping,
    opensNow: handoff,
    by: nameOf(request),
    now,
  });
  return importedOf(await mustShow(app, id), now);
};

function mappingIn(raw: unknown): Mapping {
  const { mapping, problems } = readMapping(raw);
  if (mapping !== null) return mapping;
  throw new AppError('invalid', 'The mapping cannot be used.', {
    problems: problems.map(({ path, message }) => ({
      path: path === '' ? 'mapping' : `mapping.${path}`,
      message,
    })),
  });
}

const position = z.object({ at: cursorInstant, id: uuid });

/** Lists imports, newest first. */
export const listImports: Handler<'listImports'> = async ({ app, now }, { query }) => {
  const after = readCursor(query.cursor, position);
  const { page, last } = splitPage(
    await listAllBatches(app.db, { after, limit: query.limit + 1 }),
    query.limit,
  );
  return {
    items: page.map(row => importedOf(row, now)),
    nextCursor: last === null ? null : writeCursor({ at: last.created_at, id: last.id }),
  };
};

/** Gets an import. */
export const getImport: Handler<'getImport'> = async ({ app, now }, { params }) =>
  importedOf(await mustShow(app, params.id), now);

async function mustShow(app: App, id: string): Promise<BatchRow> {
  const row = isUuid(id) ? await loadBatch(app.db, id) : null;
  if (row === null) throw new AppError('notFound', `there is no import ${id}`);
  return row;
}

/** For how long an import may say nothing until it counts as stopped, in milliseconds. */
const SILENT_MS = 5 * 60_000;

/** What is known of imports from before their progress was kept. */
const LONG_AGO = {
  state: 'done',
  stage: 'scoring',
  done: 0,
  total: null,
  rows: 0,
  taken: 0,
  unchanged: 0,
  refused: 0,
  passed: 0,
  notes: [],
  failure: null,
} as const;

function importedOf(row: BatchRow, now: number): ImportedFile {
  const known = importState.safeParse(row.progress);
  const state = known.success ? known.data : LONG_AGO;
  const isLost = state.state === 'running' && now - (row.seen_at ?? 0) > SILENT_MS;
  return {
    id: row.id,
    kind: kindOf(row.kind),
    file: row.file,
    source: row.source,
    by: row.imported_by,
    at: formatInstant(row.created_at),
    undoneAt: instantOrNull(row.undone_at),
    ...state,
    ...(isLost ? { state: 'stopped' as const, failure: 'the process that ran it ended' } : {}),
  };
}

function kindOf(kind: string): ImportedFile['kind'] {
  return kind === 'events' || kind === 'outcomes' ? kind : 'contacts';
}

const texts = z.array(z.string());
const line = z.object({ line: z.int() });

/** Lists the rows that could not be used. */
export const listImportErrors: Handler<'listImportErrors'> = async ({ app }, { params, query }) => {
  const { header } = await mustShow(app, params.id);
  const after = readCursor(query.cursor, line)?.line ?? 0;
  const rows = await listRefusedRows(app.db, params.id, after, query.limit + 1);
  const { page, last } = splitPage(rows, query.limit);
  return {
    header: texts.catch([]).parse(header),
    items: page.map(row => ({ ...row, cells: texts.parse(row.cells) })),
    nextCursor: last === null ? null : writeCursor({ line: last.line }),
  };
};

/** How many rows a file of errors has. */
const MAX_ROWS = 20_000;

/** Gives the rows that could not be used as CSV, safe to open in a spreadsheet. */
export const getImportErrorFile: Handler<'getImportErrorFile'> = async ({ app }, { params }) => {
  const { header, file } = await mustShow(app, params.id);
  const rows = await listRefusedRows(app.db, params.id, 0, MAX_ROWS);
  const lines = rows.map(row => csvLine([row.line, row.reason, ...texts.parse(row.cells)]));
  const name = file.replace(/[^\w.-]+/g, '_');
  return {
    name: `${name}.errors.csv`,
    text: [csvLine(['line', 'reason', ...texts.catch([]).parse(header)]), ...lines].join(''),
  };
};

/** Takes an import back. */
export const undoImport: Handler<'undoImport'> = async ({ app, now }, { params }) => {
  const { state } = importedOf(await mustShow(app, params.id), now);
  if (state === 'running')
    throw new AppError('conflict', 'The import is running. Take it back when it is done.');
  return takeBack(app, params.id);
};
