import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runBaton } from '../world/process.ts';

/** A folder for the files of a test file; it is gone afterwards. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'baton-history-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    path: (name: string) => join(folder, name),
    write,
    writeLines: (name: string, lines: readonly unknown[]) =>
      write(name, lines.map(line => `${JSON.stringify(line)}\n`).join('')),
  };
}

/** Runs a `baton` command to its end. */
export async function ran(...args: readonly string[]) {
  const command = runBaton(args);
  const closed = new Promise(resolve => command.child.on('close', resolve));
  const code = await command.ended;
  await closed;
  const stdout = command.stdout();
  return {
    code,
    stdout,
    stderr: command.stderr(),
    printed: stdout
      .split('\n')
      .filter(line => line !== '')
      .map((line): unknown => JSON.parse(line)),
  };
}
