import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
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
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  const totalBytes = (await handle.stat()).size;
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

function unpack(source: ReadStream): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The iteration over gunzip throws what went wrong on either side.
  return pipeline(source, gunzip, () => undefined);
}

/** Cuts chunks into lines; the byte order mark of UTF-8 is left out. Exported for its tests. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly FileLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  let separator: number | null = null;
  let skipping: FileLine | null = null;
  for await (const chunk of chunks) {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (separator === null) {
      if (data.length < 3) {
        rest = data;
        continue;
      }
      data = withoutMark(data);
    }
    separator ??= separatorOf(data);
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = data.indexOf(separator); end !== -1; end = data.indexOf(separator, start)) {
      lines.push(skipping ?? makeLine(number, data.subarray(start, end)));
      skipping = null;
      number += 1;
      start = end + 1;
    }
    rest = data.subarray(start);
    if (skipping === null && rest.length > MAX_ROW_BYTES) skipping = makeLine(number, rest);
    if (skipping !== null) rest = Buffer.alloc(0);
    if (lines.length > 0) yield lines;
  }
  const last = skipping ?? (rest.length > 0 ? makeLine(number, withoutMark(rest, number)) : null);
  if (last !== null) yield [last];
}

function makeLine(number: number, bytes: Buffer): FileLine {
  const tooLong = bytes.length > MAX_ROW_BYTES;
  if (tooLong) return { number, bytes: Buffer.from(bytes.subarray(0, KEPT_OF_TOO_LONG)), tooLong };
  return { number, bytes: bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes, tooLong };
}

/** The first line end decides: a file that has CR but no LF in its first chunk is an old Macintosh's. */
function separatorOf(data: Buffer): number {
  return data.includes(LF) || !data.includes(CR) ? LF : CR;
}

function withoutMark(data: Buffer, number = 1): Buffer {
  const hasMark = number === 1 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
  return hasMark ? data.subarray(3) : data;
}
