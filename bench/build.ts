import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Builds the commands that are started as processes, unless they are newer than every source of theirs. */
export function buildWhereStale(): void {
  const built = 'dist/cli/main.js';
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  const isStale = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(name => !name.startsWith('web') && /\.(ts|sql)$/.test(name))
    .some(name => statSync(join('src', name)).mtimeMs > builtAt);
  if (!isStale) return;
  // What the compiler says goes beside the ratios, not among them.
  const { status } = spawnSync('npm', ['run', 'build:server'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('npm run build:server failed');
}
