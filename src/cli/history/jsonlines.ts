import { isAscii, isUtf8 } from 'node:buffer';
import { oneLine } from '../../core/text/safe.ts';
import type { Block } from '../../loop/import/blocks.ts';

/** The lines of a block, as any thread can be given them. */
export type Lines = Omit<Block, 'bytes'> & { readonly bytes: Uint8Array };

/** A line that cannot be used: its number in the block, counted from 0, and what is wrong with it. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

/** The longest line that is read: many times any call; a longer one is not a call. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Where a line stands in its block. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses each line of a block, blank ones left out, and hands it on; `take` says what is wrong with it, or null. Returns
 * how many lines there were and which of them had a fault.
 */
export function readJsonLines(
  lines: Lines,
  take: (value: unknown, place: Place) => string | null,
): { readonly lines: number; readonly faults: readonly Fault[] } {
  if (lines.isTooLong) return { lines: 1, faults: [{ line: 0, message: TOO_LONG }] };
  const faults: Fault[] = [];
  let line = 0;
  eachLine(lines, (text, place) => {
    const message = text === null ? 'not UTF-8 text' : takeLine(text, value => take(value, place));
    if (message !== null) faults.push({ line, message });
    line += 1;
  });
  return { lines: line, faults };
}

const TOO_LONG = 'the line is longer than 64 MiB; expected one object per line';

function takeLine(text: string, take: (value: unknown) => string | null): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') return null;
    const reason = error instanceof Error ? error.message : String(error);
    return `not JSON (${oneLine(reason, 120)}); expected one object per line`;
  }
  return take(value);
}

/** Cuts a block into lines; a line that is not UTF-8 is null. Bytes that are all ASCII are made text at once. */
function eachLine(lines: Lines, onLine: (text: string | null, place: Place) => void): void {
  const bytes = Buffer.from(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.length);
  const ascii = isAscii(bytes) ? bytes.toString('latin1') : null;
  const mark = String.fromCharCode(lines.separator);
  for (let start = 0; start < bytes.length; ) {
    const found = ascii === null ? bytes.indexOf(lines.separator, start) : ascii.indexOf(mark, start);
    const end = found === -1 ? bytes.length : found;
    onLine(ascii === null ? decode(bytes.subarray(start, end)) : ascii.slice(start, end), { start, end });
    start = end + 1;
  }
}

function decode(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
