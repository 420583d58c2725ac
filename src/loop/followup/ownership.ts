import { plainAlert } from '../../core/alert/message.ts';
import { groupBy } from '../../core/contact/group.ts';
import { entry } from '../../core/contact/journal.ts';
import { FIND_WITHIN_MS } from '../../core/exception/exception.ts';
import { nextDue } from '../../core/followup/due.ts';
import { checkHandback, checkMove } from '../../core/followup/ownership.ts';
import { detailWords, type RoutingReason, reasonWords } from '../../core/routing/reason.ts';
import { waitingLabel } from '../../core/routing/waiting.ts';
import { findStewards } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import type { TickingRow } from '../../db/decision/clock.ts';
import { reassign } from '../../db/decision/episode.ts';
import { openExceptions } from '../../db/exception/exception.ts';
import { putAllBack } from '../../db/handoff/waiting.ts';
import { addJournal } from '../../db/journal.ts';
import { addLedger } from '../../db/routing/ledger.ts';
import type { Doing } from '../actor.ts';
import { promiseEvents } from '../alert/hook.ts';
import { type Notice, notify } from '../alert/notify.ts';
import { type App, announceQueue } from '../app.ts';
import { aboutEpisode, type LoadedEpisode, mustLoad, personFacts } from '../decision/episode.ts';
import { episodeStateOf } from '../decision/state.ts';
import { allowed } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import type { Settled } from '../evaluation/settle.ts';
import { freeEpisodes } from '../exception/exception.ts';
import { noOwner } from '../routing/owner.ts';

/** How a lead came to another owner. */
type Move = 'reassigned' | 'taken_over';

/** Gives a lead to somebody else who may own it; refusals are thrown as AppErrors. */
export async function reassignLead(
  app: App,
  id: string,
  to: { readonly ownerId: string; readonly note: string | null },
  by: Doing,
): Promise<void> {
  await moveLead(app, id, { ...to, move: 'reassigned' }, by);
}

/** Gives a lead to another owner, who took it over or was given it; refusals are thrown as AppErrors. */
export async function moveLead(
  app: App,
  id: string,
  to: { readonly ownerId: string; readonly note: string | null; readonly move: Move },
  by: Doing,
): Promise<void> {
  await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    allowed(checkMove(movable(loaded), to.ownerId));
    await moveAll(sql, app, [loaded], to, by);
  });
  announceQueue(app.hub);
}

/** What is asked of a lead before it is given to somebody. */
export function movable({ state, owner_id: id, owner_name: name }: LoadedEpisode) {
  return { state: episodeStateOf(state), owner: id === null ? null : { id, name: name ?? 'somebody' } };
}

interface Destination {
  readonly ownerId: string;
  readonly note: string | null;
  readonly move: Move;
}

/** Gives leads to somebody who may own them, with what is recorded and told of it; refused for one who may not. */
export async function moveAll(
  sql: Sql,
  app: App,
  leads: readonly LoadedEpisode[],
  to: Destination,
  by: Doing,
): Promise<void> {
  const episodes = leads.map(lead => ({
    id: lead.id,
    contactId: lead.contact_id,
    agreementId: lead.agreement_id,
  }));
  const owner = await reassign(sql, episodes, to.ownerId);
  if (owner === null) throw noOwner();
  await freeEpisodes(
    sql,
    leads.map(({ id }) => id),
    { by: by.actor, at: by.now, resolution: `given to ${owner}` },
  );
  await recordMoves(sql, app, leads, { ...to, owner }, by);
}

