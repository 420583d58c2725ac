/** How many lines are gathered before they are written: one system call for many. */
const PRINT_BATCH = 500;

/** Writes values as JSON lines to stdout, no faster than they are read. */
export async function printLines(values: Iterable<unknown>): Promise<void> {
  let batch: string[] = [];
  for (const value of values) {
    batch.push(`${JSON.stringify(value)}\n`);
    if (batch.length < PRINT_BATCH) continue;
    await write(batch.join(''));
    batch = [];
  }
  await write(batch.join(''));
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise(resolve => process.stdout.once('drain', resolve));
}
