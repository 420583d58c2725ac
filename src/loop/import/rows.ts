import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readCells } from '../../core/import/cells.ts';
import { readJson } from '../../core/import/json.ts';
import { type EventLine, type ImportLine, problem } from '../../core/import/line.ts';
import type { KnownSource, Mapping } from '../../core/import/mapping.ts';
import { type ImportPlan, planColumns, planJson } from '../../core/import/plan.ts';
import { type Survey, startSurvey } from '../../core/import/survey.ts';
import type { ImportKind } from '../../core/import/target.ts';
import { type Problem, quote } from '../../core/problem.ts';
import { isEncoding, notUtf8Words } from './encoding.ts';
import { isDamage, type OpenFile, openFile } from './file.ts';
import { type FileLine, type LineFile, MAX_ROW_BYTES, readLines } from './lines.ts';
import { type CsvRecord, readRecords } from './records.ts';
import { recognise, SOURCE_NAMES, shippedMapping } from './shipped.ts';

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
  /** The shipped mapping by which it is read; null for none. */
  readonly source: KnownSource | null;
  /** The rows in the order of the file, blank lines left out. */
  readonly batches: AsyncGenerator<readonly Row[]>;
  readonly progress: LineFile['progress'];
  /** Lets go of a file that is not read to its end. */
  readonly close: () => void;
}

type RowsResult =
  | { readonly file: RowFile; readonly problems: null }
  | { readonly file: null; readonly problems: readonly Problem[] };

/** What is to be read, and how. */
interface Source {
  readonly path: string;
  readonly kind: ImportKind;
  readonly mapping?: Mapping;
  /** How many rows a batch holds, the last one excepted. */
  readonly batchSize?: number;
  /** Opens the file where it does not lie on this disk; the path is then its name. */
  readonly open?: () => Promise<OpenFile>;
}

/** The names of files that hold CSV, and of those that hold JSON lines; either may end in `.gz` as well. */
const CSV_NAME = /\.(csv|tsv|txt)(\.gz)?$/i;
const JSON_NAME = /\.(jsonl|ndjson)(\.gz)?$/i;

/**
 * Opens an import file and decides what its columns mean, or says all that keeps it from being read: a wrong name,
 * no header, another encoding, a mapping that does not fit. A file of contacts, or one with dates that could be read either
 * way, is looked through once before its rows are given: what no single row shows is known then.
 */
export async function openRows(input: Source): Promise<RowsResult> {
  const { path, batchSize = 1_000 } = input;
  if (!CSV_NAME.test(path) && !JSON_NAME.test(path)) {
    return refuse(`expected a file named .csv or .jsonl (or either with .gz), got ${basename(path)}`);
  }
  const encoding = input.mapping?.encoding ?? null;
  if (encoding !== null && !isEncoding(encoding))
    return refuse(
      `the encoding ${quote(encoding)} is not known; expected one such as utf-16le or windows-1252`,
    );
  const looked = await withLines(input, async lines => {
    const opened = await openTable(input, lines);
    if (opened.problems !== null || !needsSurvey(opened.plan)) return { opened, plan: null };
    const plan = await survey(opened);
    lines.close();
    return { opened: null, plan };
  });
  if (looked.problems !== null) return looked;
  const { opened, plan } = looked.value;
  if (plan !== null) {
    const again = await withLines(input, lines => openTable(input, lines));
    if (again.problems !== null) return again;
    return finish(again.value, { batchSize, plan });
  }
  return finish(opened, { batchSize });
}

function finish(
  opened: Opened | null,
  { batchSize, plan }: { readonly batchSize: number; readonly plan?: ImportPlan },
): RowsResult {
  if (opened === null) return refuse('the file cannot be read');
  if (opened.problems !== null) return { file: null, problems: opened.problems };
  const used = plan ?? opened.plan;
  const { header, source, lines, rowsBy } = opened;
  const { progress, close } = lines;
  const batches = inBatches(rowsBy(used), batchSize);
  return { file: { plan: used, header, source, batches, progress, close }, problems: null };
}

/** Opens the lines of a file for some work; what damage and refusals say is a problem, after which the file is closed. */
async function withLines<T>(
  input: Source,
  work: (lines: LineFile) => Promise<T>,
): Promise<
  | { readonly value: T; readonly problems: null }
  | { readonly file: null; readonly problems: readonly Problem[] }
