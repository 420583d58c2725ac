import { addressIn } from '../contact/email.ts';
import { personWords } from '../duplicate/word.ts';
import { normaliseText } from '../text/normalise.ts';

type Values = Readonly<Record<string, unknown>>;

/** The fields of a contact that hold a phone number, in the order in which they name somebody. */
const PHONES: readonly string[] = ['phone', 'mobile', 'mobilePhone', 'phoneNumber', 'workPhone'];

/** Whether a field holds a phone number. @example isPhoneField('contact.mobile') // true */
export function isPhoneField(name: string): boolean {
  return PHONES.some(phone => name === `contact.${phone}`);
}

/** The fewest digits of a number that reaches somebody from outside. */
const MIN_DIGITS = 6;

/** A number that a spreadsheet took for a sum: its last digits are gone. */
const DESTROYED = /^\d(?:[.,]\d+)?e\+?\d+$/i;

/**
 * The id by which a contact is known that has neither an id nor an address: phone number and name. The name is a part of
 * it, as colleagues share the number of their switchboard. Null without a number; a number that a spreadsheet destroyed is
 * told by `destroyed`.
 *
 * @example phoneId({ phone: '+44 7911 123456', name: 'Ann Lee' }).id // 'phone:+447911123456 ann lee'
 */
export function phoneId(contact: Values): { readonly id: string | null; readonly destroyed: string | null } {
  let destroyed: string | null = null;
  for (const field of PHONES) {
    const written = textOf(contact[field]);
    if (written === '') continue;
    if (DESTROYED.test(written)) {
      destroyed ??= written;
      continue;
    }
    const digits = written
      .replace(/\(0\)/g, '')
      .replace(/^00/, '+')
      .replace(/(?!^\+)\D/g, '');
    if (digits.replace('+', '').length < MIN_DIGITS) continue;
    const name = normaliseText(nameIn(contact)).replace(/\s+/g, ' ');
    return { id: `phone:${digits}${name === '' ? '' : ` ${name}`}`.slice(0, MAX_ID), destroyed };
  }
  return { id: null, destroyed };
}

/** The longest id by phone and name, in characters. */
const MAX_ID = 200;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** The name of a contact as its profile has it; blank without one. @example nameIn({ firstName: 'Ann', lastName: 'Lee' }) // 'Ann Lee' */
export function nameIn(contact: Values): string {
  const parts = [textOf(contact.firstName), textOf(contact.lastName)].filter(part => part !== '');
  return parts.length === 0 ? textOf(contact.name) : parts.join(' ');
}

/**
 * Whether two names may be of one person: one has every word of the other, where an initial stands for a word; or one is
 * not known.
 *
 * @example mayBeOne('J. Smith', 'John Smith') // true
 * @example mayBeOne('Ada Alder', 'Ben Birch') // false
 */
export function mayBeOne(a: string, b: string): boolean {
  const [left, right] = [personWords(a), personWords(b)];
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  return few.every(word =>
    many.some(other => other === word || other.startsWith(word) || word.startsWith(other)),
  );
}

/**
 * The addresses in one cell, the first usable one in front; a cell without a usable one is left as it is.
 *
 * @example addressesIn('ann@acme.example; lee@acme.example') // ['ann@acme.example', 'lee@acme.example']
 */
export function addressesIn(cell: string): readonly string[] {
  const first = addressIn(cell);
  if (first === null) return [cell];
  const parts = cell.split(/[;,|/\s]+/).flatMap(part => addressIn(part) ?? []);
  const all = [...new Set([first, ...parts])];
  return all.length === 1 ? [cell] : all;
}