async function recordMoves(
  sql: Sql,
  app: App,
  leads: readonly LoadedEpisode[],
  to: Destination & { readonly owner: string },
  by: Doing,
): Promise<void> {
  const { owner, ownerId, note, move } = to;
  const why: RoutingReason =
    move === 'taken_over'
      ? { kind: move, by: by.actor, note }
      : { kind: move, by: by.actor, to: owner, note };
  const because = reasonWords(why, 'full');
  await addJournal(
    sql,
    leads.map(lead => entry(move, { owner, note, previousOwner: lead.owner_id }, aboutEpisode(lead, by))),
  );
  await addLedger(
    sql,
    leads.map(lead => ledgerOf(lead, by, { why, userId: ownerId })),
  );
  const former = groupBy(
    leads.filter(({ owner_id: id }) => id !== null && id !== ownerId),
    lead => lead.owner_id ?? '',
  );
  const told = [
    { to: ownerId, leads, isTheirs: true },
    ...[...former].map(([id, theirs]) => ({ to: id, leads: theirs, isTheirs: false })),
  ];
  await notify(
    sql,
    app,
    told.flatMap(({ leads: [first, ...more], ...whose }) => {
      if (first === undefined || whose.to === by.userId) return [];
      const words = { ...whose, owner, because };
      return [more.length === 0 ? noticeOf(first, by, words) : noticeOfSeveral([first, ...more], by, words)];
    }),
  );
  await promiseEvents(
    sql,
    leads.map(lead => ({
      type: 'lead.reassigned' as const,
      at: by.now,
      contactId: lead.contact_id,
      episodeId: lead.id,
      data: { ...personFacts(lead), by: by.actor, owner, note },
    })),
  );
}

function ledgerOf(
  loaded: LoadedEpisode,
  { actor, now: at }: Doing,
  { why, userId }: { readonly why: RoutingReason; readonly userId: string | null },
) {
  return {
    kind: why.kind,
    userId,
    because: reasonWords(why, 'full'),
    at,
    actor,
    team: loaded.team,
    episodeId: loaded.id,
    contactId: loaded.contact_id,
    agreementId: loaded.agreement_id,
    entry: null,
    particulars: { why },
  };
}

interface Told {
  readonly to: string;
  readonly owner: string;
  readonly because: string;
  /** Whether it is their lead from then on; else it was. */
  readonly isTheirs: boolean;
}

/** What somebody is told of several leads at once. */
function noticeOfSeveral(leads: readonly LoadedEpisode[], { now: at }: Doing, told: Told): Notice {
  const { to, owner, because, isTheirs } = told;
  const occasion = isTheirs
    ? `${leads.length} leads were given to you`
    : `${leads.length} of your leads were given to ${owner}`;
  return {
    to: [to],
    at,
    label: isTheirs ? 'Leads were given to you' : 'Leads changed hands',
    ...(isTheirs ? {} : { via: ['in_app', 'email'] as const }),
    payload: plainAlert({
      kind: 'reassigned',
      occasion,
      ...(isTheirs ? {} : { nextStep: 'Nothing to do: they are theirs now.' }),
      sentence: because,
      ownerName: owner,
      items: leads.map(lead => ({
        title: lead.contact_name,
        text: lead.contact_company ?? '',
        contactId: lead.contact_id,
        at: null,
      })),
    }),
  };
}

function noticeOf(loaded: LoadedEpisode, { now: at }: Doing, told: Told): Notice {
  const { to, owner, because, isTheirs } = told;
  const due = nextDue({
    firstTouchAt: loaded.first_touch_at,
    firstTouchDueAt: loaded.first_touch_due_at,
    decisionDueAt: loaded.decision_due_at,
  });
  return {
    to: [to],
    at,
    label: isTheirs ? 'A lead was given to you' : 'A lead changed hands',
    // A channel that both read is told once.
    ...(isTheirs ? {} : { via: ['in_app', 'email'] as const }),
    payload: plainAlert({
      kind: 'reassigned',
      occasion: isTheirs ? 'A lead was given to you' : `Given to ${owner}`,
      ...(isTheirs ? {} : { nextStep: 'Nothing to do: it is theirs now.' }),
      sentence: because,
      episodeId: loaded.id,
      contactId: loaded.contact_id,
      ownerName: owner,
      ...(due === null ? {} : { dueAt: due.at, dueKind: due.kind }),
    }),
  };
}

/**
 * Gives a lead back: it waits, and is routed anew at once, to anybody but its owner.
 */
export async function handLeadBack(
  app: App,
  id: string,
  said: { readonly note: string | null },
  by: Doing,
): Promise<void> {
  const settled = await app.db.transaction(async sql => {
    const loaded = await mustLoad(sql, id, by);
    allowed(checkHandback({ state: episodeStateOf(loaded.state), ownerId: loaded.owner_id }));
    return returnLeads(sql, app, [loaded], said, by);
  });
  announce(app.hub, settled);
  announceQueue(app.hub);
}