> {
  const { path, open = () => openFile(path) } = input;
  let opened: OpenFile;
  try {
    opened = await open();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return refuse(`the file cannot be opened: ${messageOf(error)}`);
  }
  try {
    const lines = await readLines(opened, input.mapping?.encoding ?? null);
    return { value: await work(lines), problems: null };
  } catch (error) {
    opened.close();
    if (!isDamage(error)) throw error;
    return refuse(`the file cannot be read: ${messageOf(error)}`);
  }
}

/** A file whose beginning has been read. */
interface Table {
  readonly plan: ImportPlan;
  readonly header: readonly string[];
  readonly source: KnownSource | null;
  readonly lines: LineFile;
  /** The rows by a plan. */
  readonly rowsBy: (plan: ImportPlan) => AsyncGenerator<readonly Row[]>;
  readonly look: (survey: Survey) => Promise<void>;
  readonly problems: null;
}

type Opened = Table | { readonly problems: readonly Problem[] };

async function openTable(input: Source, lines: LineFile): Promise<Opened> {
  const opened = CSV_NAME.test(input.path) ? await openCsv(input, lines) : openJson(input, lines);
  if (opened.problems !== null) lines.close();
  return opened;
}

function needsSurvey({ kind, columns }: ImportPlan): boolean {
  return kind === 'contacts' || columns.some(({ form }) => form !== null && form.order === null);
}

/** Looks through a file; one that breaks off is known as far as it goes. */
async function survey({ plan, look }: Table): Promise<ImportPlan> {
  const begun = startSurvey(plan);
  try {
    await look(begun);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return begun.applied();
}

async function openCsv(input: Source, lines: LineFile): Promise<Opened> {
  const records = readRecords(lines.batches);
  const first = await records.next();
  const [head, ...rest] = first.done === true ? [] : first.value;
  if (head === undefined) return refuse('the file is empty; expected a line of column names');
  const foreign = foreignFormat(head.kind === 'broken' ? head.text : head.cells.join(''));
  if (foreign !== null) return refuse(foreign);
  if (head.kind === 'broken') return refuse(`the header on line ${head.line} cannot be read: ${head.reason}`);
  const header = head.cells;
  const source = sourceOf(input, header);
  const base = source === null ? null : shippedMapping(source);
  const { plan, problems } = planColumns({ ...input, header, base });
  if (problems !== null) return { problems };
  const notes = [...notesOf(input, { source, encoding: lines.encoding, plan }), ...plan.notes];
  return {
    plan: { ...plan, notes },
    header,
    source,
    lines,
    rowsBy: by => csvRows(by, rest, records),
    look: async begun => {
      const see = (batch: readonly CsvRecord[]) => {
        for (const record of batch) if (record.kind === 'cells') begun.seeCells(record.line, record.cells);
      };
      see(rest);
      for await (const batch of records) {
        if (!begun.isAsking()) return;
        see(batch);
      }
    },
    problems,
  };
}

/** The shipped mapping that is named, or that fits a file of which the mapping says nothing. */
function sourceOf({ kind, mapping }: Source, header: readonly string[]): KnownSource | null {
  if (mapping?.like !== undefined && mapping.like !== null) return mapping.like;
  const saysColumns =
    mapping !== undefined &&
    (mapping.only || mapping.columns.size > 0 || Object.keys(mapping.slots).length > 0);
  return kind !== 'contacts' || saysColumns ? null : recognise(header);
}

function notesOf(
  { mapping }: Source,
  of: { readonly source: KnownSource | null; readonly encoding: string; readonly plan: ImportPlan },
): readonly string[] {
  const { source, encoding, plan } = of;
  const isSeen = source !== null && mapping?.like !== source;
  const zone = source === null ? null : shippedMapping(source).dates.zone;
  const isGuessed = plan.columns.some(({ form }) => form !== null && form.zone === zone) && zone !== null;
  return [
    ...(isSeen ? [`Looks like an export of ${SOURCE_NAMES[source]}: mapping ${source}.`] : []),
    ...(encoding === 'utf-8' ? [] : [`The file is read as ${encoding}.`]),
    ...(isGuessed && mapping?.dates.zone !== zone
      ? [`Times without a zone are read in ${zone}. If that is wrong, say the zone of the file.`]
      : []),
  ];
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

function openJson(input: Source, lines: LineFile): Opened {
  const { plan, problems } = planJson(input);
  if (problems !== null) return { problems };
  return {
    plan,
    header: ['row'],
    source: null,
    lines,
    rowsBy: by => jsonRows(by, lines.batches),
    look: async begun => {
      for await (const batch of jsonRows(plan, lines.batches))
        for (const { line, result } of batch) begun.seeLine(line, result);
    },
    problems,
  };
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
  if (!isUtf8(line.bytes)) return problem(notUtf8Words(line.bytes));
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
