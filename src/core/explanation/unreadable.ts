import { read } from '../condition/reading.ts';
import { profileFieldWords } from '../condition/words.ts';
import type { Profile } from '../contact/profile.ts';
import { phoneDigits } from '../duplicate/phone.ts';
import type { Program } from '../scoring/program.ts';
import { oneLine } from '../text/safe.ts';
import type { Unreadable } from './shape.ts';
import { valueIn, valueWords } from './view.ts';

/** The longest name of a field that is shown. */
const MAX_FIELD = 80;

/**
 * Finds the values of a profile that a condition of the agreement compares as numbers and that cannot be read as one, such
 * as `many` employees; a list counts when none of its elements can be read.
 */
export function unreadableNumbers({ table }: Program, profile: Profile): readonly Unreadable[] {
  return table.fields.flatMap((field, index) => {
    if (!table.amounts.has(index) || (field.source !== 'contact' && field.source !== 'company')) return [];
    const value = valueIn(profile, field);
    const reading = read(value);
    if (reading.missing || (reading.items ?? [reading]).some(({ least }) => least !== null)) return [];
    return [unreadable([field.source, ...field.path].join('.'), value, 'number')];
  });
}

/** Finds the phone number of a profile when it cannot be one, such as one that a spreadsheet has rounded. */
export function unreadablePhones(profile: Profile): readonly Unreadable[] {
  const value = valueIn(profile, { source: 'contact', path: ['phone'] });
  const isText = typeof value === 'string' && value.trim() !== '';
  if (!isText && typeof value !== 'number') return [];
  return phoneDigits(String(value)) === null ? [unreadable('contact.phone', value, 'phone')] : [];
}

function unreadable(name: string, value: unknown, expected: Unreadable['expected']): Unreadable {
  const field = oneLine(name, MAX_FIELD);
  const shown = valueWords(value) ?? '…';
  const what = expected === 'number' ? 'a number' : 'a phone number';
  return { field, value: shown, expected, text: `${profileFieldWords(field)} is “${shown}”: not ${what}` };
}
