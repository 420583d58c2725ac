import { COMMON_WORDS } from './commonword.ts';

/** The fewest and the most characters of a password. */
export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 128;

/** So many characters must be left where everything that is guessed first is taken away. */
const MIN_LEFT = 6;
/** Parts of names and rows of keys that are shorter occur in any text. */
const MIN_PART = 3;
const MIN_ROW = 4;

/** What neighbours on a keyboard, in the alphabet and among the numbers; each is also read backwards. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl;',
  'yxcvbnm',
  'zxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.',
].flatMap(row => [row, [...row].reverse().join('')]);

/** Signs that people put in the place of letters. */
const LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Whose password it is to be. */
interface Owner {
  readonly name: string;
  readonly email: string;
}

/**
 * Says what is wrong with a password to be; null when nothing is. Length alone does not help against a person who knows
 * what others choose: a password is refused if too little is left of it once names, common words, years, rows of keys and
 * repetitions are taken away.
 *
 * @example passwordProblem('Summer2024!', { name: 'Ada', email: 'ada@example.com' }) // 'this is among the first that are guessed: common words, years or digits; expected something longer or less usual'
 */
export function passwordProblem(password: string, owner: Owner): string | null {
  if (password.length < MIN_PASSWORD) return `expected at least ${MIN_PASSWORD} characters`;
  if (password.length > MAX_PASSWORD) return `expected at most ${MAX_PASSWORD} characters`;
  const text = password.toLowerCase();
  const own = covering(text, partsOf(owner));
  const repeated = coveringRows(text);
  const common = covering(text, COMMON_WORDS, FIGURES);
  if (leftBy(text, own, repeated, common) >= MIN_LEFT) return null;
  if (own.size >= MIN_LEFT)
    return 'this is made of your name or your e-mail address; expected something that nobody can look up';
  if (repeated.size >= common.size)
    return 'this repeats itself, or follows the keys of a keyboard; expected something less regular';
  return 'this is among the first that are guessed: common words, years or digits; expected something longer or less usual';
}

type Places = ReadonlySet<number>;

function leftBy(text: string, ...taken: readonly Places[]): number {
  const isLeft = (at: number) => taken.every(places => !places.has(at));
  return Array.from({ length: text.length }, (_, at) => at).filter(isLeft).length;
}

/** The words that stand in somebody's name and e-mail address. */
function partsOf({ name, email }: Owner): readonly string[] {
  return `${name} ${email}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(part => part.length >= MIN_PART);
}

/** A year, or nothing but digits: a date, or the number of a phone. */
const FIGURES = /^\d+$|(?:19|20)\d\d/g;

/** The places of a text at which one of the words stands, also in letters that signs stand for. */
function covering(text: string, words: readonly string[], pattern?: RegExp): Places {
  const places = new Set<number>();
  const read = text.replace(/[013457@$!]/g, sign => LETTERS[sign] ?? sign);
  for (const written of new Set([text, read])) {
    for (const word of words) {
      for (let at = written.indexOf(word); at >= 0; at = written.indexOf(word, at + 1))
        mark(places, at, word.length);
    }
  }
  for (const match of pattern === undefined ? [] : text.matchAll(pattern))
    mark(places, match.index, match[0].length);
  return places;
}

/** The places of a text that repeat what stands before them, or belong to a row of keys. */
function coveringRows(text: string): Places {
  const places = new Set<number>();
  for (const match of text.matchAll(/(.+?)\1{2,}/gs)) mark(places, match.index, match[0].length);
  const twice = /^(.+?)\1+$/s.exec(text)?.[1];
  if (twice !== undefined) mark(places, twice.length, text.length - twice.length);
  for (let from = 0; from <= text.length - MIN_ROW; from++) {
    for (let to = from + MIN_ROW; to <= text.length; to++) {
      const part = text.slice(from, to);
      if (!ROWS.some(row => row.includes(part))) break;
      mark(places, from, part.length);
    }
  }
  return places;
}

function mark(places: Set<number>, from: number, length: number): void {
  for (let at = from; at < from + length; at++) places.add(at);
}
