/** Some whole lines of a file, with their ends; a line without an end is the last of its file. */
export interface Block {
  readonly bytes: Buffer;
  /** What ends a line. */
  readonly separator: number;
  /** A single line that is longer than allowed; `bytes` is then only its beginning. */
  readonly isTooLong: boolean;
}

interface BlockSizes {
  /** How much is gathered into a block; no more than the longest line. */
  readonly blockBytes: number;
  readonly maxLineBytes: number;
  /** Memory for a block; it must not be used again before the block is done with. */
  readonly allocate: (bytes: number) => Buffer;
}

const KEPT_OF_TOO_LONG = 1_000;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a file into blocks of whole lines (ended by LF or CRLF, or by CR in an old Macintosh's file); the byte order mark
 * of UTF-8 is left out. When reading fails, the lines before the failure come first.
 */
export async function* readBlocks(chunks: AsyncIterable<Buffer>, sizes: BlockSizes): AsyncGenerator<Block> {
  const { maxLineBytes, allocate } = sizes;
  // A block has room for one line of the greatest length and its end, and no more: what fills it without an end is too long.
  const mostBytes = maxLineBytes + 1;
  let buffer = allocate(Math.min(sizes.blockBytes, mostBytes));
  let filled = 0;
  let separator: number | null = null;
  let isSkipping = false;
  let isFirst = true;
  const blockOf = (end: number, isTooLong: boolean): Block => {
    const start = isFirst && hasMark(buffer.subarray(0, end)) ? 3 : 0;
    isFirst = false;
    return { bytes: buffer.subarray(start, end), separator: separator ?? LF, isTooLong };
  };
  const renew = (from: number, bytes: number) => {
    const rest = buffer.subarray(from, filled);
    buffer = allocate(bytes);
    rest.copy(buffer);
    filled = rest.length;
  };
  try {
    for await (const chunk of chunks) {
      let from = 0;
      while (from < chunk.length) {
        if (isSkipping) {
          const end = chunk.indexOf(separator ?? LF, from);
          if (end === -1) break;
          from = end + 1;
          isSkipping = false;
        }
        const copied = chunk.copy(buffer, filled, from);
        from += copied;
        filled += copied;
        if (filled < buffer.length) break;
        separator ??= separatorOf(buffer);
        const end = buffer.lastIndexOf(separator) + 1;
        if (end > 0) {
          yield blockOf(end, false);
          renew(end, Math.min(mostBytes, Math.max(sizes.blockBytes, 2 * (filled - end))));
        } else if (filled < mostBytes) renew(0, Math.min(mostBytes, 2 * filled));
        else {
          yield blockOf(KEPT_OF_TOO_LONG, true);
          isSkipping = true;
          filled = 0;
        }
      }
    }
  } catch (error) {
    const end = buffer.lastIndexOf(separator ?? separatorOf(buffer.subarray(0, filled)), filled - 1) + 1;
    if (filled > 0 && end > 0) yield blockOf(end, false);
    throw error;
  }
  separator ??= separatorOf(buffer.subarray(0, filled));
  if (filled > 0) yield blockOf(filled, false);
}

function separatorOf(data: Buffer): number {
  return data.includes(LF) || !data.includes(CR) ? LF : CR;
}

function hasMark(data: Buffer): boolean {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
}
