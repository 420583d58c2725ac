import { isObject } from './json.ts';
import { instant } from './time.ts';

/** Text as it is compared. */
export function comparable(written: string): string {
  return written.trim().normalize('NFC').toLowerCase();
}

/** Tells whether a value is missing: undefined, null, a blank string or an empty list. */
export function isMissing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/** A string or a number read as text; undefined for anything else. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return comparable(value);
  if (typeof value === 'number') return String(value);
  return undefined;
}

const jsonNumber = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** A number, or a string in JSON's number syntax, read as a number; undefined for anything else. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && jsonNumber.test(value.trim())) return Number(value.trim());
  return undefined;
}

/** Tells whether one value (no list) equals a scalar operand. */
export function equals(value: unknown, operand: unknown): boolean {
  if (typeof operand === 'boolean') return value === operand;
  if (typeof operand === 'number') return readNumber(value) === operand;
  const wanted = readText(operand);
  return wanted !== undefined && readText(value) === wanted;
}

/** Compares one value (no list) with the operand of `gt`…`lte`; undefined when it cannot be read as the operand is. */
export function difference(value: unknown, operand: unknown): number | undefined {
  const bound = readNumber(operand);
  if (bound !== undefined) {
    const read = readNumber(value);
    return read === undefined ? undefined : Math.sign(read - bound);
  }
  const boundAt = instant(operand);
  const readAt = instant(value);
  return readAt === undefined || boundAt === undefined ? undefined : readAt - boundAt;
}

const letterOrDigit = /[\p{L}\p{Nd}]/u;

/** Tells whether comparable text contains a word, as both are written or as both are folded. */
export function hasWord(haystack: string, word: string): boolean {
  return hasWholeWord(haystack, word) || hasWholeWord(folded(haystack), folded(word));
}

/** Compatibility characters made plain, and single letters with dots between them drawn together. */
function folded(written: string): string {
  const points = [...written.normalize('NFKC').toLowerCase().trim()];
  const kept: string[] = [];
  let inChain = false;
  for (let index = 0; index < points.length; index += 1) {
    kept.push(points[index] ?? '');
    if (points[index + 1] !== '.' || !isSingleLetter(points, index)) {
      inChain = false;
      continue;
    }
    const next = /\s/.test(points[index + 2] ?? '') ? index + 3 : index + 2;
    const goesOn = isSingleLetter(points, next);
    // The next letter follows at once; the dot after the last one goes with the others.
    if (goesOn) index = next - 1;
    else if (inChain) index += 1;
    inChain = goesOn;
  }
  return kept.join('');
}

function isSingleLetter(points: readonly string[], index: number): boolean {
  return (
    /^\p{L}$/u.test(points[index] ?? '') &&
    !letterOrDigit.test(points[index - 1] ?? ' ') &&
    !letterOrDigit.test(points[index + 1] ?? ' ')
  );
}

/** Tells whether text contains a word: neither preceded nor followed by a letter or digit. */
function hasWholeWord(haystack: string, word: string): boolean {
  const points = [...haystack];
  const wanted = [...word];
  for (let start = 0; start + wanted.length <= points.length; start += 1) {
    if (!wanted.every((point, index) => points[start + index] === point)) continue;
    const before = points[start - 1] ?? ' ';
    const after = points[start + wanted.length] ?? ' ';
    if (!letterOrDigit.test(before) && !letterOrDigit.test(after)) return true;
  }
  return false;
}

/** A list as its elements, anything else as the only element; objects and lists within are left out, for they fail every positive test. */
export function elements(value: unknown): readonly unknown[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter(element => !isObject(element) && !Array.isArray(element));
}
