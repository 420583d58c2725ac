import { profileAt } from '../core/facts.ts';
import { fillBag, setBag, textIn } from '../core/profile.ts';
import type { Program } from '../core/program.ts';
import { qualifiedSince, type Timeline } from '../core/replay.ts';
import { historyUntil, makeSubject, nextChangeAt, type Score, scoreAt } from '../core/score.ts';
import { loadCompanyFacts } from '../db/company.ts';
import type { Sql } from '../db/database.ts';
import { loadEvents, loadFacts } from '../db/live.ts';
import { bagOf, type Folded, factOf, foldFacts, historyOf, scoringVersions } from './fold.ts';

/** A contact whose past is asked for, with when it was created; epoch ms. */
export interface Asked {
  readonly id: string;
  readonly createdAt: number;
}

/** How a contact stood at some time. */
export interface Standing {
  readonly score: Score;
  readonly nextChangeAt: number | null;
  /** Since when it has qualified without a break; null when it does not. */
  readonly qualifiedSince: () => number | null;
  readonly source: string | null;
}

/** What is known of a contact's past, ready to be scored at any time up to now. */
export interface Past {
  readonly scoreAt: (at: number) => Score;
  readonly standingAt: (at: number) => Standing;
}

/** Loads everything that scores of contacts under a program depend on, in three statements however many there are. */
export async function loadPasts(
  sql: Sql,
  contacts: readonly Asked[],
  by: { readonly program: Program; readonly now: number },
): Promise<ReadonlyMap<string, Past>> {
  const { program, now } = by;
  const ids = contacts.map(({ id }) => id);
  const facts = grouped(await loadFacts(sql, ids, now));
  const names = { names: program.eventNames, any: program.usesAnyEvent, knownAt: now };
  const events = grouped(await loadEvents(sql, ids, names));
  const folded = new Map(ids.map(id => [id, foldFacts((facts.get(id) ?? []).map(factOf))]));
  const companies = await loadCompanyHistory(sql, [...folded.values()], now);
  return new Map(
    contacts.map(({ id, createdAt }) => {
      const fold = folded.get(id) ?? foldFacts([]);
      const history = historyOf(program, events.get(id) ?? []);
      return [id, openPast({ program, createdAt, folded: fold, history, companies })];
    }),
  );
}

function grouped<Row extends { readonly contact_id: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.contact_id);
    if (group === undefined) groups.set(row.contact_id, [row]);
    else group.push(row);
  }
  return groups;
}

type CompanyFact = Awaited<ReturnType<typeof loadCompanyFacts>>[number];

async function loadCompanyHistory(
  sql: Sql,
  folds: readonly Folded[],
  now: number,
): Promise<ReadonlyMap<string, readonly CompanyFact[]>> {
  const ids = new Set(
    folds.flatMap(({ versions }) => versions.flatMap(({ profile }) => profile.companyId ?? [])),
  );
  const history = new Map<string, CompanyFact[]>();
  for (const fact of ids.size === 0 ? [] : await loadCompanyFacts(sql, [...ids], now)) {
    history.set(fact.company_id, [...(history.get(fact.company_id) ?? []), fact]);
  }
  return history;
}

function openPast(of: {
  readonly program: Program;
  readonly createdAt: number;
  readonly folded: Folded;
  readonly history: Timeline['history'];
  readonly companies: ReadonlyMap<string, readonly CompanyFact[]>;
}): Past {
  const { program, createdAt, folded, history } = of;
  const subjectAt = (at: number) => {
    const versions = scoringVersions(folded, companiesAt(of, at));
    const profile = profileAt(versions, at);
    const subject = makeSubject(program, { profile, history: historyUntil(history, at), createdAt });
    return { versions, profile, subject };
  };
  return {
    scoreAt: at => scoreAt(program, subjectAt(at).subject, at),
    standingAt: at => {
      const { versions, profile, subject } = subjectAt(at);
      return {
        score: scoreAt(program, subject, at),
        nextChangeAt: nextChangeAt(program, subject, at),
        qualifiedSince: () =>
          qualifiedSince(program, { createdAt, versions, history }, { from: createdAt, to: at }),
        source: textIn(bagOf(profile.contact).source),
      };
    },
  };
}

/** What was known of a contact's companies at a time. */
function companiesAt(
  of: { readonly folded: Folded; readonly companies: ReadonlyMap<string, readonly CompanyFact[]> },
  at: number,
) {
  const ids = new Set(of.folded.versions.flatMap(({ profile }) => profile.companyId ?? []));
  return new Map(
    [...ids].map(id => {
      const told = (of.companies.get(id) ?? []).filter(fact => fact.at <= at);
      const traits = told.reduce<Readonly<Record<string, unknown>>>(
        (known, { mode, traits: said }) => (mode === 'fill' ? fillBag : setBag)(known, bagOf(said)),
        {},
      );
      return [id, traits];
    }),
  );
}
