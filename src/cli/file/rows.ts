import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readCells } from '../../core/import/cells.ts';
import { readJson } from '../../core/import/json.ts';
import { type EventLine, type ImportLine, problem } from '../../core/import/line.ts';
import type { ImportKind, Mapping } from '../../core/import/mapping.ts';
import { type ImportPlan, planColumns, planJson } from '../../core/import/plan.ts';
import type { Problem } from '../../core/problem.ts';
import { isDamage } from './file.ts';
import { type FileLine, type LineFile, MAX_ROW_BYTES, openLines } from './lines.ts';
import { type CsvRecord, readRecords } from './records.ts';

/** One row of an import file: what it is, and what stood there, for the error file. */
export interface Row {
  /** The line the row begins on, counted from 1 with the header. */
  readonly line: number;
  /** The cells as they stand in the file; a row that could not be cut into cells is one cell. */
  readonly cells: readonly string[];
  readonly result: ImportLine;
}

/** An import file whose header has been understood. */
export interface RowFile {
  readonly plan: ImportPlan;
  /** The header as it stands in the file; `row` for JSON lines. */
  readonly header: readonly string[];
  /** The rows in the order of the file, blank lines left out. */
  readonly batches: AsyncGenerator<readonly Row[]>;
  readonly progress: LineFile['progress'];
  /** Lets go of a file that is not read to its end. */
  readonly close: () => void;
}

type RowsResult =
  | { readonly file: RowFile; readonly problems: null }
  | { readonly file: null; readonly problems: readonly Problem[] };

/** The names of files that hold CSV, and of those that hold JSON lines; either may end in `.gz` as well. */
const CSV_NAME = /\.(csv|tsv|txt)(\.gz)?$/i;
const JSON_NAME = /\.(jsonl|ndjson)(\.gz)?$/i;

/**
 * Opens an import file and decides what its columns mean, or says all that keeps it from being read: a wrong name,
 * no header, another encoding, a mapping that does not fit.
 */
export async function openRows(input: {
  readonly path: string;
  readonly kind: ImportKind;
  readonly mapping?: Mapping;
  /** How many rows a batch holds, the last one excepted. */
  readonly batchSize?: number;
}): Promise<RowsResult> {
  const { path, batchSize = 1_000 } = input;
  if (!CSV_NAME.test(path) && !JSON_NAME.test(path)) {
    return refuse(`expected a file named .csv or .jsonl (or either with .gz), got ${path}`);
  }
  const lines = await tryOpen(path);
  if (typeof lines === 'string') return refuse(lines);
  try {
    const opened = CSV_NAME.test(path) ? await openCsv(input, lines) : openJson(input, lines);
    if (opened.problems !== null) {
      lines.close();
      return { file: null, problems: opened.problems };
    }
    const { plan, header, rows } = opened;
    const { progress, close } = lines;
    return { file: { plan, header, batches: inBatches(rows, batchSize), progress, close }, problems: null };
  } catch (error) {
    lines.close();
    if (!isDamage(error)) throw error;
    return refuse(`the file cannot be read: ${messageOf(error)}`);
  }
}

