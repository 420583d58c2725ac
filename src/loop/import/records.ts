import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { notUtf8Words } from './encoding.ts';
import { type FileLine, MAX_ROW_BYTES } from './lines.ts';

/** One row of a CSV file, by the line it begins on; what cannot be read keeps its text and says why. */
export type CsvRecord =
  | { readonly kind: 'cells'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly text: string; readonly reason: string };

const QUOTE = 0x22;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Reads the rows of a CSV file, the header among them, and finds the delimiter from the first line that is not blank.
 * A row whose quotes are broken costs that line alone: reading goes on with the next one, where csv-parse by itself
 * would take the rest of the file into the open quote.
 */
export async function* readRecords(
  batches: AsyncIterable<readonly FileLine[]>,
): AsyncGenerator<readonly CsvRecord[]> {
  let open: readonly FileLine[] = [];
  let delimiter: string | null = null;
  for await (const batch of batches) {
    let lines = open.length === 0 ? batch : [...open, ...batch];
    if (delimiter === null) {
      const start = lines.findIndex(line => !isBlank(line));
      const first = lines[start];
      if (first === undefined) continue;
      const told = /^"?sep=([,;\t|])"?$/i.exec(first.bytes.toString('latin1'))?.[1];
      delimiter = told ?? detectDelimiter(first.bytes.toString('latin1'));
      lines = lines.slice(told === undefined ? start : start + 1);
    }
    const { records, rest } = cut({ lines, delimiter, ended: false });
    open = rest;
    if (records.length > 0) yield records;
  }
  if (delimiter === null || open.length === 0) return;
  const { records } = cut({ lines: open, delimiter, ended: true });
  if (records.length > 0) yield records;
}

/**
 * Finds the delimiter that stands most often outside the quotes of a header; a comma when none does.
 *
 * @example detectDelimiter('id;"name, first";email') // ';'
 */
export function detectDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"?/g, '');
  let best: string = DELIMITERS[0];
  for (const candidate of DELIMITERS) {
    if (bare.split(candidate).length > bare.split(best).length) best = candidate;
  }
  return best;
}

interface Cut {
  readonly records: readonly CsvRecord[];
  /** The lines of a row that is still open. */
  readonly rest: readonly FileLine[];
}

/** Cuts lines into rows: a line with an even number of quotes is a row; an odd one runs on to the next odd one. */
function cut(input: {
  readonly lines: readonly FileLine[];
  readonly delimiter: string;
  readonly ended: boolean;
}): Cut {
  const { lines, delimiter, ended } = input;
  const records: CsvRecord[] = [];
  let simple: FileLine[] = [];
  const flush = () => {
    for (const record of parseLines(simple, delimiter)) records.push(record);
    simple = [];
  };
  let next = 0;
  for (let line = lines[next]; line !== undefined; line = lines[next]) {
    if (line.tooLong) {
      flush();
      records.push(broken(line, `the line is longer than ${MAX_ROW_BYTES} bytes`));
      next += 1;
    } else if (hasEvenQuotes(line)) {
      if (!isBlank(line)) simple.push(line);
      next += 1;
    } else {
      const end = closingLine(lines, next);
      if (end === 'beyond' && !ended) break;
      flush();
      const whole = typeof end === 'number' ? lines.slice(next, end + 1) : [];
      const record =
        parseJoined(whole, delimiter) ??
        broken(line, 'a quote is opened and never closed, or stands inside a cell');
      records.push(record);
      next += record.kind === 'cells' ? whole.length : 1;
    }
  }
  flush();
  return { records, rest: lines.slice(next) };
}

/** The line that closes the quote left open at `start`, or that none does, or that it may come later. */
function closingLine(lines: readonly FileLine[], start: number): number | 'never' | 'beyond' {
  let bytes = lines[start]?.bytes.length ?? 0;
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index];
    bytes += (line?.bytes.length ?? 0) + 1;
    if (line === undefined || line.tooLong || bytes > MAX_ROW_BYTES) return 'never';
    if (!hasEvenQuotes(line)) return index;
  }
  return 'beyond';
}

/** Parses single-line rows together, which is twice as fast as one by one; a half with a fault in it is halved again. */
function parseLines(lines: readonly FileLine[], delimiter: string): readonly CsvRecord[] {
  const [first] = lines;
  if (first === undefined) return [];
  const rows = tryParse(lines, delimiter);
  if (typeof rows !== 'string' && rows.length === lines.length) {
    return rows.map((cells, index) => ({ kind: 'cells', line: lines[index]?.number ?? first.number, cells }));
  }
  if (lines.length === 1) return [broken(first, typeof rows === 'string' ? rows : 'the row cannot be read')];
  const middle = lines.length >> 1;
  return [...parseLines(lines.slice(0, middle), delimiter), ...parseLines(lines.slice(middle), delimiter)];
}

function parseJoined(lines: readonly FileLine[], delimiter: string): CsvRecord | null {
  const [first] = lines;
  const rows = tryParse(lines, delimiter);
  const cells = typeof rows === 'string' || rows.length !== 1 ? undefined : rows[0];
  return first === undefined || cells === undefined ? null : { kind: 'cells', line: first.number, cells };
}

/** The cells of each row, or what is wrong with the text. */
function tryParse(lines: readonly FileLine[], delimiter: string): readonly (readonly string[])[] | string {
  const bytes = Buffer.concat(
    lines.flatMap((line, index) => (index === 0 ? [line.bytes] : [LINE_END, line.bytes])),
  );
  if (!isUtf8(bytes)) return notUtf8Words(bytes);
  try {
    return parse(bytes, {
      delimiter,
      record_delimiter: '\n',
      trim: true,
      relax_column_count: true,
      max_record_size: 0,
    });
  } catch (error) {
    if (error instanceof CsvError) return faultOf(error);
    throw error;
  }
}

const LINE_END = Buffer.from('\n');

function faultOf(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return 'text follows a closing quote; a quote inside a quoted cell is written twice';
    default:
      return 'a quote stands inside a cell that is not quoted; quote the whole cell and write the quote twice';
  }
}

function broken(line: FileLine, reason: string): CsvRecord {
  const text = line.bytes.toString(isUtf8(line.bytes) ? 'utf8' : 'latin1');
  return { kind: 'broken', line: line.number, text, reason };
}

function isBlank(line: FileLine): boolean {
  return line.bytes.every(byte => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function hasEvenQuotes(line: FileLine): boolean {
  let even = true;
  for (let at = line.bytes.indexOf(QUOTE); at !== -1; at = line.bytes.indexOf(QUOTE, at + 1)) even = !even;
  return even;
}
