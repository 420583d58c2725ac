import { statfs } from 'node:fs/promises';
import type { Disk } from '../database.ts';

/**
 * The least room, in bytes, at which an embedded database takes writes. At the end of its disk it would stand still for
 * good. Its log takes 32 MB between checkpoints, and a large import took 60 MB between two looks.
 */
const LEAST_BYTES = 256 * 2 ** 20;
/** How much room it needs to take writes again, so that it does not change its mind every second. */
const ENOUGH_BYTES = 320 * 2 ** 20;
/** How often it is looked, in ms. */
const LOOK_EVERY_MS = 1_000;

/** Watches the disk of a folder until it is closed; `onChange` hears when it becomes too short, and why, or has room again. */
export async function watchDisk(
  folder: string,
  onChange: (shortage: string | null) => void,
): Promise<Disk & { readonly close: () => void }> {
  let free = await readFree(folder);
  let isShort = free !== null && free < LEAST_BYTES;
  const shortage = () => (isShort && free !== null ? shortageWords(free) : null);
  const look = async () => {
    free = await readFree(folder);
    const isShortNow = free !== null && free < (isShort ? ENOUGH_BYTES : LEAST_BYTES);
    if (isShortNow === isShort) return;
    isShort = isShortNow;
    onChange(shortage());
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { freeBytes: () => free, shortage, close: () => clearInterval(timer) };
}

async function readFree(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}

function shortageWords(free: number): string {
  return `the disk of the data folder has only ${megabytes(free)} left; Baton stops taking writes below ${megabytes(LEAST_BYTES)} and takes them again above ${megabytes(ENOUGH_BYTES)}`;
}

/** Bytes for a person to read. @example megabytes(1048576) // '1 MB' */
export function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}
