import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../tidy/tree.ts';
import { ensureBuilt } from '../world/process.ts';
import { makeFolder } from './ran.ts';

const folder = makeFolder();
const checkout = folder.path('checkout');
/** Empty at first, so that npm finds nothing in it that it needs. */
const cache = folder.path('cache');
const env = { ...process.env, npm_config_cache: cache, npm_config_offline: 'true' };

const npx = (...args: readonly string[]) =>
  new Promise<{ readonly isDone: boolean; readonly stdout: string; readonly stderr: string }>(resolve => {
    execFile('npx', args, { cwd: checkout, env }, (error, stdout, stderr) =>
      resolve({ isDone: error === null, stdout, stderr }),
    );
  });

/** Installs a fresh checkout, without the packages that others wrote: what is built comes from here. */
beforeAll(() => {
  ensureBuilt();
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'bin'])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, 'dist'), join(checkout, 'dist'));
  execFileSync('npm', ['ci', '--workspace', 'bin', '--ignore-scripts'], { cwd: checkout, env });
}, 190_000);

test('npm ci leaves the command where npx looks for it', () => {
  expect(existsSync(join(checkout, 'node_modules/.bin/baton'))).toBe(true);
});

test('npx baton answers ten times at once and installs nothing', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => npx('baton', '--help')));
  for (const { isDone, stdout, stderr } of answers) {
    expect(isDone, stderr).toBe(true);
    expect(stdout).toContain('Usage: baton');
  }
  expect(existsSync(join(cache, '_npx'))).toBe(false);
}, 120_000);

test('npx baton in a checkout that is not installed fetches no package of that name', async () => {
  rmSync(join(checkout, 'node_modules'), { recursive: true });
  const { isDone, stderr } = await npx('--yes', 'baton', '--help');
  expect(isDone).toBe(false);
  expect(stderr).toContain('could not determine executable');
});
