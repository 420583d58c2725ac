import { profileAt } from '../core/facts.ts';
import { earlier, later } from '../core/instant.ts';
import { type ProfileFact, textIn } from '../core/profile.ts';
import type { Timeline } from '../core/replay.ts';
import { historyUntil, makeSubject, nextChangeAt, scoreAt } from '../core/score.ts';
import type { Stage } from '../core/stage.ts';
import { loadCompanies } from '../db/company.ts';
import type { Sql } from '../db/database.ts';
import {
  type ContactRow,
  loadContacts,
  loadEvents,
  loadFacts,
  loadStandings,
  markUnsettled,
  type StandingRow,
  saveContacts,
  saveStandings,
  touchContacts,
} from '../db/live.ts';
import type { App } from './app.ts';
import { loadCrossings } from './crossing.ts';
import {
  bagOf,
  companyOf,
  type Folded,
  factOf,
  foldFacts,
  groupBy,
  historyOf,
  profileOf,
  rowOf,
  scoringVersions,
} from './fold.ts';
import { type Candidate, type Given, giveOut } from './give.ts';
import { activeAgreements, type RunningAgreement } from './program.ts';

/** What is new about a contact. Times in epoch ms; `facts` are the new ones, unless everything must be folded anew. */
export interface Change {
  readonly facts: readonly ProfileFact[];
  readonly mustRefold: boolean;
  /** The earliest creation that anything new tells of. */
  readonly createdAt: number | null;
  readonly lastSeenAt: number | null;
  /** The instant to evaluate at. */
  readonly now: number;
}

/** A contact that only time has passed for. */
export function noChange(now: number): Change {
  return { facts: [], mustRefold: false, createdAt: null, lastSeenAt: null, now };
}

/**
 * What may open episodes: a live call; the passing of time, which leaves alone those that imported history already
 * qualified; or nothing, for imports.
 */
export type Opens = 'onCall' | 'onTime' | 'never';

/**
 * Everything recorded so far, whichever node's clock stamped it: the last instant of the wire format. What lies after
 * the instant of an evaluation is looked at again when that comes.
 */
export const ALL_KNOWN = 253_402_300_799_999;

/** What an evaluation did, for browsers to be told after the commit. */
export interface Settled {
  readonly contactIds: readonly string[];
  readonly given: readonly Given[];
}

/**
 * Evaluates contacts after something changed and hands over those that qualify: profile, scores, next change, stage
 * and episode are saved in the caller's transaction.
 */
export async function settle(
  sql: Sql,
  app: App,
  work: { readonly changes: ReadonlyMap<string, Change>; readonly opens: Opens },
): Promise<Settled> {
  const { changes } = work;
  const contacts = await loadContacts(sql, [...changes.keys()].sort());
  const ids = contacts.map(({ id }) => id);
  const known = await foldContacts(sql, contacts, changes);
  await saveContacts(
    sql,
    known.rows.filter(row => isTouched(changes.get(row.id))),
  );
  const given: Given[] = [];
  for (const active of await activeAgreements(sql, app.db)) {
    const standings = new Map((await loadStandings(sql, ids, active.id)).map(row => [row.contact_id, row]));
    const { program } = active;
    const events = groupBy(
      await loadEvents(sql, ids, {
        names: program.eventNames,
        any: program.usesAnyEvent,
        knownAt: ALL_KNOWN,
      }),
      event => event.contact_id,
    );
    const assessed = known.rows.map(row =>
      assess({
        active,
        row,
        folded: known.folded.get(row.id) ?? foldFacts([]),
        companies: known.companies,
        events: events.get(row.id) ?? [],
        standing: standings.get(row.id) ?? null,
        now: changes.get(row.id)?.now ?? 0,
        opens: work.opens,
      }),
    );
    const crossed = assessed.flatMap(({ candidate }) => candidate ?? []);
    const crossings = await loadCrossings(
      sql,
      program,
      crossed.map(({ row, now, since }) => {
        const { id, createdAt } = row;
        return { id, createdAt, now, since, events: events.get(id) ?? [] };
      }),
      ALL_KNOWN,
    );
    const candidates = crossed.map(
      (found): Candidate => ({ ...found, active, qualifiedAt: crossings.get(found.row.id) ?? found.now }),
    );
    const handed = await giveOut(sql, app, candidates);
    const byContact = new Map(handed.map(entry => [entry.contactId, entry]));
    const rows = assessed.map(({ standing }) =>
      withHandoff(standing, byContact.get(standing.contactId) ?? null),
    );
    await saveStandings(sql, { agreementId: active.id, version: active.version }, rows);
    given.push(...handed);
  }
  return { contactIds: ids, given };
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
    await saveContacts(sql, (await foldContacts(sql, contacts, changes)).rows);
  }
  const contactIds = [...changes.keys()];
  await markUnsettled(sql, contactIds);
  return { contactIds, given: [] };
}

