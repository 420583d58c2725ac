import { isObject } from '../../core/condition/reading.ts';
import {
  applyFact,
  byTime,
  type ContactProfile,
  displayName,
  EMPTY_PROFILE,
  type ProfileFact,
  setBag,
  textIn,
} from '../../core/contact/profile.ts';
import type { ProfileVersion } from '../../core/scoring/facts.ts';
import type { Program } from '../../core/scoring/program.ts';
import type { ContactRow, loadContacts } from '../../db/contact/profile.ts';
import type { LoadedEvent, loadFacts } from '../../db/intake/event.ts';

type Bag = Readonly<Record<string, unknown>>;
type LoadedContact = Awaited<ReturnType<typeof loadContacts>>[number];
/** A stored fact, from whichever statement. */
type LoadedFact = Omit<Awaited<ReturnType<typeof loadFacts>>[number], 'contact_id'>;

/** A contact after new facts: what holds now, and the versions of its profile that lead there. */
export interface Folded {
  readonly profile: ContactProfile;
  readonly profileAt: number | null;
  readonly versions: readonly { readonly at: number | null; readonly profile: ContactProfile }[];
}

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
    contact: bagOf(row.contact),
    companyPart: bagOf(row.company_part),
    companyId: row.company_id,
    unverified: row.unverified,
  };
}

/** Folds facts, in the order of the time they hold from, onto a profile (by default an empty one). */
export function foldFacts(facts: readonly ProfileFact[], start: ContactProfile = EMPTY_PROFILE): Folded {
  const versions: { at: number | null; profile: ContactProfile }[] = [{ at: null, profile: start }];
  let profile = start;
  let profileAt: number | null = null;
  for (const fact of [...facts].sort(byTime)) {
    profile = applyFact(profile, fact);
    profileAt = fact.at ?? profileAt;
    versions.push({ at: fact.at, profile });
  }
  return { profile, profileAt, versions };
}

/** Profile versions with what is known of the company, as scoring reads them. */
export function scoringVersions(
  folded: Folded,
  companies: ReadonlyMap<string, Bag>,
): readonly ProfileVersion[] {
  return folded.versions.map(({ at, profile }) => ({
    at,
    contact: profile.contact,
    company: companyOf(profile, companies),
  }));
}

/** What is known of a contact's company: its own part, and over it what the company itself is known by. */
export function companyOf(profile: ContactProfile, companies: ReadonlyMap<string, Bag>): Bag {
  const traits = profile.companyId === null ? undefined : companies.get(profile.companyId);
  return traits === undefined ? profile.companyPart : setBag(profile.companyPart, traits);
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
  const { contact, companyPart, companyId, unverified } = folded.profile;
  return {
    id,
    createdAt: more.createdAt,
    lastSeenAt: more.lastSeenAt,
    email: textIn(contact.email)?.toLowerCase() ?? null,
    name: displayName(contact),
    title: textIn(contact.title)?.slice(0, 200) ?? null,
    companyName: (textIn(more.company.name) ?? more.domain)?.slice(0, 200) ?? null,
    companyId,
    contact,
    companyPart,
    unverified,
    profileAt: folded.profileAt,
  };
}

/** A value of a jsonb column as an object; anything else is empty. */
export function bagOf(value: unknown): Bag {
  return isObject(value) ? value : {};
}
