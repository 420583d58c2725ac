import { isUtf8 } from 'node:buffer';

/** The bytes of a file as UTF-8, and in which encoding they were found. */
interface Decoded {
  readonly chunks: AsyncIterable<Buffer>;
  /** `utf-8`, or the encoding that was read. */
  readonly encoding: string;
}

/** How many bytes an encoding is told by. */
const LOOKED_AT = 64;

/**
 * Reads chunks in an encoding (a label of the WHATWG, such as `windows-1252`; null: what the file's mark says, else UTF-8)
 * and gives them as UTF-8. UTF-16 is also known by its zeros, as some programs leave the mark out.
 */
export async function decode(chunks: AsyncIterable<Buffer>, named: string | null): Promise<Decoded> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < LOOKED_AT) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = from(head, iterator);
  const encoding = markedEncoding(head) ?? named?.toLowerCase() ?? 'utf-8';
  return encoding === 'utf-8' || encoding === 'utf8'
    ? { chunks: whole, encoding: 'utf-8' }
    : { chunks: transcode(whole, encoding), encoding };
}

/** Whether text can be read in an encoding of this name. @example isEncoding('windows-1252') // true */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function markedEncoding(head: Buffer): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  const zeros = (rest: number) => head.filter((byte, index) => index % 2 === rest && byte === 0).length;
  const pairs = head.length >> 1;
  if (pairs < 2) return null;
  if (zeros(1) === pairs && zeros(0) === 0) return 'utf-16le';
  return zeros(0) === pairs && zeros(1) === 0 ? 'utf-16be' : null;
}

async function* from(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* transcode(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** How many bytes a character has whose first byte is given. */
function lengthFrom(byte: number): number {
  if (byte < 0xc2) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Says that bytes are not UTF-8: the first that is wrong, and how to name the encoding. */
export function notUtf8Words(bytes: Buffer): string {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthFrom(bytes[at] ?? 0);
    if (!isUtf8(bytes.subarray(at, at + length))) break;
    at += length;
  }
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return (
    `byte 0x${byte} is not UTF-8; if the file is Windows-1252, as spreadsheets often save it, ` +
    'say so: --encoding windows-1252, or `encoding: windows-1252` in the mapping'
  );
}
