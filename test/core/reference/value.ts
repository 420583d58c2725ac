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

/** What text says as a number: its lower end, and whether it says just that. */
type Said = { readonly least: number; readonly exact: boolean };

/** A number, or text that says one, read as that; undefined for anything else. */
export function readNumber(value: unknown): number | undefined {
  const said = numberSaid(value);
  return said?.exact === true ? said.least : undefined;
}

function numberSaid(value: unknown): Said | undefined {
  if (typeof value === 'number') return { least: value, exact: true };
  if (typeof value !== 'string' || instant(value) !== undefined) return undefined;
  const written = value
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?(employees|people)$/, '');
  const open = /^(.*?) ?\+$/.exec(written)?.[1] ?? /^(?:over|about|~|>=?) ?(.*)$/.exec(written)?.[1];
  if (open !== undefined) return inexact(plainNumber(open));
  const [from, to, ...more] = written.split(/ ?[-–] ?| to /);
  if (from === undefined || from === '' || to === undefined || more.length > 0) {
    const number = plainNumber(written);
    return number === undefined ? undefined : { least: number, exact: true };
  }
  const [low, high] = [plainNumber(from), plainNumber(to)];
  return low === undefined || high === undefined || high < low ? undefined : inexact(low);
}

function inexact(least: number | undefined): Said | undefined {
  return least === undefined ? undefined : { least, exact: false };
}

/** Digits, perhaps in groups or in thousands; a group has three, so `1.200` is one, and `1.20` is not. */
function plainNumber(written: string): number | undefined {
  if (/k$/.test(written)) {
    const thousands = plainNumber(written.slice(0, -1).trim());
    return thousands === undefined ? undefined : thousands * 1000;
  }
  for (const mark of [',', '.', ' ', "'"]) {
    const [first = '', ...groups] = written.split(mark);
    const isGrouped = groups.length > 0 && groups.every(group => /^[0-9]{3}$/.test(group));
    if (isGrouped && /^-?[1-9][0-9]{0,2}$/.test(first)) return Number(first + groups.join(''));
  }
  if (jsonNumber.test(written)) return Number(written);
  const decimal = /^(0|[1-9][0-9]*),([0-9]+)$/.exec(written);
  return decimal === null ? undefined : Number(`${decimal[1]}.${decimal[2]}`);
}

function saysYes(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const said = readText(value);
  if (said === 'true' || said === 'yes' || said === '1') return true;
  return said === 'false' || said === 'no' || said === '0' ? false : undefined;
}

/** Tells whether one value (no list) equals a scalar operand. */
export function equals(value: unknown, operand: unknown): boolean {
  if (typeof operand === 'boolean') return saysYes(value) === operand;
  if (typeof operand === 'number') return readNumber(value) === operand;
  const wanted = readText(operand);
  return wanted !== undefined && readText(value) === wanted;
}

/** Compares one value (no list) with the operand of `gt`…`lte`; undefined when it cannot be read as the operand is. */
export function difference(value: unknown, operand: unknown): number | undefined {
  const bound = operandNumber(operand);
  if (bound !== undefined) {
    const read = numberSaid(value)?.least;
    return read === undefined ? undefined : Math.sign(read - bound);
  }
  const boundAt = instant(operand);
  const readAt = instant(value);
  return readAt === undefined || boundAt === undefined ? undefined : readAt - boundAt;
}

function operandNumber(operand: unknown): number | undefined {
  if (typeof operand === 'string' && !jsonNumber.test(operand.trim())) return undefined;
  return readNumber(operand);
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
