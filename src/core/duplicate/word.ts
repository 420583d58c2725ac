/** The longest name that is read: longer ones are mistakes or mischief. */
const MAX_NAME = 200;
/** How many words of a name count: more are titles and mischief, and each pair of them is compared. */
const MAX_WORDS = 4;

/** Letters that Unicode does not take apart into a plain letter and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** Points and stresses that people write or leave out in Arabic, Hebrew and Cyrillic; a dot that small letters get. */
const OPTIONAL_MARKS =
  /[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]|(?<=[еЕ])\u0308|(?<=\p{Script=Cyrillic})[\u0300\u0301]|(?<=i)\u0307/gu;

/** The words of a text without case and punctuation, in their order. Marks that make another letter stay. */
function markedWords(text: string): readonly string[] {
  return text
    .slice(0, MAX_NAME)
    .replace(/['’`´.]/g, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(OPTIONAL_MARKS, '')
    .normalize('NFC')
    .replace(/[ßæœøđðłþı]/g, letter => PLAIN[letter] ?? letter)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(word => word !== '');
}

/**
 * A word without the accents of Latin and Greek letters, which people leave out. Vowel signs of India, the voicing of kana
 * and the like are letters of their own, and stay.
 *
 * @example foldWord('müller') // 'muller'
 * @example foldWord('が') // 'が'
 */
export function foldWord(word: string): string {
  return word
    .normalize('NFD')
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu, '')
    .normalize('NFC');
}

/**
 * The words of a text without case, accents and punctuation, in their order.
 *
 * @example plainWords('Łukasz O’Brien-Müller') // ['lukasz', 'obrien', 'muller']
 */
export function plainWords(text: string): readonly string[] {
  return markedWords(text).map(foldWord);
}

/** What stands around a name and tells nobody apart. */
const TITLES = new Set(
  (
    'mr mrs ms miss dr prof professor sir herr frau mme monsieur madame jr sr ii iii phd mba md ing dipl shri smt san sama ' +
    'श्री श्रीमती 様 さま さん 님 씨 先生 女士 小姐'
  ).split(' '),
);
const TITLE_AT_END = /(?<=^.{3,})(?:様|さま|さん|님|先生|女士|小姐)$/u;

/**
 * The words of a person's name, in the order of the alphabet: first and last name are often swapped. At most
 * four, with their accents; text that is not a name, such as an address, has none.
 *
 * @example personWords('Lee, Dr. Ann') // ['ann', 'lee']
 */
export function personWords(name: string): readonly string[] {
  if (name.includes('@')) return [];
  const words = markedWords(name).map(word => word.replace(TITLE_AT_END, ''));
  const telling = words.filter(word => !TITLES.has(foldWord(word)) && !/^\p{N}+$/u.test(word));
  return (telling.length === 0 ? words : telling).slice(0, MAX_WORDS).sort(byFolded);
}

function byFolded(a: string, b: string): number {
  const [one, other] = [foldWord(a), foldWord(b)];
  return one < other || (one === other && a < b) ? -1 : 1;
}

const EASTERN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+$/u;
const ALPHABETIC =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Arabic}\p{M}\p{N}]+$/u;

/** Whether a name is written in Chinese, Japanese or Korean, which need no space in it. */
export function isEastern(words: readonly string[]): boolean {
  return words.length > 0 && words.every(word => EASTERN.test(word));
}

/** Whether a word is in a script in which one letter more or less is a slip; in others each sign is a syllable or a word. */
export function isAlphabetic(word: string): boolean {
  return ALPHABETIC.test(word);
}

/** Whether a name has the marks of Vietnamese, whose tones and vowels tell words apart. */
export function isVietnamese(words: readonly string[]): boolean {
  return words.some(word =>
    /[\u0309\u0323\u031b]|[\u0302\u0306][\u0300\u0301\u0303]/.test(word.normalize('NFD')),
  );
}

/** Legal forms and words that a company's name has or lacks as people please, in the scripts of the world. */
const FORMS = new Set(
  (
    'ltd limited inc incorporated llc llp lp plc corp corporation co company gmbh mbh ggmbh ag kg kgaa ohg gbr ek eg cokg ug ' +
    'haftungsbeschrankt se sa sas sasu sarl srl srls sl slu snc sca scs eurl spa sapa bv nv cv vof bvba cvba oy oyj ab asa as aps ' +
    'hf ehf pty pte pvt private proprietary bhd sdn tbk pt cia ltda lda eireli me epp sro spol doo dd ad ood eood kft zrt nyrt bt ' +
    'sc ska oü ou uab sia jsc pjsc ojsc cjsc ooo zao oao pao ao tov too sti tic kk gk ltee the and und et y e ' +
    'ооо зао оао пао ао ип тоо тов ат пат прат чп фоп од еоод оод ад дд доо επε ае εε בעמ ' +
    '株 有 合 主 주 유 株式会社 有限会社 合同会社 주식회사 유한회사'
  ).split(' '),
);
/** Forms of several words, the longest first. */
const PHRASES =
  /(?<= )(?:sapi de cv|sa de cv|sas de cv|s de rl de cv|s de rl|spolka z oo|sp z oo|sp k|sp j|s a s|s p a|s r l|s r o|a s|k s|i s|k k|s a|b v|n v)(?= )/g;
/** What Chinese, Japanese and Korean companies are called by before or behind their name, without a space. */
const EASTERN_FORM =
  /^(?:株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|주식회사|유한회사)|(?:株式会社|有限会社|合同会社|合資会社|合名会社|股份有限公司|有限责任公司|有限責任公司|集团有限公司|有限公司|股份公司|公司|주식회사|유한회사)$/u;

/**
 * The words that tell a company apart: its name without legal forms, or what stands before the ending of its domain.
 *
 * @example companyWords('The Acme Widgets Co., Ltd.') // ['acme', 'widgets']
 * @example companyWords('www.acme.co.uk') // ['acme']
 * @example companyWords('ООО «Север»') // ['север']
 */
export function companyWords(name: string): readonly string[] {
  const domain = /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+)(?:\.[a-z0-9-]+)+\/?$/i.exec(
    name.trim().slice(0, MAX_NAME),
  )?.[1];
  const words = plainWords(domain ?? name);
  const bare = ` ${words.join(' ')} `.replace(PHRASES, '').split(' ');
  const telling = bare
    .filter(word => word !== '' && !FORMS.has(word))
    .map(word => word.replace(EASTERN_FORM, ''))
    .filter(word => word !== '');
  return (telling.length === 0 ? words : telling).slice(0, MAX_WORDS);
}

/**
 * Whether two names are of one company, but for legal forms, signs and case.
 *
 * @example isSameCompany('Acme, Inc.', 'ACME') // true
 */
export function isSameCompany(a: string, b: string): boolean {
  return companyWords(a).join(' ') === companyWords(b).join(' ');
}
