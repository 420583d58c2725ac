import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/server/operation/folderlock.ts';
import { type Command, ensureBuilt, runBaton, startBaton } from '../world/process.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-lock-'));
let made = 0;

/** A new data folder; a `long` path is one that the address of a socket cannot hold. */
function folderOf(long = false): string {
  made += 1;
  const folder = join(root, String(made), ...(long ? ['a'.repeat(120), 'b'.repeat(120)] : []));
  mkdirSync(folder, { recursive: true });
  return folder;
}

const locksIn = (folder: string) => readdirSync(folder).filter(name => name.startsWith('lock-'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each([
  { path: 'short', long: false },
  { path: 'long', long: true },
])('a data folder with a $path path', ({ long }) => {
  test('is held by one at a time', async () => {
    const folder = folderOf(long);
    const { unlock } = await lockFolder(folder);
    expect(locksIn(folder)).toHaveLength(1);
    await expect(lockFolder(folder)).rejects.toThrow(
      new RegExp(`in use by process ${process.pid} of this machine.*--data-dir`),
    );
    expect(locksIn(folder)).toHaveLength(1);
    unlock();
    expect(locksIn(folder)).toEqual([]);
    (await lockFolder(folder)).unlock();
  });

  test('is taken by one of many that come at the same moment', async () => {
    const folder = folderOf(long);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const holders = tries.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
    expect(holders).toHaveLength(1);
    for (const { unlock } of holders) unlock();
    expect(locksIn(folder)).toEqual([]);
  });
});

/** The lock of a process on another kernel, or on a disk that has no sockets: a file that can only be looked at. */
function foreignLock(folder: string): string {
  const file = join(folder, `lock-${(Date.now() - 60_000).toString(36)}-00000000-7-00000000`);
  writeFileSync(file, '');
  return file;
}

describe('a lock that cannot be asked', () => {
  test('holds while it is renewed', async () => {
    const folder = folderOf();
    const file = foreignLock(folder);
    let waits = 0;
    const locked = lockFolder(folder, { silentMs: 5_000, onWait: () => (waits += 1) });
    const renewing = setInterval(() => utimesSync(file, new Date(), new Date()), 100);
    await expect(locked).rejects.toThrow(/in use by process 7 of another machine/);
    clearInterval(renewing);
    expect(waits).toBe(1);
    expect(locksIn(folder)).toHaveLength(1);
  });

  test('is taken over when it stands still', async () => {
    const folder = folderOf();
    foreignLock(folder);
    const { unlock } = await lockFolder(folder, { silentMs: 600 });
    expect(locksIn(folder)).toHaveLength(1);
    unlock();
  });
});

test('a folder that cannot be made is refused in words', async () => {
  const file = join(folderOf(), 'file');
  writeFileSync(file, '');
  await expect(lockFolder(join(file, 'data'))).rejects.toThrow(/cannot be made: .*ENOTDIR/);
});

/** Whether processes may be started whose numbers begin at 1, as in a container. */
function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-p', '-f', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('processes', () => {
  const settings = (folder: string) => ({
    BATON_DATA_DIR: folder,
    BATON_WRITE_KEY: 'server-write-key-0001',
    BATON_ADMIN_KEY: 'admin-api-key-000001',
  });
  const write = async ({ url }: { readonly url: string }, from: number, to: number) => {
    for (let number = from; number < to; number++) {
      const reply = await fetch(`${url}/v1/identify`, {
        method: 'POST',
        headers: { authorization: 'Bearer server-write-key-0001' },
        body: JSON.stringify({ userId: `u${number}`, traits: { email: `u${number}@acme.example` } }),
      });
      expect(reply.status).toBe(200);
    }
  };
  const countContacts = async ({ url }: { readonly url: string }) => {
    const reply = await fetch(`${url}/api/contacts?limit=100`, {
      headers: { authorization: 'Bearer admin-api-key-000001' },
    });
    const body: unknown = await reply.json();
    return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items)
      ? body.items.length
      : null;
  };
  /** Kills what a command has started. */
  const killInside = async ({ child, ended }: Command) => {
    const inside = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    process.kill(Number(inside), 'SIGKILL');
    await ended;
  };
  beforeAll(() => ensureBuilt(), 150_000);

  // Two containers on one volume: each has a process 1, and cannot see the other's.
  test.skipIf(!canUnshare())(
    'two of the number 1 never share a folder (needs the right to unshare)',
    async () => {
      const folder = folderOf();
      const by = ['unshare', '-p', '-f', '--kill-child', '--mount-proc'];
      const first = await startBaton([], settings(folder), by);
      await write(first, 0, 5);
      const second = runBaton(['start', '--port', '0'], settings(folder), by);
      expect(await second.ended).toBe(1);
      expect(second.stderr()).toMatch(/in use by process 1 of this machine or of a container on it, since/);
      expect(second.stdout()).toBe('');
      // What needs no folder of its own asks the server that has it.
      const asking = runBaton(['key', 'create', '--role', 'server', '--name', 'Shop'], settings(folder), by);
      expect(await asking.ended).toBe(0);
      await write(first, 5, 10);
      await killInside(first);
      // Killed, it is taken over without a wait, and has lost nothing.
      const third = await startBaton([], settings(folder), by);
      expect(await countContacts(third)).toBe(10);
      expect(locksIn(folder)).toHaveLength(1);
      await killInside(third);
    },
    60_000,
  );

  test('one whose lock is taken away ends at once and says so', async () => {
    const folder = folderOf();
    const server = await startBaton([], settings(folder));
    const refused = runBaton(['start', '--port', '0'], settings(folder));
    expect(await refused.ended).toBe(1);
    expect(refused.stderr()).toMatch(/in use by process \d+ of this machine/);
    for (const name of locksIn(folder)) rmSync(join(folder, name));
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toMatch(/"level":60,.*"msg":"the lock .* is gone: another process/);
  }, 60_000);
});
