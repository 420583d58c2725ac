import { isTransient, repeat } from '../db/fault.ts';

/** Runs a transaction again when it lost a race against another node. */
export function retrying<T>(run: () => Promise<T>): Promise<T> {
  return repeat(run, isTransient);
}
