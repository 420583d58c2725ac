import type { Bag } from '../contact/bag.ts';
import type { ContactProfile } from '../contact/profile.ts';

/** Two profiles, and what all that was said of either makes of them. */
export interface Joined {
  readonly a: ContactProfile;
  readonly b: ContactProfile;
  readonly both: ContactProfile;
}

/** Whose value of a field is kept, by fields such as `contact.title`. */
export type Choices = Readonly<Record<string, 'a' | 'b'>>;

/** What of an address is known by the address, and changes with it. */
const WITH_EMAIL = ['emailDomain', 'emailKind'];

/**
 * Whose e-mail address is kept although the other was said later: the business address, where one of the two is a free or
 * throw-away one; null where both are of one kind. The score hangs on the kind, and sales writes to the address.
 */
function betterEmail({ a, b }: Pick<Joined, 'a' | 'b'>): 'a' | 'b' | null {
  const [isA, isB] = [a, b].map(({ contact }) => contact.emailKind === 'business');
  if (isA === isB || typeof a.contact.email !== 'string' || typeof b.contact.email !== 'string') return null;
  return isA === true ? 'a' : 'b';
}

/**
 * What must be said of the contact that stays, so that the chosen values hold: the rest follows from what was said last, but
 * of a business address and another one the business address is kept. Null where nothing need be said.
 */
export function chosenFact(
  joined: Joined,
  choices: Choices,
): { readonly contact: Bag; readonly companyPart: Bag } | null {
  const email = betterEmail(joined);
  const all: Choices = { ...(email === null ? {} : { 'contact.email': email }), ...choices };
  const contact: Record<string, unknown> = {};
  const companyPart: Record<string, unknown> = {};
  for (const [field, side] of Object.entries(all)) {
    const [part = '', ...rest] = field.split('.');
    const key = rest.join('.');
    const names = field === 'contact.email' ? ['email', ...WITH_EMAIL] : [key];
    for (const name of names) {
      if (part === 'contact') take(contact, { name, of: joined[side].contact, both: joined.both.contact });
      if (part === 'company')
        take(companyPart, { name, of: joined[side].companyPart, both: joined.both.companyPart });
    }
  }
  const isNothing = Object.keys(contact).length === 0 && Object.keys(companyPart).length === 0;
  return isNothing ? null : { contact, companyPart };
}

/** Takes a value over where it is not what follows by itself; a side that has none leaves the field empty. */
function take(
  into: Record<string, unknown>,
  { name, of, both }: { readonly name: string; readonly of: Bag; readonly both: Bag },
): void {
  if (!Object.hasOwn(of, name) && !Object.hasOwn(both, name)) return;
  if (JSON.stringify(of[name]) !== JSON.stringify(both[name])) into[name] = of[name] ?? null;
}

/**
 * What must be said of a contact, so that what was only chosen for a merge no longer holds once the merge is undone; null
 * where that is so already.
 */
export function unchosenFact(
  now: ContactProfile,
  without: ContactProfile,
): { readonly contact: Bag; readonly companyPart: Bag } | null {
  const contact = differing(now.contact, without.contact);
  const companyPart = differing(now.companyPart, without.companyPart);
  return Object.keys(contact).length === 0 && Object.keys(companyPart).length === 0
    ? null
    : { contact, companyPart };
}

function differing(now: Bag, without: Bag): Bag {
  const changed = Object.keys({ ...now, ...without }).filter(
    name => JSON.stringify(now[name]) !== JSON.stringify(without[name]),
  );
  return Object.fromEntries(changed.map(name => [name, without[name] ?? null]));
}
