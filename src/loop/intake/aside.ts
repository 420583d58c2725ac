import { isDeepStrictEqual } from 'node:util';
import type { KindOfDomain } from '../../core/contact/email.ts';
import {
  applyFact,
  type ContactProfile,
  EMPTY_PROFILE,
  factFromTraits,
  type ProfileFact,
  textIn,
} from '../../core/contact/profile.ts';
import type { Call } from '../../core/intake/call.ts';
import type { PlacedCall } from '../../core/intake/identity.ts';
import { loadContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { modeOf } from '../contact/company.ts';
import { profileOf } from '../contact/fold.ts';

/**
 * The calls, without what they tell of their contacts by the way and is known already: a client repeats the same traits with
 * each call. One statement, and only where calls tell anything so; the contacts must be stored and locked.
 */
export async function withNewAsides(
  sql: Sql,
  placed: readonly PlacedCall[],
  kindOf: KindOfDomain,
): Promise<readonly PlacedCall[]> {
  const asked = new Set(
    placed.flatMap(({ call, contactId }) => (call.aside === undefined ? [] : [contactId])),
  );
  if (asked.size === 0) return placed;
  const profiles = new Map<string, ContactProfile>();
  for (const row of await loadContacts(sql, [...asked].sort())) profiles.set(row.id, profileOf(row));
  return placed.map(item => {
    const { call, contactId } = item;
    if (!asked.has(contactId)) return item;
    const before = profiles.get(contactId) ?? EMPTY_PROFILE;
    const said = ownFact(call, kindOf);
    const profile = said === null ? before : applyFact(before, said);
    const told = asideFact(withoutKnown(call, profile), kindOf);
    const after = told === null ? profile : applyFact(profile, told);
    profiles.set(contactId, after);
    if (call.aside === undefined) return item;
    if (told !== null && !isDeepStrictEqual(after, profile))
      return { ...item, call: withoutKnown(call, profile) };
    const { aside: _aside, ...plain } = call;
    return { ...item, call: plain };
  });
}

/** What a call tells of its contact by the way, as a fact; null where it tells nothing. */
export function asideFact({ aside, at, messageId, trust }: Call, kindOf: KindOfDomain): ProfileFact | null {
  if (aside === undefined) return null;
  const address = aside.address === null ? {} : { email: aside.address };
  const traits = { ...address, ...aside.traits };
  if (Object.keys(traits).length === 0) return null;
  return factFromTraits(traits, {
    at,
    messageId,
    mode: modeOf({ trust }),
    kindOf,
  });
}

/** An address that stands in the place of a user id says nothing of somebody who has one. */
function withoutKnown(call: Call, { contact }: ContactProfile): Call {
  if (call.aside === undefined || textIn(contact.email) === null) return call;
  return { ...call, aside: { ...call.aside, address: null } };
}

function ownFact(call: Call, kindOf: KindOfDomain): ProfileFact | null {
  const { says, at, messageId } = call;
  if (says.kind !== 'identify') return null;
  return factFromTraits(says.traits, { at, messageId, mode: modeOf(call), kindOf });
}
