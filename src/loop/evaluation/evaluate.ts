import { foldFacts } from '../../core/contact/fold.ts';
import { afterHandoff, type Opening, type Opens } from '../../core/handoff/opening.ts';
import { emptyTally } from '../../core/scoring/tally.ts';
import type { Sql } from '../../db/database.ts';
import { loadStandings, saveStandings } from '../../db/scoring/standing.ts';
import { loadTallies } from '../../db/scoring/tally.ts';
import type { ActiveAgreement, RunningAgreement } from '../agreement/active.ts';
import { raiseSignals } from '../alert/signal.ts';
import type { App } from '../app.ts';
import { type Change, noChange } from '../contact/change.ts';
import type { foldContacts } from '../contact/profile.ts';
import { watchDisqualified } from '../handoff/disqualified.ts';
import { handOver, type QualifiedLead } from '../handoff/handoff.ts';
import { reachOut } from '../letter/outreach.ts';
import { watchTracks } from '../nurture/watch.ts';
import { loadCrossings } from '../scoring/crossing.ts';
import { type Asked, gatherEvidence } from '../scoring/evidence.ts';
import type { HandoffResult } from '../scoring/lead.ts';
import { type Assessment, assess, type LoadedStanding } from '../scoring/standing.ts';

/** What to evaluate, and what that may lead to. */
export interface Work {
  readonly changes: ReadonlyMap<string, Change>;
  readonly opens: Opens;
  /** Whether the calls behind it were made long ago or by hand: then no letter answers them. */
  readonly isReplayed?: boolean;
  /** Openings that a decision asks for, under one agreement, by contact. */
  readonly asked?: { readonly agreementId: string; readonly of: ReadonlyMap<string, Opening> };
  /** The active agreements, where they were read in this transaction already. */
  readonly agreements?: readonly ActiveAgreement[];
}

/** Where contacts stood under an agreement, and what is kept of their events. */
interface Stored {
  readonly standings: ReadonlyMap<string, LoadedStanding>;
  readonly tallies: Awaited<ReturnType<typeof loadTallies>>;
}

/** Loads where contacts stand under an agreement, and what is kept of their events. */
export async function loadStored(sql: Sql, agreementId: string, ids: readonly string[]): Promise<Stored> {
  const [standings, tallies] = await Promise.all([
    loadStandings(sql, ids, agreementId),
    loadTallies(sql, ids, agreementId),
  ]);
  return { standings: new Map(standings.map(row => [row.contact_id, row])), tallies };
}

/** Evaluates contacts under one agreement; what qualifies is handed over, and where they stand now is saved. */
export async function evaluate(
  sql: Sql,
  app: App,
  work: Work & {
    readonly active: ActiveAgreement;
    readonly known: Awaited<ReturnType<typeof foldContacts>>;
    readonly stored: Stored;
  },
): Promise<{ readonly handoffs: readonly HandoffResult[]; readonly signals: number }> {
  const { changes, asked, active, known } = work;
  const { standings, tallies } = work.stored;
  const { program } = active;
  const gathered = await gatherEvidence(sql, active, {
    asked: known.rows.map(({ id }) =>
      askOf(id, changes.get(id), { standing: standings.get(id) ?? null, active }),
    ),
    tallies,
  });
  const assessed = known.rows.map(row =>
    assess({
      active,
      row,
      folded: known.folded.get(row.id) ?? foldFacts([]),
      companies: known.companies,
      evidence: gathered.of.get(row.id) ?? { tally: emptyTally(program.plan), nextEventAt: null },
      standing: standings.get(row.id) ?? null,
      now: changes.get(row.id)?.now ?? 0,
      opens: work.opens,
      asked: asked?.agreementId === active.id ? (asked.of.get(row.id) ?? null) : null,
    }),
  );
  const handed = await handOverQualified(sql, app, active, assessed);
  const byContact = new Map(handed.map(entry => [entry.contactId, entry]));
  const rows = assessed.map(({ standing }) =>
    afterHandoff(standing, byContact.get(standing.contactId) ?? null),
  );
  const watched = assessed.flatMap(({ lead }) => {
    const standing = standings.get(lead?.row.id ?? '');
    return lead === null || standing === undefined ? [] : [{ lead, standing, active }];
  });
  const leads = assessed.flatMap(({ lead }) => lead ?? []);
  const [, , , , , signals] = await Promise.all([
    saveStandings(
      sql,
      active,
      rows.map(row => ({ ...row, digested: gathered.digested.has(row.contactId) })),
    ),
    gathered.save(),
    watchDisqualified(sql, app, watched),
    watchTracks(sql, app, { active, standings, leads, changes, handed: byContact }),
    work.opens === 'onCall' && work.isReplayed !== true
      ? reachOut(sql, app, { active, leads, changes, handed: byContact })
      : null,
    work.opens === 'onCall'
      ? raiseSignals(sql, app, { active, leads, changes, handed: new Set(byContact.keys()) })
      : 0,
  ]);
  return { handoffs: handed, signals };
}

/** Hands over who may be, and tries again for those that wait. */
async function handOverQualified(
  sql: Sql,
  app: App,
  active: ActiveAgreement,
  assessed: readonly Assessment[],
): Promise<readonly HandoffResult[]> {
  const opened = assessed.flatMap(({ lead, opening, keptFrom }) =>
    lead === null || opening === null ? [] : [{ ...lead, ...opening, active, keptFrom }],
  );
  const crossings = await loadCrossings(
    sql,
    active.program,
    opened
      .filter(({ disqualifier }) => disqualifier === null)
      .map(({ row, now, since, recycledAt }) => ({ id: row.id, now, since, recycledAt })),
  );
  const candidates = opened.map(
    (found): QualifiedLead => ({ ...found, qualifiedAt: crossings.get(found.row.id) ?? found.now }),
  );
  const waiting = assessed.flatMap(({ lead, waiting: episodeId }) =>
    lead === null || episodeId === null ? [] : [{ ...lead, active, episodeId }],
  );
  return handOver(sql, app, { candidates, waiting });
}

/** What to ask for of a contact's evidence: the stored tally, unless it is of another version, of a later time, or void. */
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
