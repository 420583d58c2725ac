/** The longest text that is compared letter by letter: names and domains are shorter, and the cost is the square of it. */
const MAX_LENGTH = 64;

/**
 * How many letters were mistyped between two words: put in, left out, replaced, or two neighbours swapped (each part of
 * a word at most once: optimal string alignment). Only the first 64 characters count. Source: F. J. Damerau, "A
 * technique for computer detection and correction of spelling errors", CACM 7 (1964).
 *
 * @example mistypes('gmail.com', 'gmial.com') // 1
 */
export function mistypes(a: string, b: string): number {
  const [left, right] = [lettersOf(a), lettersOf(b)];
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (const [at, letter] of left.entries()) {
    const row = [at + 1];
    for (const [other, target] of right.entries()) {
      const replaced = (last[other] ?? 0) + (letter === target ? 0 : 1);
      const shifted = Math.min(last[other + 1] ?? 0, row[other] ?? 0) + 1;
      const isSwap = at > 0 && other > 0 && letter === right[other - 1] && left[at - 1] === target;
      const swapped = isSwap ? (beforeLast[other - 1] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, shifted, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

/** How much each of the first letters in common raises a resemblance, and how many of them count. */
const PREFIX_WEIGHT = 0.1;
const MAX_PREFIX = 4;

/**
 * How much two words resemble each other, from 0 to 1, with the beginning counting more. Only the first 64 characters
 * count. Source: W. E. Winkler, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of
 * record linkage" (1990).
 *
 * @example resemblance('smith', 'smith') // 1
 */
export function resemblance(a: string, b: string): number {
  const [left, right] = [lettersOf(a), lettersOf(b)];
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0;
  const jaro = jaroOf(left, right);
  let prefix = 0;
  while (prefix < MAX_PREFIX && prefix < left.length && left[prefix] === right[prefix]) prefix += 1;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

function jaroOf(left: readonly string[], right: readonly string[]): number {
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1);
  const isTaken = new Set<number>();
  const found: string[] = [];
  for (const [at, letter] of left.entries()) {
    const until = Math.min(right.length - 1, at + reach);
    for (let other = Math.max(0, at - reach); other <= until; other++) {
      if (isTaken.has(other) || right[other] !== letter) continue;
      isTaken.add(other);
      found.push(letter);
      break;
    }
  }
  if (found.length === 0) return 0;
  const inOrder = right.filter((_, at) => isTaken.has(at));
  const moved = found.filter((letter, at) => letter !== inOrder[at]).length / 2;
  const matched = found.length;
  return (matched / left.length + matched / right.length + (matched - moved) / matched) / 3;
}

function lettersOf(text: string): readonly string[] {
  return [...text.slice(0, 2 * MAX_LENGTH)].slice(0, MAX_LENGTH);
}
