import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Runs a script of Node to its end, its output going into a file. Throws when it fails or complains. */
export async function run(script: string, args: readonly string[], output: string): Promise<void> {
  const file = openSync(output, 'w');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', file, 'pipe'] });
  closeSync(file);
  let complaint = '';
  child.stderr?.on('data', chunk => {
    complaint += String(chunk);
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  if (code !== 0 || complaint !== '')
    throw new Error(`${script} ended with ${code} and said: ${complaint.slice(0, 500)}`);
}
