/** Writes a whole number with commas between the thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** Writes bytes as whole megabytes. */
export function megabytes(bytes: number): string {
  return `${count(bytes / 2 ** 20)} MB`;
}

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
