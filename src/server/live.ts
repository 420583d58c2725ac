import { emptyDigest } from '../core/digest.ts';
import type { Happening } from '../core/event.ts';
import { later } from '../core/instant.ts';
import type { ProfileFact } from '../core/profile.ts';
import { loadCompanies } from '../db/company.ts';
import type { Sql } from '../db/database.ts';
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
import { activeAgreements, type RunningAgreement } from './program.ts';
import { raiseSignals } from './signal.ts';
import { assess, type LoadedStanding, type Opens, withHandoff } from './standing.ts';

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

/**
 * Evaluates contacts after something changed and hands over those that qualify: profile, scores, next change, stage
 * and episode are saved in the caller's transaction.
 */
export async function settle(
  sql: Sql,
  app: App,
  work: {
    readonly changes: ReadonlyMap<string, Change>;
    readonly opens: Opens;
    /** Openings that a decision asks for, under one agreement, by contact. */
    readonly asked?: { readonly agreementId: string; readonly of: ReadonlyMap<string, Opening> };
  },
): Promise<Settled> {
  const { changes, asked } = work;
  const contacts = await loadContacts(sql, [...changes.keys()].sort());
  const ids = contacts.map(({ id }) => id);
  const known = await foldContacts(sql, contacts, changes);
  await saveContacts(
    sql,
    known.rows.filter(row => isTouched(changes.get(row.id))),
  );
  await saveKeys(sql, rekeyed(known.rows, contacts, changes), true);
  const given: Given[] = [];
  let signals = 0;
  for (const active of await activeAgreements(sql, app.db)) {
    const standings = new Map((await loadStandings(sql, ids, active.id)).map(row => [row.contact_id, row]));
    const { program } = active;
    const gathered = await gatherEvidence(
      sql,
      active,
      ids.map(id => askOf(id, changes.get(id), { standing: standings.get(id) ?? null, active })),
    );
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
    const opened = assessed.flatMap(({ lead, opening }) =>
      lead === null || opening === null ? [] : [{ ...lead, ...opening, active }],
    );
    const crossings = await loadCrossings(
      sql,
      program,
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
    const handed = await giveOut(sql, app, { candidates, waiting });
    const byContact = new Map(handed.map(entry => [entry.contactId, entry]));
    const rows = assessed.map(({ standing }) =>
      withHandoff(standing, byContact.get(standing.contactId) ?? null),
    );
    await saveStandings(
      sql,
      active,
      rows.map(row => ({ ...row, digested: gathered.digested.has(row.contactId) })),
    );
    await gathered.save();
    await watchDisqualified(
      sql,
      app,
      assessed.flatMap(({ lead }) => {
        const standing = standings.get(lead?.row.id ?? '');
        return lead === null || standing === undefined ? [] : [{ lead, standing, active }];
      }),
    );
    given.push(...handed);
    if (work.opens === 'onCall') {
      const leads = assessed.flatMap(({ lead }) => lead ?? []);
      signals += await raiseSignals(sql, app, { active, leads, changes, handed: new Set(byContact.keys()) });
    }
  }
  return { contactIds: ids, given, signals };
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
    const contacts = await loadContacts(sql, told.map(([id]) => id).sort());
    const { rows } = await foldContacts(sql, contacts, changes);
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

/** Folds new facts onto profiles; where a fact is older than what is known, all facts of that contact are read again. */
async function foldContacts(
  sql: Sql,
  contacts: readonly LoadedContact[],
  changes: ReadonlyMap<string, Change>,
) {
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
  const companyIds = new Set([...folded.values()].flatMap(({ profile }) => profile.companyId ?? []));
  const loaded = companyIds.size === 0 ? [] : await loadCompanies(sql, [...companyIds]);
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
