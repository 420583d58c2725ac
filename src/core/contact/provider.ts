import { normaliseText } from '../text/normalise.ts';
import type { KindOfDomain } from './email.ts';

/** Domains of mailboxes at which nobody works, by their label: what is typed there as a company is a slip. */
const UNSTAFFED = new Set(
  `aol atlas centrum daum duck email foxmail freemail gmail gmx googlemail hanmail home hotmail icloud inbox interia list live
   mac mail me msn nate naver online onet outlook pm post qq rocketmail usa web webmail wp yahoo yandex yeah ymail`.split(
    /\s+/,
  ),
);

/** What providers are called beside the label of their domain; keys and names without spaces. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  bt: ['britishtelecom', 'britishtelecommunications'],
  orange: ['francetelecom'],
  tonline: ['telekom', 'deutschetelekom', 'telekomdeutschland'],
  tuta: ['tutao'],
  ziggo: ['vodafoneziggo'],
};

/** Words that may follow a provider's name: legal forms, countries, and what groups call their parts. */
const ENDINGS = new Set(
  `ab ag as asa bv co company corp corporation ek gmbh group groupe gruppe holding holdings inc international kg limited llc ltd
   nv oy oyj plc pty sa sas sarl spa srl the
   business communications enterprise global internet mobile online services solutions telecom telecommunications
   australia austria belgie belgium belgique brasil canada danmark denmark deutschland espana europe finland france germany
   ireland italia italy nederland netherlands norge norway osterreich polska portugal schweiz spain suomi sverige sweden
   switzerland uk us usa`.split(/\s+/),
);

/** Parts of a domain that belong to its ending, as in `docomo.ne.jp`. */
const SECOND_LEVEL = new Set(['ac', 'co', 'com', 'ne', 'net', 'or', 'org']);

/**
 * Whether a company is the provider of a domain itself: somebody who names it at this domain works there, and is not a customer.
 *
 * @example isProvider('bt.com', 'BT Group plc') // true
 * @example isProvider('ziggo.nl', 'Bos Bouw') // false
 */
export function isProvider(domain: string, company: unknown): boolean {
  if (typeof company !== 'string' || company.length > MAX_NAME) return false;
  const label = labelOf(domain);
  if (label === '' || UNSTAFFED.has(label)) return false;
  const words = wordsIn(company);
  const called = new Set([label, ...(NAMES[label] ?? [])]);
  return words.some(
    (_word, index) =>
      called.has(words.slice(0, index + 1).join('')) &&
      words.slice(index + 1).every(word => ENDINGS.has(word)),
  );
}

/**
 * Decides the kind of a domain for somebody who names a company: at a provider of mailboxes, those who name the provider are
 * not its customers.
 *
 * @example kindNaming(() => 'free', 'BT Group plc')('bt.com') // 'business'
 */
export function kindNaming(kindOf: KindOfDomain, company: unknown): KindOfDomain {
  return domain => {
    const kind = kindOf(domain);
    return kind === 'free' && isProvider(domain, company) ? 'business' : kind;
  };
}

/** The longest name that is looked at, in characters; longer ones are mistakes. */
const MAX_NAME = 100;

function labelOf(domain: string): string {
  const parts = domain.split('.').slice(0, -1);
  if (parts.length > 1 && SECOND_LEVEL.has(parts.at(-1) ?? '')) parts.pop();
  return wordsIn(parts.at(-1) ?? '').join('');
}

function wordsIn(text: string): readonly string[] {
  const plain = normaliseText(text).normalize('NFKD').replace(/\p{M}/gu, '');
  return plain
    .replaceAll(/(?<=\p{L})\.(?=\p{L}\b)/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
}
