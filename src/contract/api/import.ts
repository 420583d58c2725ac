import { z } from 'zod';
import { instant } from '../../core/time/instant.ts';
import { IMPORTS } from '../access.ts';
import { endpoint, fileOutput } from '../endpoint.ts';
import { done, givenId, givenText, id, page, paging } from '../shapes.ts';

const byId = z.object({ id });
const kind = z.enum(['contacts', 'events', 'outcomes']);
const REFUSALS = {
  404: 'No such file or import.',
  409: 'The file is not complete, or its import runs already.',
  422: 'The file or the mapping cannot be used; the answer says all that is wrong.',
};

/** The largest part of a file in one call, in characters of base64. */
const MAX_PART_TEXT = 720_000;

/** How the columns of a file are read: the content of a mapping file. */
const mapping = z.record(z.string().max(100), z.unknown());

/** How far an import has come, and what became of its rows. */
export const importState = z.object({
  state: z.enum(['running', 'done', 'stopped']),
  stage: z.enum(['reading', 'scoring']),
  /** Rows read, or contacts scored, of how many; null while that is not known. */
  done: z.number(),
  total: z.number().nullable(),
  rows: z.number(),
  taken: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  /** Rows that are not for import, such as test leads. */
  passed: z.number(),
  /** What people should know of the rows, in sentences. */
  notes: z.array(z.string()).readonly(),
  /** Why it stopped; null where it did not. */
  failure: z.string().nullable(),
});
export type ImportState = z.infer<typeof importState>;

/** An import of a file. */
const importedFile = z.object({
  id,
  kind,
  file: z.string(),
  /** The shipped mapping by which it was read. */
  source: z.string().nullable(),
  /** Who imported it; null for the command line. */
  by: z.string().nullable(),
  at: instant,
  undoneAt: instant.nullable(),
  ...importState.shape,
});
export type ImportedFile = z.infer<typeof importedFile>;

const problem = z.object({
  path: z.string(),
  steps: z.array(z.union([z.string(), z.number()])).readonly(),
  message: z.string(),
});

/** A list that is only read. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

/** What an import would read. */
const preview = z.object({
  rows: z.number(),
  usable: z.number(),
  refused: z.number(),
  passed: z.number(),
  columns: listOf(z.object({ column: z.string(), readAs: z.string() })),
  ignored: listOf(z.string()),
  first: listOf(z.record(z.string(), z.unknown()).readonly()),
  problems: listOf(
    z.object({
      count: z.number(),
      lines: listOf(z.number()),
      example: z.string(),
      examples: listOf(z.object({ line: z.number(), reason: z.string() })),
    }),
  ),
  notes: listOf(z.string()),
  /** Addresses that stand on rows of different people; `shared` in the mapping keeps these apart. */
  disputed: listOf(z.string()),
  unread: listOf(
    z.object({ column: z.string(), readAs: z.string(), suggestion: z.string().nullable() }),
  ).nullable(),
});

const refusedRow = z.object({ line: z.number(), reason: z.string(), cells: z.array(z.string()) });

/** Files of contacts, events and outcomes: uploaded, looked at, imported and taken back. */
export const imports = {
  beginUpload: endpoint({
    method: 'POST',
    path: '/api/uploads',
    summary: 'Begin to upload a file; it is sent in parts and waits a day for its import',
    tag: 'imports',
    access: IMPORTS,
    body: z.strictObject({
      name: givenText(200).min(1, 'expected a file name'),
      bytes: z
        .int()
        .min(1, 'expected a file that is not empty')
        .max(64 * 1024 * 1024, 'expected at most 64 MB'),
    }),
    output: z.object({ id, parts: z.number(), partBytes: z.number() }),
  }),
  sendPart: endpoint({
    method: 'PUT',
    path: '/api/uploads/{id}/parts/{part}',
    summary: 'Send a part of a file, in base64; a part that is sent again replaces itself',
    tag: 'imports',
    access: IMPORTS,
    idempotency: 'none',
    params: z.object({ id, part: z.coerce.number().int().min(0) }),
    body: z.strictObject({ data: z.string().max(MAX_PART_TEXT, 'expected at most 512 KiB in base64') }),
    output: done,
    refusals: REFUSALS,
  }),
  previewImport: endpoint({
    method: 'POST',
    path: '/api/uploads/{id}/preview',
    summary: 'Show how a file would be read, and what is wrong with its rows; writes nothing',
    tag: 'imports',
    access: IMPORTS,
    idempotency: 'none',
    params: byId,
    body: z.strictObject({ kind, mapping: mapping.default({}) }),
    output: z.object({
      source: z.string().nullable(),
      /** The headers, those that are alike with numbers. */
      header: listOf(z.string()),
      /** A value of each column. */
      samples: listOf(z.string()),
      /** Fields that rules read or Baton shows. */
      fields: listOf(z.string()),
      /** Null where the file or the mapping cannot be used. */
      preview: preview.nullable(),
      problems: listOf(problem),
    }),
    refusals: REFUSALS,
  }),
  startImport: endpoint({
    method: 'POST',
    path: '/api/imports',
    summary: 'Import a file that was uploaded; the work goes on after the answer',
    tag: 'imports',
    access: IMPORTS,
    // A file is taken once; and one that is read twice changes nothing.
    idempotency: 'none',
    body: z.strictObject({
      uploadId: givenId,
      kind,
      mapping: mapping.default({}),
      handoff: z.boolean().default(false),
    }),
    output: importedFile,
    refusals: REFUSALS,
  }),
  listImports: endpoint({
    method: 'GET',
    path: '/api/imports',
    summary: 'List imports, newest first',
    tag: 'imports',
    access: IMPORTS,
    query: z.object(paging),
    output: page(importedFile),
  }),
  getImport: endpoint({
    method: 'GET',
    path: '/api/imports/{id}',
    summary: 'Get an import: how far it has come, or what became of it',
    tag: 'imports',
    access: IMPORTS,
    params: byId,
    output: importedFile,
    refusals: { 404: 'No such import.' },
  }),
  listImportErrors: endpoint({
    method: 'GET',
    path: '/api/imports/{id}/errors',
    summary: 'List the rows of an import that could not be used, in the order of the file, for 30 days',
    tag: 'imports',
    access: IMPORTS,
    params: byId,
    query: z.object(paging),
    output: page(refusedRow).extend({ header: z.array(z.string()) }),
    refusals: { 404: 'No such import.' },
  }),
  getImportErrorFile: endpoint({
    method: 'GET',
    path: '/api/imports/{id}/errors.csv',
    summary: 'Get the first 20,000 rows that could not be used, with line and reason, as CSV',
    tag: 'imports',
    access: IMPORTS,
    file: 'text/csv; charset=utf-8',
    params: byId,
    output: fileOutput,
    refusals: { 404: 'No such import.' },
  }),
  undoImport: endpoint({
    method: 'POST',
    path: '/api/imports/{id}/undo',
    summary: 'Take an import back: what it added goes',
    tag: 'imports',
    access: IMPORTS,
    // It is done once: a second call is refused.
    idempotency: 'none',
    params: byId,
    output: z.object({
      kind: z.string(),
      file: z.string(),
      contactsRemoved: z.number(),
      contactsChanged: z.number(),
      /** Episodes that stay because somebody has worked on them since. */
      episodesKept: z.number(),
    }),
    refusals: { 404: 'No such import.', 409: 'It was taken back already, or runs still.' },
  }),
};
