import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One line of a file without its line end; `number` counts from 1. */
export interface FileLine {
  readonly number: number;
  readonly bytes: Buffer;
  /** Longer than `MAX_ROW_BYTES`; `bytes` is then only its beginning. */
  readonly tooLong: boolean;
}

/** A file being read line by line. */
export interface LineFile {
  readonly batches: AsyncGenerator<readonly FileLine[]>;
  /** How much of the file, as it lies on disk, has been read. */
  readonly progress: () => { readonly readBytes: number; readonly totalBytes: number };
  readonly close: () => void;
}

/** The longest row that is read: far above any profile, and low enough that an open quote swallows no whole file. */
export const MAX_ROW_BYTES = 262_144;

const CHUNK_BYTES = 262_144;
const KEPT_OF_TOO_LONG = 1_000;
const LF = 0x0a;
const CR = 0x0d;

/** Opens a file for reading by lines (LF, CRLF or CR), unpacking gzip by its magic number. Throws when it cannot be opened. */
export async function openLines(path: string): Promise<LineFile> {
  const handle = await open(path, 'r');
  const { isGzip, totalBytes } = await look(handle).catch(async error => {
    await handle.close();
    throw error;
  });
  const source = createReadStream('', { fd: handle, start: 0, highWaterMark: CHUNK_BYTES });
  const content = isGzip ? unpack(source) : source;
  return {
    batches: splitLines(content),
    progress: () => ({ readBytes: Math.min(source.bytesRead, totalBytes), totalBytes }),
    close: () => {
      content.destroy();
      source.destroy();
    },
  };
}

async function look(handle: FileHandle): Promise<{ readonly isGzip: boolean; readonly totalBytes: number }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const { size } = await handle.stat();
  return { isGzip: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b, totalBytes: size };
}

function unpack(source: ReadStream): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The iteration over gunzip throws what went wrong on either side.
  return pipeline(source, gunzip, () => undefined);
}

/**
 * Cuts chunks into lines; the byte order mark of UTF-8 is left out. A file without LF in its first `MAX_ROW_BYTES`
 * but with CR is an old Macintosh's.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly FileLine[]> {
  let head: Buffer = Buffer.alloc(0);
  let cut: ((data: Buffer) => readonly FileLine[]) | null = null;
  for await (const chunk of chunks) {
    if (cut === null) {
      head = Buffer.concat([head, chunk]);
      if (!head.includes(LF) && head.length <= MAX_ROW_BYTES) continue;
      cut = makeCutter(separatorOf(head));
    }
    const lines = cut(head.length > 0 ? withoutMark(head) : chunk);
    head = Buffer.alloc(0);
    if (lines.length > 0) yield lines;
  }
  const separator = separatorOf(head);
  cut ??= makeCutter(separator);
  // What follows the last line end is a line too, unless it is empty.
  const lines = cut(Buffer.concat([withoutMark(head), Buffer.of(separator)]));
  const [last] = lines.slice(-1);
  const full = last !== undefined && last.bytes.length === 0 ? lines.slice(0, -1) : lines;
  if (full.length > 0) yield full;
}

/** Makes a function that is fed the file in pieces and answers the lines that each piece ends. */
function makeCutter(separator: number): (data: Buffer) => readonly FileLine[] {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  let overlong: FileLine | null = null;
  return piece => {
    const data = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = data.indexOf(separator); end !== -1; end = data.indexOf(separator, start)) {
      lines.push(overlong ?? makeLine(number, data.subarray(start, end)));
      overlong = null;
      number += 1;
      start = end + 1;
    }
    rest = data.subarray(start);
    if (overlong === null && rest.length > MAX_ROW_BYTES) overlong = makeLine(number, rest);
    if (overlong !== null) rest = Buffer.alloc(0);
    return lines;
  };
}

function makeLine(number: number, bytes: Buffer): FileLine {
  const tooLong = bytes.length > MAX_ROW_BYTES;
  if (tooLong) return { number, bytes: Buffer.from(bytes.subarray(0, KEPT_OF_TOO_LONG)), tooLong };
  return { number, bytes: bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes, tooLong };
}

function separatorOf(data: Buffer): number {
  return data.includes(LF) || !data.includes(CR) ? LF : CR;
}

function withoutMark(data: Buffer): Buffer {
  const hasMark = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
  return hasMark ? data.subarray(3) : data;
}
