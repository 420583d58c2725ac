import { emptyDigest } from '../core/digest.ts';
import type { Happening } from '../core/event.ts';
import { later } from '../core/instant.ts';
import type { ProfileFact } from '../core/profile.ts';
import { loadCompanies, loadCompaniesOf } from '../db/company.ts';
import type { Sql } from '../db/database.ts';
import { loadDigests } from '../db/digest.ts';
import { type Rekeyed, saveKeys } from '../db/likeness.ts';
import {
  type ContactRow,
  loadContacts,
  loadFacts,
  loadStandings,
  markUnsettled,
  saveContacts,
  saveStandings,
  touchContacts,
} from '../db/live.ts';
import type { App } from './app.ts';
import { loadCrossings } from './crossing.ts';
import { watchDisqualified } from './disqualified.ts';
import { type Asked, gatherEvidence } from './evidence.ts';
import { bagOf, companyOf, type Folded, factOf, foldFacts, groupBy, profileOf, rowOf } from './fold.ts';
import { type Candidate, giveOut } from './give.ts';
import type { Given, Opening } from './lead.ts';
import { type ActiveAgreement, activeAgreements, type RunningAgreement } from './program.ts';
import { raiseSignals } from './signal.ts';
import { type Assessment, assess, type LoadedStanding, type Opens, withHandoff } from './standing.ts';

/** What is new about a contact. Times in epoch ms; `facts` are the new ones, unless everything must be folded anew. */
export interface Change {
  readonly facts: readonly ProfileFact[];
  readonly mustRefold: boolean;
  /** The earliest creation that anything new tells of. */
  readonly createdAt: number | null;
  readonly lastSeenAt: number | null;
  /** New events of a person, already stored. */
  readonly events: readonly Happening[];
  /** Whether the contact was made by this very change. */
  readonly isNew: boolean;
  /** The instant to evaluate at. */
  readonly now: number;
}

/** A contact that only time has passed for. */
export function noChange(now: number): Change {
  return {
    facts: [],
    mustRefold: false,
    createdAt: null,
    lastSeenAt: null,
    events: [],
    isNew: false,
    now,
  };
}

/** Contacts that only time has passed for. */
export function noChanges(ids: readonly string[], now: number): ReadonlyMap<string, Change> {
  return new Map(ids.map(id => [id, noChange(now)]));
}

/** What an evaluation did, for browsers to be told after the commit. */
export interface Settled {
  readonly contactIds: readonly string[];
  readonly given: readonly Given[];
  /** How many early signals were promised to people. */
  readonly signals?: number;
}

/** What to evaluate, and what that may lead to. */
interface Work {
  readonly changes: ReadonlyMap<string, Change>;
  readonly opens: Opens;
  /** Openings that a decision asks for, under one agreement, by contact. */
  readonly asked?: { readonly agreementId: string; readonly of: ReadonlyMap<string, Opening> };
  /** The active agreements, where they were read in this transaction already. */
  readonly agreements?: readonly ActiveAgreement[];
}

/**
 * Evaluates contacts after something changed and hands over those that qualify: profile, scores, next change, stage
 * and episode are saved in the caller's transaction.
 */
export async function settle(sql: Sql, app: App, work: Work): Promise<Settled> {
  const { changes } = work;
  // What needs nothing of each other is asked for, or saved, in one go: the database answers in the order asked.
  const agreements = work.agreements ?? (await activeAgreements(sql, app.db));
  const asked = [...changes.keys()].sort();
  const [contacts, companies, ...stored] = await Promise.all([
    loadContacts(sql, asked),
    loadTheirCompanies(sql, asked, changes),
    ...agreements.map(({ id }) => loadStored(sql, id, asked)),
  ]);
  const ids = contacts.map(({ id }) => id);
  const known = await foldContacts(sql, { contacts, companies, changes });
  const given: Given[] = [];
  let signals = 0;
  const evaluate = async () => {
    for (const [index, active] of agreements.entries()) {
      const done = await settleUnder(sql, app, { ...work, active, known, stored: stored[index] ?? NOTHING });
      given.push(...done.given);
      signals += done.signals;
    }
  };
  await Promise.all([
    saveContacts(
      sql,
      known.rows.filter(row => isTouched(changes.get(row.id))),
    ),
    saveKeys(sql, rekeyed(known.rows, contacts, changes), true),
    evaluate(),
  ]);
  return { contactIds: ids, given, signals };
}

