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

/**
 * The words of a text without case, accents and punctuation, in their order.
 *
 * @example plainWords('Łukasz O’Brien-Müller') // ['lukasz', 'obrien', 'muller']
 */
export function plainWords(text: string): readonly string[] {
  const plain = text
    .slice(0, MAX_NAME)
    .normalize('NFKD')
    .replace(/[\p{M}'’`´.]/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, letter => PLAIN[letter] ?? letter)
    // A capital I with its dot falls apart into a letter and a mark only when it is made small.
    .replace(/\p{M}/gu, '');
  return plain.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '');
}

/** What stands around a name and tells nobody apart. */
const TITLES = new Set(
  'mr mrs ms miss dr prof professor sir herr frau mme monsieur madame jr sr ii iii phd mba md ing dipl'.split(
    ' ',
  ),
);

/**
 * The words of a person's name, in the order of the alphabet: first and last name are often swapped. At most
 * four; text that is not a name, such as an address, has none.
 *
 * @example personWords('Lee, Dr. Ann') // ['ann', 'lee']
 */
export function personWords(name: string): readonly string[] {
  if (name.includes('@')) return [];
  const words = plainWords(name);
  const telling = words.filter(word => !TITLES.has(word) && !/^\p{N}+$/u.test(word));
  return (telling.length === 0 ? words : telling).slice(0, MAX_WORDS).sort();
}

/** Legal forms and words that a company's name has or lacks as people please. */
const FORMS = new Set(
  (
    'ltd limited inc incorporated llc llp plc corp corporation co company gmbh mbh ag kg kgaa ug se sa sas sarl srl spa bv nv oy ' +
    'ab as aps pty pte the and und et'
  ).split(' '),
);

/**
 * The words that tell a company apart: its name without legal forms, or what stands before the ending of its domain.
 *
 * @example companyWords('The Acme Widgets Co., Ltd.') // ['acme', 'widgets']
 * @example companyWords('www.acme.co.uk') // ['acme']
 */
export function companyWords(name: string): readonly string[] {
  const domain = /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+)(?:\.[a-z0-9-]+)+\/?$/i.exec(
    name.trim().slice(0, MAX_NAME),
  )?.[1];
  const words = plainWords(domain ?? name);
  const telling = words.filter(word => !FORMS.has(word));
  return (telling.length === 0 ? words : telling).slice(0, MAX_WORDS);
}
