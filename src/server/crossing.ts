import type { ProfileVersion } from '../core/facts.ts';
import { fillBag, setBag } from '../core/profile.ts';
import type { Program } from '../core/program.ts';
import { qualifiedSince } from '../core/replay.ts';
import { loadCompanyFacts } from '../db/company.ts';
import type { Sql } from '../db/database.ts';
import { type LoadedEvent, loadFacts } from '../db/live.ts';
import { bagOf, companyOf, type Folded, factOf, foldFacts, groupBy, historyOf } from './fold.ts';

type CompanyFact = Awaited<ReturnType<typeof loadCompanyFacts>>[number];

/** A contact that qualifies at `now`, and since when a crossing can count; epoch ms. */
export interface Crosser {
  readonly id: string;
  readonly since: number;
  readonly createdAt: number;
  readonly now: number;
  readonly events: readonly LoadedEvent[];
}

/**
 * When contacts crossed the line to where they qualify now, to the millisecond: from all facts of their profiles and
 * companies, each from the time it holds. Contacts are few here, so their whole history is walked.
 */
export async function loadCrossings(
  sql: Sql,
  program: Program,
  crossers: readonly Crosser[],
  knownAt: number,
): Promise<ReadonlyMap<string, number>> {
  if (crossers.length === 0) return new Map();
  const ids = crossers.map(({ id }) => id);
  const facts = groupBy(await loadFacts(sql, ids, knownAt), row => row.contact_id);
  const folds = new Map(ids.map(id => [id, foldFacts((facts.get(id) ?? []).map(factOf))]));
  const companyIds = new Set(
    [...folds.values()].flatMap(({ versions }) => versions.flatMap(({ profile }) => profile.companyId ?? [])),
  );
  const told = companyIds.size === 0 ? [] : await loadCompanyFacts(sql, [...companyIds], knownAt);
  const companies = groupBy(told, row => row.company_id);
  return new Map(
    crossers.map(({ id, since, createdAt, now, events }) => {
      const versions = versionsOverTime(folds.get(id) ?? foldFacts([]), companies);
      const timeline = { createdAt, versions, history: historyOf(program, events) };
      return [id, qualifiedSince(program, timeline, { from: Math.max(since, createdAt), to: now }) ?? now];
    }),
  );
}

/** Profile versions with what was known of the company at each time: one more wherever the company was told something. */
export function versionsOverTime(
  { versions }: Folded,
  companies: ReadonlyMap<string, readonly CompanyFact[]>,
): readonly ProfileVersion[] {
  return versions.flatMap(({ at, profile }, index) => {
    const until = versions[index + 1]?.at ?? (index + 1 < versions.length ? null : Number.POSITIVE_INFINITY);
    const told = companies.get(profile.companyId ?? '') ?? [];
    let traits: Readonly<Record<string, unknown>> = {};
    const over: ProfileVersion[] = [];
    const add = (from: number | null) => {
      const known = profile.companyId === null ? new Map() : new Map([[profile.companyId, traits]]);
      over.push({ at: from, contact: profile.contact, company: companyOf(profile, known) });
    };
    const isBefore = (fact: CompanyFact) => at !== null && fact.at <= at;
    const apply = ({ mode, traits: said }: CompanyFact) => {
      traits = (mode === 'fill' ? fillBag : setBag)(traits, bagOf(said));
    };
    for (const fact of told.filter(isBefore)) apply(fact);
    add(at);
    for (const fact of told) {
      if (isBefore(fact) || until === null || fact.at >= until) continue;
      apply(fact);
      add(fact.at);
    }
    return over;
  });
}
