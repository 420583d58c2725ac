import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { csvLine } from '../../core/text/csv.ts';
import type { RefusedRow } from '../../loop/import/row.ts';

/** The file of refused rows beside an import file. */
interface ErrorFile {
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
