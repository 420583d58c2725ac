import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import ar from 'i18n-iso-countries/langs/ar.json' with { type: 'json' };
import cs from 'i18n-iso-countries/langs/cs.json' with { type: 'json' };
import da from 'i18n-iso-countries/langs/da.json' with { type: 'json' };
import de from 'i18n-iso-countries/langs/de.json' with { type: 'json' };
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import es from 'i18n-iso-countries/langs/es.json' with { type: 'json' };
import fi from 'i18n-iso-countries/langs/fi.json' with { type: 'json' };
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' };
import it from 'i18n-iso-countries/langs/it.json' with { type: 'json' };
import ja from 'i18n-iso-countries/langs/ja.json' with { type: 'json' };
import ko from 'i18n-iso-countries/langs/ko.json' with { type: 'json' };
import nb from 'i18n-iso-countries/langs/nb.json' with { type: 'json' };
import nl from 'i18n-iso-countries/langs/nl.json' with { type: 'json' };
import pl from 'i18n-iso-countries/langs/pl.json' with { type: 'json' };
import pt from 'i18n-iso-countries/langs/pt.json' with { type: 'json' };
import ru from 'i18n-iso-countries/langs/ru.json' with { type: 'json' };
import sv from 'i18n-iso-countries/langs/sv.json' with { type: 'json' };
import tr from 'i18n-iso-countries/langs/tr.json' with { type: 'json' };
import zh from 'i18n-iso-countries/langs/zh.json' with { type: 'json' };

/** Of two countries that share a name in two languages the first language decides. */
const LANGUAGES: readonly { readonly countries: Readonly<Record<string, string | readonly string[]>> }[] = [
  ...[en, de, fr, es, it, pt, nl, sv, nb, da, fi, pl, cs, tr, ru, ar, ja, ko, zh],
];

/** Spellings that people use and the lists of names lack, by the code of the country. */
const SPELLINGS: Readonly<Record<string, string>> = {
  AE: 'emirates',
  BA: 'bosnia|bosnia herzegovina|bih',
  BO: 'bolivia',
  BN: 'brunei',
  CD: 'dr congo|drc|democratic republic of congo|congo kinshasa',
  CG: 'congo brazzaville|republic of congo',
  CI: 'ivory coast',
  CN: 'prc|mainland china|pr china',
  CV: 'cape verde|cabo verde',
  CZ: 'czech rep|czech|ceska republika|cesko',
  DE: 'brd|federal republic of germany|germany federal republic of',
  FK: 'falklands',
  FM: 'micronesia',
  GB: 'britain|england|scotland|wales|northern ireland|united kingdom of great britain and northern ireland|gbr',
  HK: 'hong kong|hong kong sar|hong kong sar china',
  IE: 'republic of ireland|eire',
  IN: 'bharat',
  IR: 'iran',
  KP: 'north korea|dprk|korea north|democratic peoples republic of korea',
  KR: 'south korea|korea|korea south|rok|republic of korea',
  LA: 'laos',
  MD: 'moldova',
  MK: 'macedonia|fyrom',
  MM: 'burma',
  MO: 'macau|macao',
  NL: 'holland',
  NZ: 'aotearoa',
  PH: 'philippines',
  PS: 'palestinian territories',
  RU: 'russia',
  SA: 'ksa|kingdom of saudi arabia',
  SK: 'slovak republic',
  SY: 'syria',
  SZ: 'swaziland|eswatini',
  TL: 'east timor',
  TR: 'turkiye|turkey|republic of turkey',
  TW: 'taiwan',
  TZ: 'tanzania',
  US: 'america|united states|usa|states|u s a|u s|us of a',
  VA: 'vatican|vatican city',
  VE: 'venezuela',
  VN: 'vietnam|viet nam',
};
/** What some write for a code that ISO gives to nobody else. */
const OTHER_CODES: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' };

let table: ReadonlyMap<string, string> | null = null;

function makeTable(): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  const add = (spelling: string, code: string) => {
    const key = keyOf(spelling);
    if (key !== '' && !made.has(key)) made.set(key, code);
  };
  for (const [two = '', three = ''] of codes) {
    add(two, two);
    add(three, two);
  }
  for (const [other, code] of Object.entries(OTHER_CODES)) add(other, code);
  for (const [code, spellings] of Object.entries(SPELLINGS))
    for (const spelling of spellings.split('|')) add(spelling, code);
  for (const { countries } of LANGUAGES) {
    for (const [code, names] of Object.entries(countries))
      for (const name of typeof names === 'string' ? [names] : names) add(name, code);
  }
  return made;
}

/** A spelling without case, accents, dots, commas and the like, and without what names have or lack as people please. */
function keyOf(spelling: string): string {
  const plain = spelling
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/ı/g, 'i')
    .replace(/['’`´]/g, '')
    .replace(/(?<=(?:^|[^\p{L}])\p{L})\.\s?(?=\p{L}(?:\.|$))/gu, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return plain.replace(/^the /, '').replace(/ the$/, '');
}

/** Answers for texts that were asked before: a profile's country is one of few. */
const known = new Map<string, string | null>();
/** How many are kept, and of texts of what length: some hundred kilobytes. */
const KEPT = 4096;
const MAX_LENGTH = 80;

/**
 * The ISO 3166 code of a country, by its code of two or three letters, its name in one of many languages, or a common
 * spelling; null for any other text.
 *
 * @example countryOf('Deutschland') // 'DE'
 * @example countryOf('U.S.') // 'US'
 * @example countryOf('Atlantis') // null
 */
export function countryOf(text: string): string | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  if (text.length > MAX_LENGTH) return null;
  table ??= makeTable();
  const code = table.get(keyOf(text)) ?? null;
  if (known.size >= KEPT) known.clear();
  known.set(text, code);
  return code;
}
