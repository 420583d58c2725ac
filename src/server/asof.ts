import { profileAt } from '../core/facts.ts';
import { type PrintedScore, printScore } from '../core/print.ts';
import { fillBag, setBag } from '../core/profile.ts';
import { historyUntil, makeSubject, nextChangeAt, scoreAt } from '../core/score.ts';
import { loadCompanyFacts } from '../db/company.ts';
import type { Database, Sql } from '../db/database.ts';
import { loadCreation, loadEvents, loadFacts } from '../db/live.ts';
import { bagOf, type Folded, factOf, foldFacts, historyOf, scoringVersions } from './fold.ts';
import { activeAgreements, findAgreement, type RunningAgreement } from './program.ts';

/**
 * The score of a contact as of any time, from the facts recorded up to `knownAt`, under any version; null when there is
 * no such contact, agreement or version.
 */
export async function scoreOfContact(
  db: Database,
  asked: {
    readonly contactId: string;
    readonly at: number;
    readonly knownAt: number;
    readonly agreementId: string | null;
    readonly version: number | null;
  },
): Promise<PrintedScore | null> {
  const active = await findVersion(db, asked.agreementId, asked.version);
  const contact = await loadCreation(db, asked.contactId);
  if (active === null || contact === null) return null;
  const { program } = active;
  const folded = foldFacts((await loadFacts(db, [contact.id], asked.knownAt)).map(factOf));
  const events = await loadEvents(db, [contact.id], {
    names: program.eventNames,
    any: program.usesAnyEvent,
    knownAt: asked.knownAt,
  });
  const companies = await companiesAt(db, folded, asked);
  const subject = makeSubject(program, {
    profile: profileAt(scoringVersions(folded, companies), asked.at),
    history: historyUntil(historyOf(program, events), asked.at),
    createdAt: contact.created_at,
  });
  const score = scoreAt(program, subject, asked.at);
  return printScore({
    id: contact.id,
    at: asked.at,
    score,
    nextChangeAt: nextChangeAt(program, subject, asked.at),
  });
}

async function companiesAt(
  sql: Sql,
  folded: Folded,
  asked: { readonly at: number; readonly knownAt: number },
) {
  const ids = [...new Set(folded.versions.flatMap(({ profile }) => profile.companyId ?? []))];
  const facts = ids.length === 0 ? [] : await loadCompanyFacts(sql, ids, asked.knownAt);
  const companies = new Map<string, Readonly<Record<string, unknown>>>();
  for (const fact of facts) {
    if (fact.at > asked.at) continue;
    const merge = fact.mode === 'fill' ? fillBag : setBag;
    companies.set(fact.company_id, merge(companies.get(fact.company_id) ?? {}, bagOf(fact.traits)));
  }
  return companies;
}

async function findVersion(
  db: Database,
  agreementId: string | null,
  version: number | null,
): Promise<RunningAgreement | null> {
  const active = await activeAgreements(db, db);
  const chosen = agreementId === null ? active[0] : active.find(({ id }) => id === agreementId);
  if (version === null && chosen !== undefined) return chosen;
  const id = agreementId ?? chosen?.id;
  return id === undefined || version === null ? null : findAgreement(db, db, { id, version });
}