/** Where contacts stood under an agreement, and what is kept of their events. */
interface Stored {
  readonly standings: ReadonlyMap<string, LoadedStanding>;
  readonly digests: Awaited<ReturnType<typeof loadDigests>>;
}

const NOTHING: Stored = { standings: new Map(), digests: [] };

async function loadStored(sql: Sql, agreementId: string, ids: readonly string[]): Promise<Stored> {
  const [standings, digests] = await Promise.all([
    loadStandings(sql, ids, agreementId),
    loadDigests(sql, ids, agreementId),
  ]);
  return { standings: new Map(standings.map(row => [row.contact_id, row])), digests };
}

/** Evaluates contacts under one agreement; what qualifies is handed over, and where they stand now is saved. */
async function settleUnder(
  sql: Sql,
  app: App,
  work: Work & {
    readonly active: ActiveAgreement;
    readonly known: Awaited<ReturnType<typeof foldContacts>>;
    readonly stored: Stored;
  },
): Promise<{ readonly given: readonly Given[]; readonly signals: number }> {
  const { changes, asked, active, known } = work;
  const { standings, digests } = work.stored;
  const { program } = active;
  const gathered = await gatherEvidence(sql, active, {
    asked: known.rows.map(({ id }) =>
      askOf(id, changes.get(id), { standing: standings.get(id) ?? null, active }),
    ),
    digests,
  });
  const assessed = known.rows.map(row =>
    assess({
      active,
      row,
      folded: known.folded.get(row.id) ?? foldFacts([]),
      companies: known.companies,
      evidence: gathered.of.get(row.id) ?? { digest: emptyDigest(program.plan), nextEventAt: null },
      standing: standings.get(row.id) ?? null,
      now: changes.get(row.id)?.now ?? 0,
      opens: work.opens,
      asked: asked?.agreementId === active.id ? (asked.of.get(row.id) ?? null) : null,
    }),
  );
  const handed = await handOver(sql, app, active, assessed);
  const byContact = new Map(handed.map(entry => [entry.contactId, entry]));
  const rows = assessed.map(({ standing }) =>
    withHandoff(standing, byContact.get(standing.contactId) ?? null),
  );
  const watched = assessed.flatMap(({ lead }) => {
    const standing = standings.get(lead?.row.id ?? '');
    return lead === null || standing === undefined ? [] : [{ lead, standing, active }];
  });
  const leads = assessed.flatMap(({ lead }) => lead ?? []);
  const [, , , signals] = await Promise.all([
    saveStandings(
      sql,
      active,
      rows.map(row => ({ ...row, digested: gathered.digested.has(row.contactId) })),
    ),
    gathered.save(),
    watchDisqualified(sql, app, watched),
    work.opens === 'onCall'
      ? raiseSignals(sql, app, { active, leads, changes, handed: new Set(byContact.keys()) })
      : 0,
  ]);
  return { given: handed, signals };
}

/** Hands over who may be, and tries again for those that wait. */
async function handOver(
  sql: Sql,
  app: App,
  active: ActiveAgreement,
  assessed: readonly Assessment[],
): Promise<readonly Given[]> {
  const opened = assessed.flatMap(({ lead, opening }) =>
    lead === null || opening === null ? [] : [{ ...lead, ...opening, active }],
  );
  const crossings = await loadCrossings(
    sql,
    active.program,
    opened
      .filter(({ disqualifier }) => disqualifier === null)
      .map(({ row, now, since }) => ({ id: row.id, now, since })),
  );
  const candidates = opened.map(
    (found): Candidate => ({ ...found, qualifiedAt: crossings.get(found.row.id) ?? found.now }),
  );
  const waiting = assessed.flatMap(({ lead, waiting: episodeId }) =>
    lead === null || episodeId === null ? [] : [{ ...lead, active, episodeId }],
  );
  return giveOut(sql, app, { candidates, waiting });
}

