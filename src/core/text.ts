/**
 * Puts text into the form in which agreements compare it: trimmed, Unicode NFC, lower case.
 *
 * @example normaliseText('  Fintech ') // 'fintech'
 */
export function normaliseText(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}

/**
 * Whether `phrase` stands in `text` as a whole word: no letter or digit right before or after it.
 * Both are already normalised.
 *
 * @example hasWord('vp of sales', 'vp') // true
 * @example hasWord('mvp', 'vp') // false
 */
export function hasWord(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1)) {
    if (!touchesWord(text, at, at + phrase.length)) return true;
  }
  return false;
}

const WORD_CHARACTER = /[\p{L}\p{Nd}]/u;

function touchesWord(text: string, start: number, end: number): boolean {
  return WORD_CHARACTER.test(characterBefore(text, start)) || WORD_CHARACTER.test(characterAt(text, end));
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const unit = text.charCodeAt(index - 1);
  const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff;
  return index === 0 ? '' : characterAt(text, isLowSurrogate && index > 1 ? index - 2 : index - 1);
}
