/** A number as people write it. */
export interface Amount {
  /** The number, or the lower end of the range that the text names. */
  readonly least: number;
  /** Whether the text names one number, not a range, an open end or an estimate. */
  readonly isExact: boolean;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Whether text is in JSON's number syntax.
 *
 * @example isJsonNumber('2.50') // true
 * @example isJsonNumber('1,200') // false
 */
export function isJsonNumber(text: string): boolean {
  return JSON_NUMBER.test(text);
}

/** Digits in groups: three by three after a comma, point, space or apostrophe, or as in India (1,00,000). */
const COMMAS = String.raw`[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?`;
const POINTS = String.raw`[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?`;
const GAPS = String.raw`[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?|[1-9]\d{0,2}(?:['’]\d{3})+(?:[.,]\d+)?`;
const DIGITS = `(?:${COMMAS}|${POINTS}|${GAPS}|${String.raw`(?:0|[1-9]\d*)(?:[.,]\d+)?`})`;

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  tsd: 1e3,
  'tsd.': 1e3,
  lakh: 1e5,
  lakhs: 1e5,
  m: 1e6,
  mm: 1e6,
  mn: 1e6,
  mln: 1e6,
  mio: 1e6,
  'mio.': 1e6,
  million: 1e6,
  millions: 1e6,
  crore: 1e7,
  crores: 1e7,
  b: 1e9,
  bn: 1e9,
  mrd: 1e9,
  'mrd.': 1e9,
  billion: 1e9,
  billions: 1e9,
  千: 1e3,
  万: 1e4,
  億: 1e8,
  亿: 1e8,
};
const SCALE = Object.keys(SCALES)
  .sort((a, b) => b.length - a.length)
  .map(word => word.replace('.', '\\.'))
  .join('|');

const AT_LEAST =
  '>=?|=>|≥|over|more than|above|at least|greater than|from|min\\.?|minimum|über|mehr als|ab|plus de|más de';
const AT_MOST =
  '<=?|=<|≤|under|below|less than|fewer than|up to|at most|max\\.?|maximum|unter|weniger als|bis zu|bis|moins de|menos de';
const ABOUT = '~|≈|ca\\.?|circa|approx\\.?|approximately|about|around|roughly|etwa|environ';
const TO = ' ?[-–—‒−~〜] ?| ?\\.\\.\\.? ?|…| to | until | bis | à | a | and ';
const MORE = '\\+|plus|(?:or|and|&) (?:more|above|over|up)';
const LESS = '(?:or|and|&) (?:less|fewer|below|under)';
const MONEY =
  '(?:(?:us|au|ca|nz|sg|hk)?\\$|[€£¥₹₩₽]|usd|eur|gbp|chf|inr|jpy|cny|cad|aud|nzd|sgd|sek|nok|dkk|pln|brl|mxn)';
const PEOPLE =
  '(?:employees?|people|persons?|staff(?: members?)?|ftes?|users?|seats?|licen[cs]es?|workers?|(?:team )?members?|headcount|' +
  'mitarbeiter(?:innen|:innen|\\*innen)?|beschäftigte|personen|employés?|salariés?|collaborateurs?|empleados|colaboradores|' +
  'dipendenti|funcionários|medewerkers|ansatte|anställda|pracowników|сотрудников|человек|чел\\.?|人|名|명)';

const AMOUNT = new RegExp(
  `^(?:(?<atLeast>${AT_LEAST})|(?<atMost>${AT_MOST})|(?<about>${ABOUT})|between)? ?${MONEY}? ?(?<minus>[-−])?` +
    `(?<number>${DIGITS})(?: ?(?<scale>${SCALE}))? ?${MONEY}?` +
    `(?:(?<to>${TO})${MONEY}? ?(?<upper>${DIGITS})(?: ?(?<upperScale>${SCALE}))? ?${MONEY}?)?` +
    `(?: ?${PEOPLE})? ?(?:(?<more>${MORE})|(?<less>${LESS}))?(?: ?${PEOPLE})?$`,
  'u',
);

/** Longer text is not a number: it bounds the search. */
const MAX_LENGTH = 48;

/**
 * Reads a number as people write it: with its digits in groups, as a range, with an open end, in thousands or millions,
 * with money or people behind it. Null for any other text. `1.200` is twelve hundred: digits in groups of exactly three are
 * groups, whatever stands between them.
 *
 * @example readAmount('1,200') // { least: 1200, isExact: true }
 * @example readAmount('201-500 employees') // { least: 201, isExact: false }
 */
export function readAmount(written: string): Amount | null {
  const text = written.trim();
  if (isJsonNumber(text) && !POINTED.test(text)) return { least: Number(text), isExact: true };
  if (text.length > MAX_LENGTH || !/\d|[０-９]/.test(text)) return null;
  const plain = text
    .toLowerCase()
    .replace(/[\uff01-\uff5e]/g, sign => sign.normalize('NFKC'))
    .replace(/\s+/g, ' ');
  const parts = AMOUNT.exec(plain)?.groups;
  return parts === undefined ? null : amountOf(parts);
}

const POINTED = new RegExp(`^-?(?:${POINTS})$`);

function amountOf(parts: Readonly<Record<string, string | undefined>>): Amount | null {
  const { number = '', scale, upper, upperScale } = parts;
  const [bare, factor] = [digitsValue(number), SCALES[scale ?? ''] ?? 1];
  const sign = parts.minus === undefined ? 1 : -1;
  if (upper !== undefined) {
    const top = digitsValue(upper);
    // "5-10k" is five to ten thousand, "500-1k" is not half a million.
    const shared = scale === undefined && bare < top ? (SCALES[upperScale ?? ''] ?? 1) : factor;
    if (top * (SCALES[upperScale ?? ''] ?? 1) < sign * bare * shared) return null;
    return { least: sign * bare * shared, isExact: false };
  }
  if (parts.atMost !== undefined || parts.less !== undefined) return { least: 0, isExact: false };
  const isOpen = parts.atLeast !== undefined || parts.more !== undefined || parts.about !== undefined;
  return { least: sign * bare * factor, isExact: !isOpen };
}

const COMMA_GROUPS = new RegExp(`^(?:${COMMAS})$`);

function digitsValue(digits: string): number {
  if (COMMA_GROUPS.test(digits)) return Number(digits.replaceAll(',', ''));
  const ungrouped = POINTED.test(digits) ? digits.replaceAll('.', '') : digits;
  return Number(ungrouped.replace(/[ '’]/g, '').replace(',', '.'));
}
