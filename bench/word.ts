/** Writes a whole number with commas between the thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
