/**
 * A number from 0 to 2³² − 1 that stands for a text; another seed gives another, unrelated one. It multiplies and folds
 * as MurmurHash does, unit by unit.
 *
 * @example hashText('c1', 0) === hashText('c1', 1) // false
 */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x2c1b3c6d);
  return (hash ^ (hash >>> 16)) >>> 0;
}
