import { isObject } from '../condition/reading.ts';
import type { Bag } from '../contact/bag.ts';
import { type ContactProfile, textIn } from '../contact/profile.ts';
import { oneLine } from '../text/safe.ts';

/** A field of two profiles, and what joining them would keep of it; null where there is no value. */
interface Compared {
  /** Such as `contact.title`. */
  readonly field: string;
  readonly a: string | null;
  readonly b: string | null;
  readonly differs: boolean;
  readonly kept: string | null;
  readonly keptOf: 'a' | 'b' | 'both' | null;
}

/** What of an address is known by the address. */
const DERIVED = new Set(['contact.emailDomain', 'contact.emailKind']);
/** How many fields are compared, and how much of a value is shown: more is mischief. */
const MAX_FIELDS = 200;
const MAX_SHOWN = 200;

/**
 * Compares two profiles field by field, those that differ first; `both` is what all that was said of either makes.
 *
 * @example compareProfiles({ a: EMPTY_PROFILE, b: EMPTY_PROFILE, both: EMPTY_PROFILE }) // []
 */
export function compareProfiles(of: {
  readonly a: ContactProfile;
  readonly b: ContactProfile;
  readonly both: ContactProfile;
}): readonly Compared[] {
  const [a, b, both] = [fieldsOf(of.a), fieldsOf(of.b), fieldsOf(of.both)];
  const fields = [...new Set([...a.keys(), ...b.keys(), ...both.keys()])].slice(0, MAX_FIELDS);
  const compared = fields.map((field): Compared => {
    const [ofA, ofB, kept] = [a.get(field) ?? null, b.get(field) ?? null, both.get(field) ?? null];
    return { field, a: ofA, b: ofB, differs: ofA !== ofB, kept, keptOf: keeperOf(kept, ofA, ofB) };
  });
  return [...compared.filter(({ differs }) => differs), ...compared.filter(({ differs }) => !differs)];
}

function keeperOf(kept: string | null, a: string | null, b: string | null): Compared['keptOf'] {
  if (kept === null) return null;
  if (kept === a) return kept === b ? 'both' : 'a';
  return kept === b ? 'b' : null;
}

function fieldsOf({ contact, companyPart }: ContactProfile): ReadonlyMap<string, string> {
  return new Map([...told('contact', contact), ...told('company', companyPart)]);
}

function told(part: string, bag: Bag): readonly (readonly [string, string])[] {
  return Object.entries(bag).flatMap(([key, value]) => {
    const field = `${part}.${oneLine(key, MAX_SHOWN)}`;
    const words = DERIVED.has(field) ? null : wordsOf(value);
    return words === null ? [] : [[field, words] as const];
  });
}

function wordsOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = isObject(value)
    ? Object.entries(value)
        .flatMap(([, part]) => wordsOf(part) ?? [])
        .join(', ')
    : Array.isArray(value) || typeof value === 'boolean'
      ? JSON.stringify(value)
      : textIn(value);
  return text === null || text === '' ? null : oneLine(text, MAX_SHOWN);
}