function isTouched(change: Change | undefined): boolean {
  return (
    change !== undefined &&
    (change.mustRefold || change.facts.length > 0 || change.createdAt !== null || change.lastSeenAt !== null)
  );
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
          ALL_KNOWN,
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

type LoadedStanding = Awaited<ReturnType<typeof loadStandings>>[number];

interface Assessment {
  readonly standing: StandingRow;
  /** Qualifies and may be handed over; a crossing before `since` belongs to an earlier handoff. */
  readonly candidate: (Omit<Candidate, 'active' | 'qualifiedAt'> & { readonly since: number }) | null;
}

function assess(of: {
  readonly active: RunningAgreement;
  readonly row: ContactRow;
  readonly folded: Folded;
  readonly companies: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly events: Awaited<ReturnType<typeof loadEvents>>;
  readonly standing: LoadedStanding | null;
  readonly now: number;
  readonly opens: Opens;
}): Assessment {
  const { active, row, standing, now } = of;
  const { program } = active;
  const timeline: Timeline = {
    createdAt: row.createdAt,
    versions: scoringVersions(of.folded, of.companies),
    history: historyOf(program, of.events),
  };
  const subject = makeSubject(program, {
    profile: profileAt(timeline.versions, now),
    history: historyUntil(timeline.history, now),
    createdAt: row.createdAt,
  });
  const score = scoreAt(program, subject, now);
  const change = nextChangeAt(program, subject, now);
  const qualifies = score.applies ? score.qualifies : null;
  const may = mayOpen(standing, row, now);
  const nextAt = [may.notBefore, firstAfter(now, of.events), firstAfter(now, timeline.versions)].reduce(
    earlier,
    change,
  );
  const next: StandingRow = {
    contactId: row.id,
    stage: standing?.stage ?? 'lead',
    stageSince: standing?.stage_since ?? row.createdAt,
    applies: score.applies,
    scores: score.applies ? score.scores : {},
    total: score.applies ? score.total : null,
    grade: score.applies ? score.grade : null,
    qualifies,
    disqualified: score.applies ? score.disqualified : [],
    firstMqlAt: standing?.first_mql_at ?? null,
    ownerId: standing?.owner_id ?? null,
    nextChangeAt: nextAt,
    evaluatedAt: now,
  };
  const wasLeftAlone =
    standing !== null &&
    standing.qualifies !== null &&
    mayOpen(standing, row, standing.evaluated_at).isAllowed;
  const opens = of.opens === 'onCall' || (of.opens === 'onTime' && !wasLeftAlone);
  if (!score.applies || qualifies === null || !may.isAllowed || !opens)
    return { standing: next, candidate: null };
  const source = textIn(of.folded.profile.contact.source);
  return {
    standing: next,
    candidate: { row, source, subject, score, nextChangeAt: change, path: qualifies, now, since: may.since },
  };
}

/** The earliest of what is known to happen after `now`, by the clock of another node. */
function firstAfter(now: number, facts: readonly { readonly at: number | null }[]): number | null {
  return facts.reduce<number | null>(
    (first, { at }) => earlier(first, at !== null && at > now ? at : null),
    null,
  );
}

/**
 * Whether a contact may get a new episode: it has no open one, was not closed for good, and after a recycling the wait
 * is over and something happened since the decision. `notBefore` is when a wait ends, if that is what stands in the way;
 * `since` is when it could first qualify anew.
 */
function mayOpen(
  standing: LoadedStanding | null,
  row: ContactRow,
  now: number,
): { readonly isAllowed: boolean; readonly notBefore: number | null; readonly since: number } {
  const forbidden = { isAllowed: false, notBefore: null, since: now };
  if (standing === null || standing.episode_id === null)
    return { isAllowed: true, notBefore: null, since: row.createdAt };
  const state = standing.episode_state;
  if (standing.episode_ended_at === null || state === 'won' || state === 'disqualified') return forbidden;
  const waitEndsAt = standing.requalify_at;
  if (waitEndsAt !== null && waitEndsAt > now) return { ...forbidden, notBefore: waitEndsAt };
  const decidedAt = standing.episode_decided_at ?? standing.episode_ended_at;
  const isAllowed = row.lastSeenAt !== null && row.lastSeenAt > decidedAt;
  return { isAllowed, notBefore: null, since: Math.max(decidedAt, waitEndsAt ?? decidedAt) };
}

function withHandoff(standing: StandingRow, given: Given | null): StandingRow {
  if (given === null) return standing;
  const stage: Stage = 'mql';
  return {
    ...standing,
    stage,
    stageSince: standing.evaluatedAt,
    firstMqlAt: standing.firstMqlAt ?? given.qualifiedAt,
    ownerId: given.ownerId ?? standing.ownerId,
  };
}
