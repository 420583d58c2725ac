import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from './failure.ts';

/** Is handed each line with its number, counted from 1. */
type OnLine = (text: string, number: number) => void;

const NEWLINE = 0x0a;
/** The longest line that is read: a call of 32 KB many times over; a longer one is not a call. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Streams a text file, plain or `.gz`, line by line; only one line is held at a time. Bytes that are not UTF-8 make
 * `onBadLine` instead. A file that ends in the middle of its compression keeps the lines before the damage.
 */
export async function eachLine(
  file: string,
  onLine: OnLine,
  onBadLine: (reason: string, number: number) => void,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (bytes: Buffer) => {
    number += 1;
    const text = decode(decoder, bytes);
    if (text === null) onBadLine('not UTF-8 text', number);
    else if (text.trim() !== '') onLine(text, number);
  };
  try {
    for await (const chunk of open(file)) {
      if (!(chunk instanceof Buffer)) continue;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const piece = chunk.subarray(start, end);
        take(restBytes === 0 ? piece : Buffer.concat([...rest, piece]));
        rest = [];
        restBytes = 0;
        start = end + 1;
      }
      rest.push(chunk.subarray(start));
      restBytes += chunk.length - start;
      if (restBytes > MAX_LINE_BYTES)
        throw new Failure(`${file}: line ${number + 1} is over 64 MiB; expected JSON lines`);
    }
  } catch (error) {
    if (error instanceof Failure || isMissing(error))
      throw error instanceof Failure ? error : missing(file, error);
    onBadLine(
      `the file cannot be read further: ${error instanceof Error ? error.message : String(error)}`,
      number + 1,
    );
    return;
  }
  if (restBytes > 0) take(Buffer.concat(rest));
}

function open(file: string): Readable {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  if (!file.endsWith('.gz')) return bytes;
  const plain = createGunzip({ chunkSize: 1 << 20 });
  bytes.on('error', error => plain.destroy(error));
  return bytes.pipe(plain);
}

function decode(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E(NOENT|ACCES|ISDIR)$/.test(error.code)
  );
}

function missing(file: string, error: unknown): Failure {
  return new Failure(
    `${file}: cannot be read (${error instanceof Error ? error.message : String(error)}); expected a readable file`,
  );
}
