import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

/** A file being read from its beginning, unpacked when it is gzip. */
export interface OpenFile {
  readonly chunks: AsyncIterable<Buffer>;
  /** How much of the file, as it lies on disk, has been read. */
  readonly progress: () => { readonly readBytes: number; readonly totalBytes: number };
  readonly close: () => void;
}

const CHUNK_BYTES = 262_144;
/** What is unpacked at once; when a file is damaged, up to this much of what stands before the damage is lost. */
const UNPACKED_BYTES = 65_536;
/** The beginning of a packed file is taken in small pieces, so that of a small damaged file little is lost. */
const CAREFUL = { bytes: 65_536, pieceBytes: 256 } as const;

/** Opens a file, recognising gzip by its magic number. Throws when it cannot be opened. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, 'r');
  const { isGzip, totalBytes } = await look(handle).catch(async error => {
    await handle.close();
    throw error;
  });
  const source = createReadStream('', { fd: handle, start: 0, highWaterMark: CHUNK_BYTES });
  return {
    chunks: isGzip ? unpack(source) : source,
    progress: () => ({ readBytes: Math.min(source.bytesRead, totalBytes), totalBytes }),
    close: () => {
      source.destroy();
    },
  };
}

/** How much may come of an upload that is packed, in bytes: a few kilobytes can unpack to more than any disk has. */
const MAX_UNPACKED_BYTES = 1024 ** 3;

/** A file that unpacks to more than is read. */
class TooLarge extends Error {
  readonly code = 'TOO_LARGE';
}

async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_UNPACKED_BYTES) throw new TooLarge('it unpacks to more than 1 GB');
    yield chunk;
  }
}

/** Reads chunks as a file, unpacked when they are gzip. */
export async function openChunks(chunks: AsyncGenerator<Buffer>, totalBytes: number): Promise<OpenFile> {
  let readBytes = 0;
  const first = await chunks.next();
  const counted = async function* () {
    if (first.done === true) return;
    readBytes += first.value.length;
    yield first.value;
    for await (const chunk of chunks) {
      readBytes += chunk.length;
      yield chunk;
    }
  };
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  return {
    chunks: isGzip ? bounded(unpack(counted())) : counted(),
    progress: () => ({ readBytes, totalBytes }),
    close: () => void chunks.return(undefined),
  };
}

async function look(handle: FileHandle): Promise<{ readonly isGzip: boolean; readonly totalBytes: number }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const { size } = await handle.stat();
  return { isGzip: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b, totalBytes: size };
}

/** Unpacks piece by piece: all that was unpacked is handed on before an error is. */
async function* unpack(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
  const unpacked: Buffer[] = [];
  let failure: Error | null = null;
  gunzip.on('data', (chunk: Buffer) => unpacked.push(chunk));
  gunzip.on('error', error => {
    failure = error;
  });
  const settled = (begin: (done: () => void) => void) =>
    new Promise<void>(resolve => {
      begin(resolve);
      gunzip.once('close', resolve);
    });
  try {
    for await (const piece of inPieces(packed)) {
      await settled(done => gunzip.write(piece, () => done()));
      gunzip.removeAllListeners('close');
      yield* unpacked.splice(0);
      if (failure !== null) throw failure;
    }
    await settled(() => gunzip.end());
    yield* unpacked.splice(0);
    if (failure !== null) throw failure;
  } finally {
    gunzip.destroy();
  }
}

/** Cuts what is packed so that all of the content is unpacked before its check sum, the end of the file, is looked at. */
async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of chunks) {
    const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = Math.max(0, data.length - SUM_BYTES);
    held = data.subarray(end);
    const careful = Math.min(end, Math.max(0, CAREFUL.bytes - read));
    for (let at = 0; at < careful; at += CAREFUL.pieceBytes)
      yield data.subarray(at, Math.min(careful, at + CAREFUL.pieceBytes));
    if (careful < end) yield data.subarray(careful, end);
    read += end;
  }
  yield held;
}

/** Check sum and length, with which a gzip file ends. */
const SUM_BYTES = 8;

/** Whether a file or its compression failed, rather than this program. */
export function isDamage(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    !error.code.startsWith('ERR_')
  );
}