/** Takes leads from their owners and routes them anew at once, to anybody but the one who had them; those that nobody gets wait. */
export async function returnLeads(
  sql: Sql,
  app: App,
  leads: readonly LoadedEpisode[],
  said: { readonly note: string | null },
  by: Doing,
): Promise<Settled> {
  const ids = leads.map(lead => lead.id);
  const why = { kind: 'handed_back' as const, by: by.actor, note: said.note };
  await putAllBack(sql, ids, waitingLabel('handed_back'));
  await addJournal(
    sql,
    leads.map(lead =>
      entry('handed_back', { previousOwner: lead.owner_id, note: said.note }, aboutEpisode(lead, by)),
    ),
  );
  await addLedger(
    sql,
    leads.map(lead => ledgerOf(lead, by, { why, userId: lead.owner_id })),
  );
  const stewards = await findStewards(sql, [...new Set(leads.map(({ team }) => team))]);
  await openUnassigned(
    sql,
    app,
    leads.map(lead => ({
      lead,
      why,
      ownerId: stewards.get(lead.team) ?? null,
      dueAt: Math.max(by.now + FIND_WITHIN_MS, lead.first_touch_due_at ?? by.now),
    })),
    by.now,
  );
  return rerouteEpisodes(sql, app, ids, by);
}

/** Has leads wait for an owner, each as an exception of the person who looks after its team. */
function openUnassigned(
  sql: Sql,
  app: App,
  waiting: readonly {
    readonly lead: { readonly id: string; readonly contact_id: string };
    readonly why: Extract<RoutingReason, { readonly kind: 'handed_back' | 'missed' }>;
    readonly ownerId: string | null;
    readonly dueAt: number;
  }[],
  now: number,
) {
  return openExceptions(
    sql,
    waiting.map(({ lead, why, ownerId, dueAt }) => ({
      id: app.newId(),
      kind: 'unassigned',
      reason: why.kind,
      subject: { kind: 'episode', episodeId: lead.id },
      detail: detailWords(why),
      particulars: { isNew: true, why },
      contactId: lead.contact_id,
      episodeId: lead.id,
      ownerId,
      openedAt: now,
      dueAt,
      retryAt: now,
    })),
  );
}

/** A lead of which a clock was missed and nothing was done since. */
interface Overrun {
  readonly row: TickingRow;
  readonly kind: 'firstTouch' | 'decision';
  readonly stewardId: string | null;
}

/**
 * Takes leads whose time ran out from their owners: each waits, and is routed anew at once, to anybody but those who had it.
 * Left alone are those that have no owner, or that sales has accepted meanwhile. Each lead is named once, and their contacts
 * must be locked.
 */
export async function takeAway(
  sql: Sql,
  app: App,
  overruns: readonly Overrun[],
  now: number,
): Promise<Settled> {
  const taken = overruns.flatMap(({ row, kind, stewardId }) => {
    const { owner_id: ownerId, owner_name: name } = row;
    if (row.state !== 'open' || ownerId === null) return [];
    const why = { kind: 'missed' as const, owner: name ?? 'Somebody', clock: kind };
    return [{ row, kind, stewardId, ownerId, owner: name ?? 'Somebody', why }];
  });
  if (taken.length === 0) return { contactIds: [], handoffs: [] };
  await putAllBack(
    sql,
    taken.map(({ row }) => row.id),
    waitingLabel('missed'),
  );
  await addJournal(
    sql,
    taken.map(({ row, kind, ownerId, owner }) =>
      entry(
        'taken_away',
        { clock: kind, owner, previousOwner: ownerId },
        {
          contactId: row.contact_id,
          episodeId: row.id,
          agreementId: row.agreement_id,
          version: row.version,
          at: now,
          by: 'routing',
        },
      ),
    ),
  );
  await addLedger(
    sql,
    taken.map(({ row, ownerId, why }) => ({
      at: now,
      kind: why.kind,
      team: row.team,
      userId: ownerId,
      episodeId: row.id,
      contactId: row.contact_id,
      agreementId: row.agreement_id,
      entry: null,
      because: reasonWords(why, 'full'),
      particulars: { why },
      actor: 'routing',
    })),
  );
  await openUnassigned(
    sql,
    app,
    taken.map(({ row: lead, stewardId: ownerId, why }) => ({
      lead,
      why,
      ownerId,
      dueAt: now + FIND_WITHIN_MS,
    })),
    now,
  );
  return rerouteEpisodes(
    sql,
    app,
    taken.map(({ row }) => row.id),
    { now },
  );
}