async function tryOpen(path: string): Promise<LineFile | string> {
  try {
    return await openLines(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return `the file cannot be opened: ${messageOf(error)}`;
  }
}

type Opened =
  | {
      readonly plan: ImportPlan;
      readonly header: readonly string[];
      readonly rows: AsyncGenerator<readonly Row[]>;
      readonly problems: null;
    }
  | { readonly problems: readonly Problem[] };

type Source = { readonly kind: ImportKind; readonly mapping?: Mapping };

async function openCsv(source: Source, file: LineFile): Promise<Opened> {
  const records = readRecords(file.batches);
  const first = await records.next();
  const [head, ...rest] = first.done === true ? [] : first.value;
  if (head === undefined) return refuse('the file is empty; expected a line of column names');
  const foreign = foreignFormat(head.kind === 'broken' ? head.text : head.cells.join(''));
  if (foreign !== null) return refuse(foreign);
  if (head.kind === 'broken') return refuse(`the header on line ${head.line} cannot be read: ${head.reason}`);
  const { plan, problems } = planColumns({ ...source, header: head.cells });
  if (problems !== null) return { problems };
  return { plan, header: head.cells, rows: csvRows(plan, rest, records), problems };
}

async function* csvRows(
  plan: ImportPlan,
  first: readonly CsvRecord[],
  records: AsyncGenerator<readonly CsvRecord[]>,
): AsyncGenerator<readonly Row[]> {
  yield first.flatMap(record => csvRow(plan, record));
  for await (const batch of records) yield batch.flatMap(record => csvRow(plan, record));
}

/** A row of nothing but delimiters, as spreadsheets leave them below a table, is as good as a blank line. */
function csvRow(plan: ImportPlan, record: CsvRecord): readonly Row[] {
  if (record.kind === 'broken') {
    return [{ line: record.line, cells: [record.text], result: problem(record.reason) }];
  }
  const { line, cells } = record;
  if (cells.every(cell => cell.trim() === '')) return [];
  const result = readCells(plan, cells);
  return [{ line, cells, result: result.kind === 'event' ? withMessageId(result) : result }];
}

/** An event without an id of its own gets one from its content, so that reading the file twice changes nothing. */
function withMessageId(event: EventLine): EventLine {
  if (event.messageId !== null) return event;
  const { contactId, email, name, at, properties, context } = event;
  const content = JSON.stringify([contactId, email, name, at, properties, context]);
  return { ...event, messageId: `row-${createHash('sha256').update(content).digest('base64url')}` };
}

function openJson(source: Source, file: LineFile): Opened {
  const { plan, problems } = planJson(source);
  if (problems !== null) return { problems };
  return { plan, header: ['row'], rows: jsonRows(plan, file.batches), problems };
}

async function* jsonRows(
  plan: ImportPlan,
  batches: AsyncGenerator<readonly FileLine[]>,
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    yield batch.flatMap(line => {
      const text = line.bytes.toString(isUtf8(line.bytes) ? 'utf8' : 'latin1');
      return text.trim() === ''
        ? []
        : [{ line: line.number, cells: [text], result: jsonLine(plan, line, text) }];
    });
  }
}

function jsonLine(plan: ImportPlan, line: FileLine, text: string): ImportLine {
  if (line.tooLong) return problem(`the line is longer than ${MAX_ROW_BYTES} bytes`);
  if (!isUtf8(line.bytes)) return problem('not UTF-8; save the file as UTF-8 and import it again');
  const parsed = parseJson(text);
  return parsed.kind === 'read' ? readJson(plan, parsed.value) : problem(`not JSON: ${parsed.message}`);
}

function parseJson(
  text: string,
):
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly message: string } {
  try {
    return { kind: 'read', value: JSON.parse(text) };
  } catch (error) {
    return { kind: 'broken', message: messageOf(error) };
  }
}

/** Gathers rows into batches. A file that breaks off keeps the rows before the damage, and the damage is a row of its own. */
async function* inBatches(
  rows: AsyncGenerator<readonly Row[]>,
  size: number,
): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = [];
  let line = 1;
  try {
    for await (const some of rows) {
      for (const row of some) {
        batch.push(row);
        line = row.line;
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    const result = problem(`the file cannot be read further: ${messageOf(error)}`);
    batch.push({ line: line + 1, cells: [], result });
  }
  if (batch.length > 0) yield batch;
}

/** Names the formats people send instead of CSV, by how their beginning looks as text. */
function foreignFormat(text: string): string | null {
  if (/^(\u00ff\u00fe|\u00fe\u00ff)/.test(text)) {
    return 'the file is UTF-16; expected UTF-8 (in a spreadsheet: save as "CSV UTF-8")';
  }
  if (text.startsWith('PK\u0003\u0004') || text.includes('\0')) {
    return 'the file is not CSV text in UTF-8 (in a spreadsheet: save as "CSV UTF-8")';
  }
  return null;
}

function refuse(message: string): { readonly file: null; readonly problems: readonly Problem[] } {
  return { file: null, problems: [{ path: '', steps: [], message }] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
