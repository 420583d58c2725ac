import type { Bag } from './bag.ts';
import {
  applyFact,
  byTime,
  type ContactProfile,
  EMPTY_PROFILE,
  type ProfileFact,
  type ProfileVersion,
  setBag,
} from './profile.ts';

/** A contact after new facts: what holds now, and the versions of its profile that lead there. */
export interface Folded {
  readonly profile: ContactProfile;
  readonly profileAt: number | null;
  readonly versions: readonly { readonly at: number | null; readonly profile: ContactProfile }[];
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
