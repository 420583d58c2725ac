import { isObject } from '../condition/reading.ts';
import { csvLine } from '../text/csv.ts';

/** A row of a report as data: figures, rates, amounts by currency, and figures within figures. */
type Row = Readonly<Record<string, unknown>>;

/** What a file for spreadsheets does not need: the list of leads, and lists within rows. */
const LEFT_OUT = new Set(['leads']);

/**
 * Writes the rows of a report and their total as CSV, a column for each figure: figures within figures are joined by a dot.
 * What is missing is an empty cell. No cell is read as a formula by a spreadsheet.
 *
 * @example reportCsv({ by: 'source', rows: [{ key: 'ads', n: 1, rate: { value: 0.5 } }], total: { n: 1 } }).split('\r\n')[0] // '"source","n","rate.value","label"'
 */
export function reportCsv(report: {
  readonly by: string;
  readonly rows: readonly Row[];
  readonly total: Row;
}): string {
  const lines = [...report.rows, { key: 'total', label: 'Total', ...report.total }].map(cellsOf);
  const names = [...new Set(lines.flatMap(line => [...line.keys()]))];
  const heads = names.map(name => (name === 'key' ? report.by : name));
  return [heads, ...lines.map(line => names.map(name => line.get(name) ?? ''))].map(csvLine).join('');
}

function cellsOf(row: Row): ReadonlyMap<string, string | number> {
  const cells = new Map<string, string | number>();
  const add = (name: string, value: unknown) => {
    if (typeof value === 'number' || typeof value === 'string') cells.set(name, value);
    else if (typeof value === 'boolean') cells.set(name, value ? 'yes' : 'no');
    else if (isObject(value))
      for (const [part, inner] of Object.entries(value)) add(`${name}.${part}`, inner);
  };
  for (const [name, value] of Object.entries(row)) if (!LEFT_OUT.has(name)) add(name, value);
  return cells;
}
