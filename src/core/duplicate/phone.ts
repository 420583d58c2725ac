/** The most digits of a number (E.164 allows 15), and the fewest that are more than an extension. */
const MAX_DIGITS = 15;
const MIN_DIGITS = 7;
/** How many digits from the end find a number: the shortest numbers have so many, with and without the country in front. */
const KEY_DIGITS = MIN_DIGITS;

/** A number in scientific notation, as spreadsheets write long ones: the last digits are lost. */
const ROUNDED = /^[^a-z]*\d(?:[.,]\d+)?\s?e\s?\+?\d{1,2}\D*$/i;
/** The same written out: nothing but digits, the last six or more zeros. */
const ROUNDED_OFF = /^\+?\d+0{6}(?:\.0+)?$/;

/**
 * The digits of a phone number without what stands before it when it is dialled from far away, and without an
 * extension; null for text that is not a number, for a made-up number, and for one that a spreadsheet has rounded.
 *
 * @example phoneDigits('+44 (0)20 7946 0018 ext. 5') // '442079460018'
 * @example phoneDigits('000-000-0000') // null
 * @example phoneDigits('4.47912E+11') // null
 */
export function phoneDigits(text: string): string | null {
  const written = text.slice(0, 60).normalize('NFKD').trim();
  if (ROUNDED.test(written) || ROUNDED_OFF.test(written)) return null;
  const digits = written
    .replace(/^(\+?\d+)\.0+$/, '$1')
    .replace(/(?:ext\.?|extension|x|#)\s*\d*\s*$/i, '')
    .replace(/\(0\)/g, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return null;
  return isMadeUp(digits) ? null : digits;
}

/** One digit over and over but for a code in front, or the digits in a row. */
function isMadeUp(digits: string): boolean {
  if (/(\d)\1{6,}$/.test(digits)) return true;
  const tail = digits.slice(-MIN_DIGITS);
  return '01234567890123456789'.includes(tail) || '98765432109876543210'.includes(tail);
}

/** The part of a number by which it is looked up. @example phoneKey('442079460018') // '9460018' */
export function phoneKey(digits: string): string {
  return digits.slice(-KEY_DIGITS);
}
