import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../world/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-watchdog-'));
const lock = join(folder, 'lock');
const watchdog = new URL('../../dist/server/operation/watchdog.js', import.meta.url).href;

beforeAll(() => {
  ensureBuilt();
  writeFileSync(lock, '');
}, 150_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program beside a watchdog that looks every 50 ms, and gives up after ten looks. */
async function watched(program: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const begin = `import { startWatchdog } from ${JSON.stringify(watchdog)};
    const watchdog = startWatchdog(${JSON.stringify(lock)}, { everyMs: 50, patience: 10 });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${begin}\n${program}`]);
  let said = '';
  child.stderr.on('data', chunk => {
    said += String(chunk);
  });
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  return { code, said };
}

/** A loop inside WebAssembly that never calls out, as that of a database may be. */
const SPIN = `
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11];
  new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports.f();`;

test.each([
  ['JavaScript', 'for (;;) {}'],
  ['WebAssembly', SPIN],
])('a main thread that spins in %s is ended with 1 and a line in the log', async (_where, spin) => {
  const { code, said } = await watched(`process.on('SIGTERM', () => {}); setTimeout(() => {${spin}}, 100);`);
  expect(code).toBe(1);
  const line: unknown = JSON.parse(said.split('\n')[0] ?? '');
  expect(line).toMatchObject({ level: 60, msg: expect.stringMatching(/has stood still for/) });
});

test('one that only works hard goes on, and the lock is renewed meanwhile', async () => {
  utimesSync(lock, 0, 0);
  const work = `for (let piece = 0; piece < 8; piece++) {
      const end = Date.now() + 120;
      while (Date.now() < end);
      await new Promise(setImmediate);
    }
    await watchdog.stop();`;
  expect(await watched(work)).toEqual({ code: 0, said: '' });
  expect(statSync(lock).mtimeMs).toBeGreaterThan(Date.now() - 30_000);
});

test('a program that has nothing to do ends by itself', async () => {
  expect(await watched('')).toEqual({ code: 0, said: '' });
});
