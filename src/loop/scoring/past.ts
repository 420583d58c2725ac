import { bagOf } from '../../core/contact/bag.ts';
import { companyOf, type Folded, foldFacts } from '../../core/contact/fold.ts';
import { groupBy } from '../../core/contact/group.ts';
import { type ProfileVersion, setBag } from '../../core/contact/profile.ts';
import type { Timeline } from '../../core/replay/replay.ts';
import { profileAt } from '../../core/scoring/facts.ts';
import type { Program } from '../../core/scoring/program.ts';
import {
  historyUntil,
  makeSubject,
  nextChangeAt,
  type Score,
  type Subject,
  scoreAt,
} from '../../core/scoring/score.ts';
import { earlier } from '../../core/time/instant.ts';
import { loadCompanyFacts } from '../../db/contact/company.ts';
import type { Sql } from '../../db/database.ts';
import {
  type HolderRow,
  loadHolders,
  loadPastEvents,
  loadPastFacts,
  type PastEvent,
} from '../../db/scoring/past.ts';
import { factOf, historyOf } from '../contact/fold.ts';

/** All that was known of a contact by some time, over the whole of its past. Times in epoch ms. */
export interface Past {
  /** The contact: the one asked for, or the one it had been joined to by then. */
  readonly id: string;
  /** `createdAt` is the creation as all of these facts tell it. */
  readonly timeline: Timeline;
  /** The creation as the facts up to an instant tell it; null when they do not know the contact. */
  readonly createdBy: (at: number) => number | null;
  /** The events that the program can match and that counted as a person's, the earliest first. */
  readonly events: readonly PastEvent[];
}

/**
 * Loads what was known of contacts at `knownAt`, ready to be scored under a program at any time; by the id
 * asked for. Contacts about which nothing was known yet are left out. Four statements, however many contacts,
 * events or merges there are; where contacts are not locked, they must read the same moment.
 */
export async function loadPasts(
  sql: Sql,
  ids: readonly string[],
  by: { readonly program: Program; readonly knownAt: number },
): Promise<ReadonlyMap<string, Past>> {
  const { program, knownAt } = by;
  const holders = ids.length === 0 ? [] : await loadHolders(sql, ids, knownAt);
  if (holders.length === 0) return new Map();
  const holderOf = new Map(holders.flatMap(({ id, origin_ids }) => origin_ids.map(origin => [origin, id])));
  const byHolder = (row: { readonly origin_id: string }) => holderOf.get(row.origin_id) ?? row.origin_id;
  const held = {
    ownerIds: [...new Set(holders.flatMap(row => row.owner_ids))],
    originIds: [...holderOf.keys()],
    knownAt,
  };
  const [factRows, eventRows] = await Promise.all([
    loadPastFacts(sql, held),
    loadPastEvents(sql, held, { names: program.eventNames, any: program.usesAnyEvent }),
  ]);
  const facts = groupBy(factRows, byHolder);
  const events = groupBy(eventRows, byHolder);
  const folds = new Map([...facts].map(([id, rows]) => [id, foldFacts(rows.map(factOf))]));
  const companies = await loadCompanies(sql, [...folds.values()], knownAt);
  return new Map(
    holders.flatMap((holder): readonly [string, Past][] => {
      const { id } = holder;
      const createdBy = creationOf(holder, facts.get(id) ?? []);
      const createdAt = createdBy(Number.POSITIVE_INFINITY);
      if (createdAt === null) return [];
      const told = [...(events.get(id) ?? [])].sort((a, b) => a.at - b.at || a.id - b.id);
      const versions = versionsOverTime(folds.get(id) ?? foldFacts([]), companies);
      const timeline = { createdAt, versions, history: historyOf(program, told) };
      return [[holder.asked_id, { id, timeline, createdBy, events: told }]];
    }),
  );
}

/** What a program scores of a contact at an instant: the facts up to then, nothing later; null before it was created. */
export function scoredAt(program: Program, past: Past, at: number): Subject | null {
  const createdAt = past.createdBy(at);
  if (createdAt === null) return null;
  const { versions, history } = past.timeline;
  return makeSubject(program, {
    profile: profileAt(versions, at),
    history: historyUntil(history, at),
    createdAt,
  });
}

/** How a contact stands of which nothing is known. */
export const UNKNOWN = { subject: null, score: { applies: false }, nextChangeAt: null } as const;

/** The score of a contact at an instant, of which subject (null before it was created), and when it changes next with no new data. */
export function standingOf(
  program: Program,
  past: Past,
  at: number,
): { readonly subject: Subject | null; readonly score: Score; readonly nextChangeAt: number | null } {
  const subject = scoredAt(program, past, at);
  if (subject === null) return UNKNOWN;
  return { subject, score: scoreAt(program, subject, at), nextChangeAt: nextChangeAt(program, subject, at) };
}

type FactRow = Awaited<ReturnType<typeof loadPastFacts>>[number];

/** A creation that was given holds whenever it is asked for; what was seen or done does only from then on. */
function creationOf(
  { seen_at, first_event_at }: HolderRow,
  facts: readonly FactRow[],
): (at: number) => number | null {
  const given = facts.reduce<number | null>((first, { created_at }) => earlier(first, created_at), null);
  const seen = [seen_at, first_event_at, ...facts.map(({ said_at }) => said_at)].reduce(earlier, null);
  return at => earlier(given, seen !== null && seen <= at ? seen : null);
}

type CompanyFact = Awaited<ReturnType<typeof loadCompanyFacts>>[number];

async function loadCompanies(
  sql: Sql,
  folds: readonly Folded[],
  knownAt: number,
): Promise<ReadonlyMap<string, readonly CompanyFact[]>> {
  const ids = new Set(
    folds.flatMap(({ versions }) => versions.flatMap(({ profile }) => profile.companyId ?? [])),
  );
  const facts = ids.size === 0 ? [] : await loadCompanyFacts(sql, [...ids], knownAt);
  return groupBy(facts, row => row.company_id);
}

/** Profile versions with what was known of the company at each time: one more wherever the company was told something. */
function versionsOverTime(
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
    const apply = ({ traits: said }: CompanyFact) => {
      traits = setBag(traits, bagOf(said));
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
