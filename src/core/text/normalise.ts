/**
 * Puts text into the form in which agreements compare it: trimmed, Unicode NFC, lower case.
 *
 * @example normaliseText('  Fintech ') // 'fintech'
 */
export function normaliseText(text: string): string {
  // Most text is plain ASCII, often in small letters already; the full treatment costs ten times as much.
  let isSmall = true;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return text.trim().normalize('NFC').toLowerCase();
    if (unit >= 0x41 && unit <= 0x5a) isSmall = false;
  }
  const trimmed = isBlankAt(text, 0) || isBlankAt(text, text.length - 1) ? text.trim() : text;
  return isSmall ? trimmed : trimmed.toLowerCase();
}

function isBlankAt(text: string, index: number): boolean {
  return text.charCodeAt(index) <= 0x20;
}

/** Single letters with dots between them: `v.p.`, `c. e. o.` */
const INITIALS = /(?<![\p{L}\p{Nd}])\p{L}(?:\.\s?\p{L})+(?![\p{L}\p{Nd}])\.?/gu;

/**
 * The form in which whole words are looked for beside the text as it is: full-width letters and ligatures become plain ones
 * (NFKC), and the dots of single letters vanish. The text is already normalised.
 *
 * @example wordForm('v.p. of finance') // 'vp of finance'
 * @example wordForm('ｃｅｏ') // 'ceo'
 */
export function wordForm(text: string): string {
  const isPlain = !/[^\0-\x7f]/.test(text);
  const folded = isPlain ? text : text.normalize('NFKC').toLowerCase().trim();
  return folded.includes('.') ? folded.replace(INITIALS, letters => letters.replace(/[.\s]/g, '')) : folded;
}

/**
 * Makes a test whether one of some phrases stands in a text as a whole word: no letter or digit right before or after it.
 * Text and phrases are already normalised; they meet as they are, or in the form that `wordForm` gives both.
 *
 * @example wordFinder(['vp', 'head of'])('v.p. of sales') // true
 * @example wordFinder(['vp'])('mvp') // false
 */
export function wordFinder(phrases: readonly string[]): (text: string) => boolean {
  const asWritten = wordPattern(phrases);
  const asFolded = wordPattern(phrases.map(wordForm));
  // Titles and the like come again and again: looking one up takes a quarter of the time of a search.
  const known = new Map<string, boolean>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = asWritten.test(text) || asFolded.test(wordForm(text));
    if (known.size >= KEPT) known.clear();
    if (text.length <= KEPT_LENGTH) known.set(text, found);
    return found;
  };
}

function wordPattern(phrases: readonly string[]): RegExp {
  const any = phrases.map(phrase => phrase.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  // The phrases are fixed text, so a search is linear in the text whatever they are.
  return new RegExp(`(?<![\\p{L}\\p{Nd}])(?:${any})(?![\\p{L}\\p{Nd}])`, 'u');
}

/** How many answers are kept for one test, and of texts of what length: some tens of kilobytes. */
const KEPT = 512;
const KEPT_LENGTH = 64;
