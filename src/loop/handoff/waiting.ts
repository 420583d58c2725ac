import { z } from 'zod';
import type { Disqualifier } from '../../core/agreement/agreement.ts';
import { entry, type JournalEntry } from '../../core/contact/journal.ts';
import { kindOfWaiting } from '../../core/exception/exception.ts';
import { dueTimes } from '../../core/handoff/desk.ts';
import { readGrounds } from '../../core/scoring/ground.ts';
import type { Sql } from '../../db/database.ts';
import { type NewException, openExceptions, saveRetries } from '../../db/exception/exception.ts';
import { closeWaiting, loadWaiting, routeEpisodes } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import type { RunningAgreement } from '../agreement/active.ts';
import { type HookEvent, promiseEvents } from '../alert/hook.ts';
import type { App } from '../app.ts';
import { freeEpisodes } from '../exception/exception.ts';
import type { Decider, Decision } from '../routing/decider.ts';
import { type HandoffResult, type Lead, leadPerson } from '../scoring/lead.ts';
import type { Handed } from './notice.ts';

/** A lead whose open episode waits for an owner. */
export interface WaitingLead extends Lead {
  readonly active: RunningAgreement;
  readonly episodeId: string;
}

type WaitingRow = Awaited<ReturnType<typeof loadWaiting>>[number];

/** A waiting lead with what was decided on it now. */
interface Retried extends Handed {
  readonly lead: WaitingLead;
  readonly row: WaitingRow;
}

/** What became of waiting leads: who got an owner, and who waits since this very transaction. */
interface Rerouted {
  readonly handoffs: readonly HandoffResult[];
  readonly owned: readonly Handed[];
  readonly stranded: readonly Handed[];
}

/**
 * Tries to give waiting leads to somebody: who gets an owner leaves the exceptions, who is disqualified meanwhile is closed,
 * who still waits is told why now and when it is tried again.
 */
export async function routeWaiting(
  sql: Sql,
  app: Pick<App, 'newId'>,
  decider: Decider,
  waiting: readonly WaitingLead[],
): Promise<Rerouted> {
  if (waiting.length === 0) return { handoffs: [], owned: [], stranded: [] };
  const rows = new Map(
    (
      await loadWaiting(
        sql,
        waiting.map(({ episodeId }) => episodeId),
      )
    ).map(row => [row.episode_id, row]),
  );
  const found = waiting.flatMap(lead => {
    const row = rows.get(lead.episodeId);
    return row === undefined ? [] : [{ lead, row, disqualifier: disqualifierOf(lead, row) }];
  });
  const closed = found.flatMap(({ lead, disqualifier }) =>
    disqualifier === null || disqualifier.route !== null ? [] : [{ lead, disqualifier }],
  );
  const retried = found
    .filter(({ disqualifier }) => disqualifier === null || disqualifier.route !== null)
    .map(({ lead, row, disqualifier }) => retry(decider, { lead, row, disqualifier }));
  const owned = retried.filter(({ decision }) => decision.assignment.owner !== null);
  const still = retried.filter(({ decision }) => decision.assignment.owner === null);
  await routeEpisodes(sql, retried.map(routedOf));
  await close(sql, closed);
  await freeOwned(sql, owned);
  await keepWaiting(sql, app, still, decider);
  await addJournal(sql, owned.map(entryOf));
  await promiseEvents(sql, owned.map(factOf));
  return {
    owned,
    stranded: still.filter(({ row }) => !row.has_exception || readParticulars(row).isNew),
    handoffs: [
      ...owned.map(({ lead, decision }) => resultOf(lead, 'routed', decision.assignment.owner?.id ?? null)),
      ...closed.map(({ lead }) => resultOf(lead, 'closed', null)),
    ],
  };
}

const particulars = z.object({
  /** Whether nobody was told yet. */
  isNew: z.boolean().catch(false).default(false),
});

function readParticulars(row: Pick<WaitingRow, 'particulars'>): z.infer<typeof particulars> {
  return particulars.parse(row.particulars ?? {});
}

function retry(
  decider: Decider,
  of: { readonly lead: WaitingLead; readonly row: WaitingRow; readonly disqualifier: Disqualifier | null },
): Retried {
  const { lead, row, disqualifier } = of;
  const except = row.handed_back_by ?? [];
  // A lead that a disqualifier sent to a team of its own stays with that team, whatever the entries say.
  const team = disqualifier?.route ?? (row.disqualifier === null ? null : row.team);
  const { active, episodeId } = lead;
  return {
    lead,
    row,
    episodeId,
    pathLabel: row.path_label,
    sentence: row.sentence,
    grounds: readGrounds(row.grounds),
    firstTouchDueAt: row.first_touch_due_at,
    decision: decider.decide({ active, lead, episodeId, team, except }),
  };
}

/** What disqualifies a waiting lead now; null too for one that was disqualified when it was sent where it waits. */
function disqualifierOf({ active, score }: WaitingLead, row: WaitingRow): Disqualifier | null {
  if (row.disqualifier !== null || score.disqualified.length === 0) return null;
  const held = active.program.agreement.disqualify.filter(({ id }) => score.disqualified.includes(id));
  return held.find(({ route }) => route !== null) ?? held[0] ?? null;
}

