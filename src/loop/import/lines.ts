import { type Block, readBlocks } from './blocks.ts';
import { decode } from './encoding.ts';
import type { OpenFile } from './file.ts';

/** One line of a file without its line end; `number` counts from 1. */
export interface FileLine {
  readonly number: number;
  readonly bytes: Buffer;
  /** Longer than `MAX_ROW_BYTES`; `bytes` is then only its beginning. */
  readonly tooLong: boolean;
}

/** A file being read line by line. */
export interface LineFile extends Pick<OpenFile, 'progress' | 'close'> {
  readonly batches: AsyncGenerator<readonly FileLine[]>;
  /** In which encoding it was found. */
  readonly encoding: string;
}

/** The longest row that is read: far above any profile, and low enough that an open quote swallows no whole file. */
export const MAX_ROW_BYTES = 262_144;

const CR = 0x0d;

/** Reads a file by lines (LF, CRLF or CR) in an encoding, or in the one that its mark says. */
export async function readLines(file: OpenFile, encoding: string | null): Promise<LineFile> {
  const { progress, close } = file;
  const decoded = await decode(file.chunks, encoding);
  return { batches: splitLines(decoded.chunks), encoding: decoded.encoding, progress, close };
}

/** Cuts chunks into lines; what follows the last line end is a line too, unless it is empty. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly FileLine[]> {
  const sizes = { blockBytes: MAX_ROW_BYTES, maxLineBytes: MAX_ROW_BYTES, allocate: Buffer.allocUnsafe };
  let number = 1;
  for await (const block of readBlocks(chunks, sizes)) {
    const lines = linesOf(block, number);
    number += lines.length;
    yield lines;
  }
}

function linesOf({ bytes, separator, isTooLong }: Block, first: number): readonly FileLine[] {
  if (isTooLong) return [{ number: first, bytes, tooLong: true }];
  const lines: FileLine[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(separator, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, bytes[end - 1] === CR && end > start ? end - 1 : end);
    lines.push({ number: first + lines.length, bytes: line, tooLong: false });
    start = end + 1;
  }
  return lines;
}
