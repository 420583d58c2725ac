/** Writes to stdout, no faster than it is read. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await new Promise(resolve => process.stdout.once('drain', resolve));
}
