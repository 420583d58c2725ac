import { manyLines } from '../../core/text/safe.ts';

/** Writes data to stdout, no faster than it is read. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await new Promise(resolve => process.stdout.once('drain', resolve));
}

/** Prints lines of words to stdout. Names and values of files and strangers stand in them, and may not steer a terminal. */
export function print(text: string): void {
  process.stdout.write(printable(text));
}

/** The same to stderr, beside what a command gives: warnings, and why it failed. */
export function note(text: string): void {
  process.stderr.write(printable(text));
}

function printable(text: string): string {
  return `${manyLines(text, text.length)}\n`;
}
