import { resemblance } from './distance.ts';
import { foldWord, isAlphabetic, isEastern, isVietnamese } from './word.ts';

/** An initial for a name agrees with it, and says less than the name. */
const INITIAL = 0.85;
/** Words less alike than this are two words. */
const SAME_WORD = 0.78;
/** What each word that only one of two names has takes off. */
const EXTRA_WORD = 0.1;
/** One word is half a name: many people share it. */
const HALF_NAME = 0.8;

/**
 * How alike two names are, whatever the order of their words, from 0 to 1; null when one of them is missing.
 *
 * @example likenessOfNames(['ann', 'lee'], ['ann', 'lee']) // 1
 */
export function likenessOfNames(a: readonly string[], b: readonly string[]): number | null {
  if (a.length === 0 || b.length === 0) return null;
  if (isEastern(a) && isEastern(b) && isOneSpelling(a, b)) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const share = bestPairing(short, long, areMarksTold(a, b)) / short.length;
  const likeness = Math.max(0, share - EXTRA_WORD * (long.length - short.length));
  return short.length === 1 && long.length > 1 ? likeness * HALF_NAME : likeness;
}

/** The highest sum of likenesses when each word of the shorter name is paired with another one of the longer. */
function bestPairing(short: readonly string[], long: readonly string[], isExact: boolean): number {
  const [word, ...rest] = short;
  if (word === undefined) return 0;
  const tries = long.map(
    (other, at) =>
      likenessOfWords(word, other, isExact) +
      bestPairing(rest, [...long.slice(0, at), ...long.slice(at + 1)], isExact),
  );
  return Math.max(0, ...tries);
}

/** Whether both names are written with their marks and marks make other words: tones and vowels of Vietnamese. */
function areMarksTold(a: readonly string[], b: readonly string[]): boolean {
  const hasMarks = (words: readonly string[]) => words.some(word => word !== foldWord(word));
  return hasMarks(a) && hasMarks(b) && (isVietnamese(a) || isVietnamese(b));
}

function likenessOfWords(marked: string, other: string, isExact: boolean): number {
  if (marked === other) return 1;
  const [a, b] = [foldWord(marked), foldWord(other)];
  if (a === b) {
    // Two different marks on one letter make two words; a mark that one of them lacks was left out.
    const areBothMarked = a !== marked && b !== other;
    return isExact || areBothMarked ? 0 : 1;
  }
  if (!isAlphabetic(a) || !isAlphabetic(b)) return 0;
  const [short, long] = [...a].length <= [...b].length ? [a, b] : [b, a];
  if ([...short].length === 1) return long.startsWith(short) ? INITIAL : 0;
  const found = resemblance(a, b);
  return found >= SAME_WORD ? found : 0;
}

/** Whether two names without spaces are one, whichever of their parts come first and wherever they are divided. */
function isOneSpelling(a: readonly string[], b: readonly string[]): boolean {
  const spellings = new Set(ordersOf(a));
  return ordersOf(b).some(spelling => spellings.has(spelling));
}

function ordersOf(words: readonly string[]): readonly string[] {
  if (words.length <= 1) return words;
  return words.flatMap((word, at) =>
    ordersOf([...words.slice(0, at), ...words.slice(at + 1)]).map(rest => word + rest),
  );
}
