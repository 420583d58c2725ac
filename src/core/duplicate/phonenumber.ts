import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A phone number as it was written, and the country that it may be from, as an ISO code. */
export interface WrittenPhone {
  /** Its digits, as `phoneDigits` gives them. */
  readonly digits: string;
  readonly text: string;
  readonly country: string | null;
}

/** A number read with its country: all of its digits, and those that are dialled within it; null where none is known. */
interface ReadPhone {
  readonly full: string;
  readonly national: string;
}

function readPhone({ text, country }: WrittenPhone): ReadPhone | null {
  const written = text
    .slice(0, 60)
    .normalize('NFKC')
    .replace(/\(0\)/g, '')
    .trim()
    .replace(/^00(?=\s*[1-9])/, '+');
  const isInternational = written.startsWith('+');
  const home = country !== null && isSupportedCountry(country) ? country : undefined;
  if (!isInternational && home === undefined) return null;
  const number = parsePhoneNumberFromString(written, home);
  // Without a plus the country is a guess: the number must be one that exists there.
  if (number === undefined || !(isInternational ? number.isPossible() : number.isValid())) return null;
  return { full: number.number.slice(1), national: number.nationalNumber };
}

/** How many digits from the end tell a number apart, with and without the country in front. */
const TELLING_DIGITS = 9;

/**
 * How two phone numbers are one: `same` for sure; `digits` when the digits are the same and the country of one is not known,
 * which with few digits is another number in another country. Null for two numbers.
 *
 * @example likenessOfPhones({ digits: '4791731642', text: '+47 917 31 642', country: null }, { digits: '91731642', text: '917 31 642', country: 'NO' }) // 'same'
 */
export function likenessOfPhones(a: WrittenPhone, b: WrittenPhone): 'same' | 'digits' | null {
  const [short, long] = a.digits.length < b.digits.length ? [a, b] : [b, a];
  // Most pairs differ in their last digits: reading them costs more.
  if (!long.digits.endsWith(short.digits)) return null;
  const [one, other] = [readPhone(short), readPhone(long)];
  if (one !== null && other !== null) return one.full === other.full ? 'same' : null;
  if (short.digits.length >= TELLING_DIGITS) return 'same';
  const isNational = short.digits === (other?.national ?? long.digits);
  return isNational ? 'digits' : null;
}
