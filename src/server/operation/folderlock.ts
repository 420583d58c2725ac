import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LOCK_FILE = 'baton.lock';

/** Says that a data folder cannot be used; the message is for a person. */
export class FolderError extends Error {}

/**
 * Takes a data folder for this process alone; an embedded database in two processes would destroy itself. Returns the
 * function that gives it back. A lock left by a process that is gone is taken over.
 */
export function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new FolderError(
      `the data folder ${folder} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const file = join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new FolderError(
          `the data folder ${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      const owner = ownerOf(file);
      if (owner !== null && isAlive(owner)) {
        throw new FolderError(
          `the data folder ${folder} is in use by process ${owner}; stop it, or choose another folder with --data-dir or BATON_DATA_DIR`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new FolderError(`the data folder ${folder} is being taken by another process`);
}

function ownerOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  // In a container every process has the same number; a lock of our own is one that was left behind.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
