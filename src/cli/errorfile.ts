import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';

/** A row that was not imported: where it stood, why, and what stood there. */
export interface RefusedRow {
  readonly line: number;
  readonly reason: string;
  readonly cells: readonly string[];
}

/** The file of refused rows beside an import file. */
export interface ErrorFile {
  readonly path: string;
  readonly write: (rows: readonly RefusedRow[]) => Promise<void>;
  /** Ends the file; answers how many rows it holds. Without any there is no file. */
  readonly close: () => Promise<number>;
}

/**
 * Opens `<file>.errors.csv`. It is made at the first refused row; one left from an earlier import is removed, so that
 * it never tells of rows that are right by now.
 */
export async function openErrorFile(importPath: string, header: readonly string[]): Promise<ErrorFile> {
  const path = `${importPath}.errors.csv`;
  await rm(path, { force: true });
  let stream: WriteStream | null = null;
  let written = 0;
  return {
    path,
    write: async rows => {
      if (rows.length === 0) return;
      const text = rows.map(row => csvLine([row.line, row.reason, ...row.cells])).join('');
      if (stream === null) {
        stream = createWriteStream(path);
        await once(stream, 'open');
        stream.write(`\ufeff${csvLine(['line', 'reason', ...header])}`);
      }
      written += rows.length;
      if (!stream.write(text)) await once(stream, 'drain');
    },
    close: async () => {
      if (stream !== null) {
        stream.end();
        await once(stream, 'close');
      }
      return written;
    },
  };
}

/**
 * Writes one line of CSV (RFC 4180, every cell quoted).
 *
 * @example csvLine([3, 'no id', '=1+1']) // '"3","no id","\'=1+1"\r\n'
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cell => `"${safeCell(String(cell)).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** What makes a spreadsheet read a cell as a formula (OWASP, CSV injection), the full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * Puts an apostrophe before a cell that a spreadsheet would run as a formula.
 *
 * @example safeCell('@SUM(A1)') // "'@SUM(A1)"
 * @example safeCell('Ann') // 'Ann'
 */
export function safeCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}
