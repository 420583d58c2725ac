import { bagOf } from '../../core/contact/bag.ts';
import { companyOf, type Folded, foldFacts } from '../../core/contact/fold.ts';
import { groupBy } from '../../core/contact/group.ts';
import { later } from '../../core/time/instant.ts';
import { loadCompanies } from '../../db/contact/company.ts';
import type { ContactRow, loadContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import type { Rekeyed } from '../../db/duplicate/candidate.ts';
import { loadFacts } from '../../db/intake/event.ts';
import { type Change, isTold } from './change.ts';
import { factOf, profileOf, rowOf } from './fold.ts';

/** The rows of contacts about which something new was said, each with what was known before. */
export function rekeyed(
  rows: readonly ContactRow[],
  before: readonly LoadedContact[],
  changes: ReadonlyMap<string, Change>,
): readonly Rekeyed[] {
  const byId = new Map(before.map(contact => [contact.id, contact]));
  return rows.flatMap(row => {
    const [known, change] = [byId.get(row.id), changes.get(row.id)];
    if (change === undefined || !isTold(change)) return [];
    const was =
      known === undefined
        ? null
        : {
            id: row.id,
            contact: known.contact,
            companyPart: known.company_part,
            companyName: known.company_name,
            companyId: known.company_id,
          };
    return [{ row, before: was, mustSave: change.mustRefold }];
  });
}

type LoadedContact = Awaited<ReturnType<typeof loadContacts>>[number];

/** The companies that contacts are of, and those that new facts say they are of. */
export function loadTheirCompanies(
  sql: Sql,
  contactIds: readonly string[],
  changes: ReadonlyMap<string, Change>,
): Promise<readonly LoadedCompany[]> {
  const told = [...changes.values()].flatMap(({ facts }) =>
    facts.flatMap(({ companyId }) => companyId ?? []),
  );
  return loadCompanies(sql, { ids: [...new Set(told)], contactIds });
}

type LoadedCompany = Awaited<ReturnType<typeof loadCompanies>>[number];

/** Folds new facts onto profiles; where a fact is older than what is known, all facts of that contact are read again. */
export async function foldContacts(
  sql: Sql,
  of: {
    readonly contacts: readonly LoadedContact[];
    readonly companies: readonly LoadedCompany[];
    readonly changes: ReadonlyMap<string, Change>;
  },
) {
  const { contacts, changes } = of;
  const isLate = (contact: LoadedContact, change: Change) =>
    change.facts.some(
      fact => contact.profile_at !== null && (fact.at ?? Number.NEGATIVE_INFINITY) <= contact.profile_at,
    );
  const stale = contacts.filter(contact => {
    const change = changes.get(contact.id);
    return change !== undefined && (change.mustRefold || isLate(contact, change));
  });
  const history = groupBy(
    stale.length === 0
      ? []
      : await loadFacts(
          sql,
          stale.map(({ id }) => id),
        ),
    row => row.contact_id,
  );
  const staleIds = new Set(stale.map(({ id }) => id));
  const folded = new Map<string, Folded>();
  for (const contact of contacts) {
    const fold = staleIds.has(contact.id)
      ? foldFacts((history.get(contact.id) ?? []).map(factOf))
      : foldFacts(changes.get(contact.id)?.facts ?? [], profileOf(contact));
    folded.set(contact.id, { ...fold, profileAt: fold.profileAt ?? contact.profile_at });
  }
  const missing = new Set([...folded.values()].flatMap(({ profile }) => profile.companyId ?? []));
  for (const { id } of of.companies) missing.delete(id);
  const more = missing.size === 0 ? [] : await loadCompanies(sql, { ids: [...missing], contactIds: [] });
  const loaded = [...of.companies, ...more];
  const companies = new Map(loaded.map(({ id, traits }) => [id, bagOf(traits)]));
  const domains = new Map(loaded.map(({ id, domain }) => [id, domain]));
  const rows = contacts.map((contact): ContactRow => {
    const fold = folded.get(contact.id) ?? foldFacts([]);
    const change = changes.get(contact.id);
    return rowOf(contact.id, fold, {
      company: companyOf(fold.profile, companies),
      createdAt: Math.min(contact.created_at, change?.createdAt ?? contact.created_at),
      lastSeenAt: later(contact.last_seen_at, change?.lastSeenAt ?? null),
      domain: domains.get(fold.profile.companyId ?? '') ?? null,
    });
  });
  return { rows, folded, companies };
}
