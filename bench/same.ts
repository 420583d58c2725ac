import { isDeepStrictEqual } from 'node:util';

/** Refuses to go on where two sides give different answers; says which answer, and both. */
export function expectSame(what: string, [a, b]: readonly [ArrayLike<unknown>, ArrayLike<unknown>]): void {
  for (let index = 0; index < Math.max(a.length, b.length); index++)
    if (!isDeepStrictEqual(a[index], b[index]))
      throw new Error(
        `${what}, differ in answer ${index}: ${JSON.stringify(a[index])} and ${JSON.stringify(b[index])}`,
      );
}
