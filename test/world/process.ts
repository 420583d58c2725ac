import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Builds the server when it was not built since its sources last changed. */
export function ensureBuilt(): void {
  const built = join(ROOT, 'dist/cli/main.js');
  if (existsSync(built) && statSync(built).mtimeMs >= newest(join(ROOT, 'src'))) return;
  execFileSync('npm', ['run', 'build:server'], { cwd: ROOT, stdio: 'pipe', timeout: 120_000 });
}

function newest(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    if (entry.name === 'web') return latest;
    const path = join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }, 0);
}

/** A `baton` command that runs in a process of its own. */
export interface Command {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Runs `baton` with only these settings in its environment; behind `prefix`, a command that runs another one. */
export function runBaton(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): Command {
  const [command = process.execPath, ...rest] = [
    ...prefix,
    process.execPath,
    join(ROOT, 'bin/baton.js'),
    ...args,
  ];
  const child = spawn(command, rest, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'error', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', chunk => {
    said.stdout += String(chunk);
  });
  child.stderr.on('data', chunk => {
    said.stderr += String(chunk);
  });
  const ended = new Promise<number | NodeJS.Signals>(resolve => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return { child, ended, stdout: () => said.stdout, stderr: () => said.stderr };
}

/** Starts `baton start` on a free port and resolves when it is ready, with its address. */
export async function startBaton(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  prefix: readonly string[] = [],
): Promise<Command & { readonly url: string }> {
  const command = runBaton(['start', '--port', '0', ...args], settings, prefix);
  const url = new Promise<string>((resolve, reject) => {
    command.child.stdout?.on('data', () => {
      const found = /Baton is ready at (\S+)/.exec(command.stdout())?.[1];
      if (found !== undefined) resolve(found);
    });
    command.ended.then(code => reject(new Error(`baton start ended with ${code}: ${command.stderr()}`)));
  });
  return { ...command, url: await url };
}