function routedOf({ episodeId, decision: { assignment } }: Retried) {
  const { owner, team, waitingFor, because } = assignment;
  return { episodeId, ownerId: owner?.id ?? null, team, waitingFor, because };
}

/** For webhooks: who has a lead now that waited. */
function factOf({ lead, episodeId, decision: { assignment } }: Retried): HookEvent {
  const { row, score, now: at } = lead;
  return {
    type: 'lead.reassigned',
    at,
    contactId: row.id,
    episodeId,
    data: {
      contact: leadPerson(lead),
      total: score.total,
      grade: score.grade,
      by: 'routing',
      owner: assignment.owner?.name ?? null,
      note: null,
    },
  };
}

async function freeOwned(sql: Sql, owned: readonly Retried[]): Promise<void> {
  for (const [at, group] of byTime(owned)) {
    const ids = group.map(({ episodeId }) => episodeId);
    await freeEpisodes(sql, ids, { by: 'routing', at, resolution: 'routing found an owner' });
  }
}

/** Leads of one settling nearly always share their instant. */
function byTime<Item extends { readonly lead: Lead }>(items: readonly Item[]): ReadonlyMap<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) groups.set(item.lead.now, [...(groups.get(item.lead.now) ?? []), item]);
  return groups;
}

async function keepWaiting(
  sql: Sql,
  { newId }: Pick<App, 'newId'>,
  still: readonly Retried[],
  { staff }: Decider,
): Promise<void> {
  const told = still.map(({ lead, row, episodeId, decision }) => {
    const stewardId = staff.steward(decision.assignment.team)?.id ?? null;
    return {
      row,
      exception: exceptionOf({ id: newId(), lead, episodeId, decision, ownerDueAt: dueOf(lead), stewardId }),
    };
  });
  await saveRetries(
    sql,
    told.filter(({ row }) => row.has_exception).map(({ exception }) => exception),
  );
  await openExceptions(
    sql,
    told.filter(({ row }) => !row.has_exception).map(({ exception }) => exception),
  );
}

function dueOf({ active, subject, score, now: at }: WaitingLead): number {
  return dueTimes(active.desk, { subject, score, at }).ownerDueAt;
}

/** The exception in which a lead waits: why, who must deal with it and by when. */
export function exceptionOf(of: {
  readonly id: string;
  readonly lead: Lead;
  readonly episodeId: string;
  readonly decision: Decision;
  readonly ownerDueAt: number;
  readonly stewardId: string | null;
}): NewException {
  const { lead, episodeId, ownerDueAt, stewardId } = of;
  const { assignment, alike } = of.decision;
  const reason = assignment.waiting?.reason ?? 'no_entry_matched';
  return {
    id: of.id,
    kind: kindOfWaiting(reason),
    reason,
    subject: { kind: 'episode', episodeId },
    detail: assignment.waiting?.detail ?? '',
    particulars: {
      ...(assignment.missing.length === 0 ? {} : { missing: assignment.missing }),
      ...(assignment.why === null ? {} : { why: assignment.why }),
      ...(alike === null
        ? {}
        : {
            likeness: {
              id: alike.id,
              other: { id: alike.otherId, name: alike.otherName, title: null, email: null, company: null },
              reasons: alike.reasons.map(({ text }) => text),
              score: alike.score,
            },
          }),
    },
    contactId: lead.row.id,
    episodeId,
    ownerId: stewardId,
    openedAt: lead.now,
    dueAt: ownerDueAt,
    retryAt: assignment.retryAt,
  };
}

async function close(
  sql: Sql,
  closed: readonly { readonly lead: WaitingLead; readonly disqualifier: Disqualifier }[],
): Promise<void> {
  for (const [at, group] of byTime(closed)) {
    await closeWaiting(
      sql,
      group.map(({ lead: { episodeId }, disqualifier: { id, label } }) => ({ episodeId, id, label })),
      at,
    );
    const ids = group.map(({ lead }) => lead.episodeId);
    await freeEpisodes(sql, ids, { by: 'routing', at, resolution: 'disqualified meanwhile' });
  }
  await addJournal(
    sql,
    closed.map(({ lead, disqualifier: { id: reason, label: reasonLabel } }) =>
      entry('closed', { reason, reasonLabel }, about(lead)),
    ),
  );
  await promiseEvents(
    sql,
    closed.map(({ lead, disqualifier }) => ({
      type: 'lead.closed' as const,
      at: lead.now,
      contactId: lead.row.id,
      episodeId: lead.episodeId,
      data: { reason: disqualifier.id, reasonLabel: disqualifier.label },
    })),
  );
}

function about({ active, row, episodeId, now }: WaitingLead) {
  const { id: agreementId, version } = active;
  return { contactId: row.id, episodeId, agreementId, version, at: now, by: 'routing' };
}

function entryOf({ lead, decision: { assignment } }: Retried): JournalEntry {
  const { owner, team, because } = assignment;
  return entry('assigned', { owner: owner?.name ?? null, team, because }, about(lead));
}

function resultOf(lead: WaitingLead, kind: HandoffResult['kind'], ownerId: string | null): HandoffResult {
  const { row, active, episodeId, now } = lead;
  return {
    kind,
    contactId: row.id,
    agreementId: active.id,
    episodeId,
    isNew: false,
    ownerId,
    qualifiedAt: now,
    handedOffAt: now,
  };
}
