import { type Bag, bagOf } from '../../core/contact/bag.ts';
import { normaliseEmail } from '../../core/contact/email.ts';
import type { Folded } from '../../core/contact/fold.ts';
import { type ContactProfile, displayName, type ProfileFact, textIn } from '../../core/contact/profile.ts';
import type { Program } from '../../core/scoring/program.ts';
import type { ContactRow, loadContacts } from '../../db/contact/profile.ts';
import type { LoadedEvent, loadFacts } from '../../db/intake/event.ts';

type LoadedContact = Awaited<ReturnType<typeof loadContacts>>[number];
/** A stored fact, from whichever statement. */
type LoadedFact = Omit<Awaited<ReturnType<typeof loadFacts>>[number], 'contact_id'>;

/** A stored fact as core knows it. */
export function factOf(row: LoadedFact): ProfileFact {
  return {
    at: row.at,
    messageId: row.message_id,
    mode: row.mode === 'fill' || row.mode === 'replace' ? row.mode : 'set',
    contact: bagOf(row.contact),
    companyPart: bagOf(row.company_part),
    companyId: row.company_id,
  };
}

/** The profile that a contact's row holds. */
export function profileOf(row: LoadedContact): ContactProfile {
  return {
    isVouched: row.vouched,
    contact: bagOf(row.contact),
    companyPart: bagOf(row.company_part),
    companyId: row.company_id,
    unverified: row.unverified,
  };
}

/** The times of a contact's events in each slot of a program, ascending. */
export function historyOf(
  program: Program,
  events: readonly Omit<LoadedEvent, 'contact_id'>[],
): readonly (readonly number[])[] {
  const times = Array.from({ length: program.slots }, (): number[] => []);
  for (const { at, name, properties, context } of events) {
    for (const slot of program.slotsOf({ at, name, properties, context })) times[slot]?.push(at);
  }
  for (const slot of times) slot.sort((a, b) => a - b);
  return times;
}

/** The address in what was given for one; what none can be read from as it was given. */
function emailOf(contact: Bag): string | null {
  const given = textIn(contact.email);
  return given === null ? null : normaliseEmail(given);
}

/** The row to store for a contact with this profile. */
export function rowOf(
  id: string,
  folded: Pick<Folded, 'profile' | 'profileAt'>,
  more: {
    readonly company: Bag;
    readonly createdAt: number;
    readonly lastSeenAt: number | null;
    readonly domain: string | null;
  },
): ContactRow {
  const { isVouched, contact, companyPart, companyId, unverified } = folded.profile;
  return {
    id,
    createdAt: more.createdAt,
    lastSeenAt: more.lastSeenAt,
    email: emailOf(contact),
    name: displayName(contact),
    title: textIn(contact.title)?.slice(0, 200) ?? null,
    companyName: (textIn(more.company.name) ?? more.domain)?.slice(0, 200) ?? null,
    companyId,
    contact,
    companyPart,
    unverified,
    isVouched,
    profileAt: folded.profileAt,
  };
}
