import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, runBaton, startBaton } from '../world/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-start-'));
beforeAll(() => ensureBuilt(), 150_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = (name: string) => join(folder, name);

async function start(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const command = runBaton(['start', ...args], settings);
  const timer = setTimeout(() => command.child.kill('SIGKILL'), 40_000);
  const code = await command.ended;
  clearTimeout(timer);
  return { code, stderr: command.stderr(), stdout: command.stdout() };
}

describe('a start that cannot be', { timeout: 60_000 }, () => {
  test('wrong settings stop it with their names, values and what was expected; secrets are masked', async () => {
    const { code, stderr, stdout } = await start([], {
      BATON_PORT: 'eighty',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      BATON_WRITE_KEY: 'too-short',
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/BATON_PORT is "eighty"; expected a port from 0 to 65535/);
    expect(stderr).toMatch(/DATABASE_URL is \(secret, not shown\); expected a URL such as postgresql:/);
    expect(stderr).toMatch(/BATON_WRITE_KEY is \(secret, not shown\); expected at least 16 characters/);
    expect(stderr).not.toMatch(/hunter2|too-short|at .*\.js:\d+/);
  });

  test.each([
    ['an agreement that is not there', 'missing.yaml', null, /missing\.yaml/],
    ['an agreement that is not YAML', 'broken.yaml', 'agreement: [1', /broken\.yaml/],
    [
      'an agreement with mistakes',
      'wrong.yaml',
      'agreement: 1\nname: x\nscores: {}\nrulez: []\n',
      /rulez[\s\S]*expected|expected[\s\S]*rulez/,
    ],
    ['an agreement that is not text', 'binary.yaml', '\u0000\u0001', /binary\.yaml/],
  ])('%s', async (_name, file, text, message) => {
    const path = join(folder, file);
    if (text !== null) writeFileSync(path, text);
    const { code, stderr, stdout } = await start([
      '--port',
      '0',
      '--agreement',
      path,
      '--data-dir',
      data('never'),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/at .*\.js:\d+/);
  });

  test('a database that is not there', async () => {
    const { code, stderr } = await start(['--port', '0'], {
      DATABASE_URL: 'postgresql://somebody:hunter2@127.0.0.1:1/x',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/DATABASE_URL cannot be opened/);
    expect(stderr).not.toMatch(/hunter2|at .*\.js:\d+/);
  });

  test('a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await start(['--port', '0', '--data-dir', join(folder, 'file', 'data')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/data folder .* cannot be made/);
  });

  test('a port in use, and a folder in use by another process', async () => {
    const taken = createServer();
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const busy = await start(['--port', String(port), '--data-dir', data('own')]);
    expect(busy.code).toBe(1);
    expect(busy.stderr).toMatch(
      /the port is in use by another program; choose another with --port or BATON_PORT/,
    );
    taken.close();
    const first = await startBaton(['--data-dir', data('own')], {});
    const second = await start(['--port', '0', '--data-dir', data('own')]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`in use by process ${first.child.pid} .*; stop it, or choose another folder`),
    );
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const third = await startBaton(['--data-dir', data('own')], {});
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
    expect(first.stdout()).toMatch(/Write key .* shown once: bt_server_\w{40}/);
    expect(third.stdout()).not.toMatch(/bt_/);
  });
});
