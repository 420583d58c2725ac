import { isTransient } from '../db/fault.ts';

/** How often a transaction is tried again after losing a race. */
const MAX_TRIES = 5;

/** Runs a transaction again when it lost a race against another node. */
export async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= MAX_TRIES || !isTransient(error)) throw error;
    }
  }
}