/**
 * Saves what is new about contacts but leaves their evaluation to a later settling: an import touches the same contact
 * many times. They count as never evaluated until then, so that a sweep, which opens nothing for those, makes up for a
 * process that ends in between.
 */
export async function settleLater(sql: Sql, changes: ReadonlyMap<string, Change>): Promise<Settled> {
  const told = [...changes].filter(([, change]) => change.mustRefold || change.facts.length > 0);
  const seen = [...changes].filter(([, change]) => !change.mustRefold && change.facts.length === 0);
  await touchContacts(
    sql,
    seen.map(([id, change]) => ({ id, ...change })),
  );
  if (told.length > 0) {
    const ids = told.map(([id]) => id).sort();
    const [contacts, companies] = await Promise.all([
      loadContacts(sql, ids),
      loadTheirCompanies(sql, ids, changes),
    ]);
    const { rows } = await foldContacts(sql, { contacts, companies, changes });
    await saveContacts(sql, rows);
    await saveKeys(sql, rekeyed(rows, contacts, changes), true);
  }
  const contactIds = [...changes.keys()];
  await markUnsettled(sql, contactIds);
  return { contactIds, given: [] };
}

function isTouched(change: Change | undefined): boolean {
  return (
    isTold(change) || (change !== undefined && (change.createdAt !== null || change.lastSeenAt !== null))
  );
}

/** Whether anything new was said of the profile. */
function isTold(change: Change | undefined): boolean {
  return change !== undefined && (change.mustRefold || change.facts.length > 0);
}

/** The rows of contacts of whom something new was said, each with what was known before. */
function rekeyed(
  rows: readonly ContactRow[],
  before: readonly LoadedContact[],
  changes: ReadonlyMap<string, Change>,
): readonly Rekeyed[] {
  const byId = new Map(before.map(contact => [contact.id, contact]));
  return rows.flatMap(row => {
    const [known, change] = [byId.get(row.id), changes.get(row.id)];
    if (change === undefined || (!change.mustRefold && change.facts.length === 0)) return [];
    const was =
      known === undefined
        ? null
        : {
            id: row.id,
            contact: known.contact,
            companyName: known.company_name,
            companyId: known.company_id,
          };
    return [{ row, before: was, mustSave: change.mustRefold }];
  });
}

type LoadedContact = Awaited<ReturnType<typeof loadContacts>>[number];

/** The companies that contacts are of, and those that new facts say they are of. */
function loadTheirCompanies(
  sql: Sql,
  contactIds: readonly string[],
  changes: ReadonlyMap<string, Change>,
): Promise<readonly LoadedCompany[]> {
  const told = [...changes.values()].flatMap(({ facts }) =>
    facts.flatMap(({ companyId }) => companyId ?? []),
  );
  return loadCompaniesOf(sql, { ids: [...new Set(told)], contactIds });
}

type LoadedCompany = Awaited<ReturnType<typeof loadCompanies>>[number];

/** Folds new facts onto profiles; where a fact is older than what is known, all facts of that contact are read again. */
async function foldContacts(
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
  const loaded = [...of.companies, ...(missing.size === 0 ? [] : await loadCompanies(sql, [...missing]))];
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

/** What to ask for of a contact's evidence: the stored digest, unless it is of another version, of a later time, or void. */
function askOf(
  id: string,
  change: Change = noChange(0),
  { standing, active }: { readonly standing: LoadedStanding | null; readonly active: RunningAgreement },
): Asked {
  const { now, events } = change;
  if (change.isNew && !change.mustRefold) return { id, now, events, stored: 'none' };
  const isKept =
    standing?.digested === true &&
    standing.version === active.version &&
    standing.evaluated_at <= now &&
    !change.mustRefold;
  return { id, now, events, stored: isKept ? 'kept' : 'unusable' };
}
