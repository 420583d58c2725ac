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

/**
 * Makes a test whether one of some phrases stands in a text as a whole word: no letter or digit right before or after it.
 * Text and phrases are already normalised.
 *
 * @example wordFinder(['vp', 'head of'])('vp of sales') // true
 * @example wordFinder(['vp'])('mvp') // false
 */
export function wordFinder(phrases: readonly string[]): (text: string) => boolean {
  const any = phrases.map(phrase => phrase.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  // The phrases are fixed text, so a search is linear in the text whatever they are.
  const pattern = new RegExp(`(?<![\\p{L}\\p{Nd}])(?:${any})(?![\\p{L}\\p{Nd}])`, 'u');
  // Titles and the like come again and again: looking one up takes a quarter of the time of a search.
  const known = new Map<string, boolean>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = pattern.test(text);
    if (known.size >= KEPT) known.clear();
    if (text.length <= KEPT_LENGTH) known.set(text, found);
    return found;
  };
}

/** How many answers are kept for one test, and of texts of what length: some tens of kilobytes. */
const KEPT = 512;
const KEPT_LENGTH = 64;
