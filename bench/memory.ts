import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { buildWhereStale } from './build.ts';
import { readAddress } from './post.ts';
import type { Outcome } from './ratio.ts';
import { count, megabytes } from './word.ts';

/** What a demo may take, from its start until its year is told. */
const LIMIT = 450 * 2 ** 20;

/** How often it is asked how much of the year is told, in ms. */
const ASK_EVERY_MS = 200;

const answer = z.object({ demo: z.object({ loaded: z.number(), total: z.number() }) });

/** The most memory that `baton demo` takes while it makes its database and tells its year, against a limit. */
export async function measureMemory(sizes: {
  readonly seed: number;
  readonly contacts: number;
}): Promise<readonly Outcome[]> {
  if (!existsSync('/proc/self/status'))
    return [{ kind: 'skipped', name: 'memory', reason: 'no /proc here to read the peak from' }];
  buildWhereStale();
  const demo = spawn(
    process.execPath,
    [
      'bin/baton.js',
      'demo',
      '--port',
      '0',
      '--seed',
      String(sizes.seed),
      '--contacts',
      String(sizes.contacts),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'error' } },
  );
  try {
    const address = await readAddress(demo);
    const [ready, readyPeak] = [memoryOf(demo, 'VmRSS'), memoryOf(demo, 'VmHWM')];
    await untilTold(address);
    const [told, peak] = [memoryOf(demo, 'VmRSS'), memoryOf(demo, 'VmHWM')];
    const detail =
      `${count(sizes.contacts)} contacts: ${megabytes(ready)} when ready (peak ${megabytes(readyPeak)}), ` +
      `${megabytes(told)} when its year is told (peak ${megabytes(peak)}), limit ${megabytes(LIMIT)}`;
    const unit = 'the limit / the most memory that a demo takes until its year is told';
    return [{ kind: 'ratio', name: 'memory', ratio: LIMIT / peak, reach: 1, unit, detail }];
  } finally {
    const ended = new Promise(resolve => demo.once('exit', resolve));
    if (demo.exitCode === null && demo.kill()) await ended;
  }
}

/** Signs in by the printed address and waits until the whole year has arrived. */
async function untilTold(address: string): Promise<void> {
  const entered = await fetch(address, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (;;) {
    const session = await fetch(new URL('/api/session', address), { headers: { cookie } });
    const { demo } = answer.parse(await session.json());
    if (demo.loaded >= demo.total) return;
    await wait(ASK_EVERY_MS);
  }
}

/** A figure of the process in bytes: `VmRSS` is what it takes now, `VmHWM` the most it ever did. */
function memoryOf({ pid }: ChildProcess, figure: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`${figure}:\\s+(\\d+) kB`).exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  if (kilobytes === undefined) throw new Error(`/proc says no ${figure} of the demo`);
  return Number(kilobytes) * 1024;
}
