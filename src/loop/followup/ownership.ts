import { plainAlert } from '../../core/alert/message.ts';
import { entry } from '../../core/contact/journal.ts';
import { FIND_WITHIN_MS } from '../../core/exception/exception.ts';
import { nextDue } from '../../core/followup/due.ts';
import { checkHandback, checkMove } from '../../core/followup/ownership.ts';
import { detailWords, type RoutingReason, reasonWords } from '../../core/routing/reason.ts';
import { waitingLabel } from '../../core/routing/waiting.ts';
import { findSteward } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { reassign } from '../../db/decision/episode.ts';
import { openExceptions } from '../../db/exception/exception.ts';
import { putBack } from '../../db/handoff/waiting.ts';
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
    const { owner_id: ownerId, owner_name: ownerName } = loaded;
    const has = ownerId === null ? null : { id: ownerId, name: ownerName ?? 'somebody' };
    allowed(checkMove({ state: episodeStateOf(loaded.state), owner: has }, to.ownerId));
    const episode = { id: loaded.id, contactId: loaded.contact_id, agreementId: loaded.agreement_id };
    const owner = await reassign(sql, episode, to.ownerId);
    if (owner === null) throw noOwner();
    await freeEpisodes(sql, [loaded.id], {
      by: by.actor,
      at: by.now,
      resolution: `given to ${owner}`,
    });
    await recordMove(sql, app, loaded, { ...to, owner }, by);
  });
  announceQueue(app.hub);
}

async function recordMove(
  sql: Sql,
  app: App,
  loaded: LoadedEpisode,
  to: { readonly ownerId: string; readonly owner: string; readonly note: string | null; readonly move: Move },
  by: Doing,
): Promise<void> {
  const { owner, ownerId, note, move } = to;
  const why: RoutingReason =
    move === 'taken_over'
      ? { kind: move, by: by.actor, note }
      : { kind: move, by: by.actor, to: owner, note };
  const because = reasonWords(why, 'full');
  const particulars = { owner, note, previousOwner: loaded.owner_id };
  await addJournal(sql, [entry(move, particulars, aboutEpisode(loaded, by))]);
  await addLedger(sql, [ledgerOf(loaded, by, { why, userId: ownerId })]);
  const isTold = (userId: string | null): userId is string => userId !== null && userId !== by.userId;
  await notify(sql, app, [
    ...(isTold(ownerId) ? [noticeOf(loaded, by, { to: ownerId, owner, because, isTheirs: true })] : []),
    ...(isTold(loaded.owner_id) && loaded.owner_id !== ownerId
      ? [noticeOf(loaded, by, { to: loaded.owner_id, owner, because, isTheirs: false })]
      : []),
  ]);
  await promiseEvents(sql, [
    {
      type: 'lead.reassigned',
      at: by.now,
      contactId: loaded.contact_id,
      episodeId: loaded.id,
      data: { ...personFacts(loaded), by: by.actor, owner, note },
    },
  ]);
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

function noticeOf(
  loaded: LoadedEpisode,
  { now: at }: Doing,
  told: {
    readonly to: string;
    readonly owner: string;
    readonly because: string;
    /** Whether it is their lead from then on; else it was. */
    readonly isTheirs: boolean;
  },
): Notice {
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
    const { owner_id: ownerId } = loaded;
    allowed(checkHandback({ state: episodeStateOf(loaded.state), ownerId }));
    const label = waitingLabel('handed_back');
    await putBack(sql, loaded.id, label);
    const why: RoutingReason = { kind: 'handed_back', by: by.actor, note: said.note };
    const particulars = { previousOwner: ownerId, note: said.note };
    await addJournal(sql, [entry('handed_back', particulars, aboutEpisode(loaded, by))]);
    await addLedger(sql, [ledgerOf(loaded, by, { why, userId: ownerId })]);
    await openExceptions(sql, [
      {
        id: app.newId(),
        kind: 'unassigned',
        reason: 'handed_back',
        subject: { kind: 'episode', episodeId: loaded.id },
        detail: detailWords(why),
        particulars: { isNew: true, why },
        contactId: loaded.contact_id,
        episodeId: loaded.id,
        ownerId: await findSteward(sql, loaded.team),
        openedAt: by.now,
        dueAt: Math.max(by.now + FIND_WITHIN_MS, loaded.first_touch_due_at ?? by.now),
        retryAt: by.now,
      },
    ]);
    return rerouteEpisodes(sql, app, [loaded.id], by);
  });
  announce(app.hub, settled);
  announceQueue(app.hub);
}
