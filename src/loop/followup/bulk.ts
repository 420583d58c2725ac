import { isOver } from '../../core/contact/episode.ts';
import { groupBy } from '../../core/contact/group.ts';
import { checkMove } from '../../core/followup/ownership.ts';
import type { Refused } from '../../core/problem.ts';
import { refuse } from '../../core/problem.ts';
import { checkWork } from '../../core/routing/remit.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { lockContacts } from '../../db/contact/profile.ts';
import type { Sql } from '../../db/database.ts';
import { loadEpisodeRows, loadEpisodesOf, lockLeads } from '../../db/decision/episode.ts';
import type { Doing } from '../actor.ts';
import { type App, announceQueue } from '../app.ts';
import type { LoadedEpisode } from '../decision/episode.ts';
import { episodeStateOf } from '../decision/state.ts';
import { AppError } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import type { Settled } from '../evaluation/settle.ts';
import { heldLead, loadRemit } from '../routing/remit.ts';
import { movable, moveAll, returnLeads } from './ownership.ts';

/** One of several leads that were to be moved: as it was before, and why it was left there. */
export interface Moving {
  readonly id: string;
  /** Null for an id that names no episode. */
  readonly before: LoadedEpisode | null;
  /** Null for one that was moved. */
  readonly refused: string | null;
}

const NOTHING: Settled = { contactIds: [], handoffs: [] };

/**
 * Gives several leads to one person, or routes them anew for null, in one transaction and with as many statements as one
 * lead takes; answers for each in the order asked. Refused as a whole where none of them is the caller's to work on, and
 * where the person may not own leads.
 */
export async function moveLeads(
  app: App,
  ids: readonly string[],
  to: { readonly ownerId: string | null; readonly note: string | null },
  by: Doing,
): Promise<readonly Moving[]> {
  const asked = [...new Set(ids)];
  const { moves, settled } = await app.db.transaction(async sql => {
    const checked = await check(sql, asked, to, by);
    const leads = checked.flatMap(({ before, refused }) =>
      before !== null && refused === null ? [before] : [],
    );
    return { moves: checked, settled: await move(sql, app, leads, to, by) };
  });
  announce(app.hub, settled);
  announceQueue(app.hub);
  return moves;
}

async function check(
  sql: Sql,
  ids: readonly string[],
  to: { readonly ownerId: string | null },
  by: Doing,
): Promise<readonly Moving[]> {
  const known = ids.filter(isUuid);
  await lockLeads(sql, known);
  const rows = new Map((await loadEpisodeRows(sql, known)).map(row => [row.id, row]));
  const remit = await loadRemit(sql, by);
  const forbidden = [...rows.values()].map(row => checkWork(heldLead(row), remit));
  const first = forbidden[0] ?? null;
  if (first !== null && forbidden.every(refusal => refusal !== null))
    throw new AppError('forbidden', first.message, { problems: [] });
  return ids.map(id => {
    const before = rows.get(id.toLowerCase()) ?? null;
    if (before === null) return { id, before, refused: 'There is no such lead.' };
    const refusal = checkWork(heldLead(before), remit) ?? checkTo(before, to.ownerId);
    return { id, before, refused: refusal?.message ?? null };
  });
}

/** Why a lead cannot go there: one that is decided is not routed, though it may be given to somebody. */
function checkTo(lead: LoadedEpisode, ownerId: string | null): Refused | null {
  const state = episodeStateOf(lead.state);
  if (ownerId !== null) return checkMove(movable(lead), ownerId);
  if (state === 'open') return null;
  const after = isOver(state) ? 'there is nothing to work on' : 'give it to somebody instead';
  return refuse('conflict', `the lead is ${state}; ${after}`);
}

async function move(
  sql: Sql,
  app: App,
  leads: readonly LoadedEpisode[],
  { ownerId, note }: { readonly ownerId: string | null; readonly note: string | null },
  by: Doing,
): Promise<Settled> {
  if (ownerId === null) {
    if (leads.length === 0) return NOTHING;
    const owned = leads.filter(lead => lead.owner_id !== null);
    const waiting = leads.filter(lead => lead.owner_id === null).map(({ id }) => id);
    const again = waiting.length === 0 ? NOTHING : await rerouteEpisodes(sql, app, waiting, by);
    const returned = owned.length === 0 ? NOTHING : await returnLeads(sql, app, owned, { note }, by);
    return {
      contactIds: [...again.contactIds, ...returned.contactIds],
      handoffs: [...again.handoffs, ...returned.handoffs],
    };
  }
  if (leads.length > 0) await moveAll(sql, app, leads, { ownerId, note, move: 'reassigned' }, by);
  return NOTHING;
}

/**
 * Gives the leads of contacts that are not over to somebody else who may own them, in one transaction; returns why those of some stay
 * where they are, by the contact.
 */
export async function reassignLeads(
  app: App,
  wanted: { readonly contactIds: readonly string[]; readonly ownerId: string; readonly note: string | null },
  by: Doing,
): Promise<ReadonlyMap<string, Refused>> {
  const { contactIds, ownerId, note } = wanted;
  const refusals = await app.db.transaction(async sql => {
    await lockContacts(sql, contactIds);
    const remit = await loadRemit(sql, by);
    const leads = groupBy(await loadEpisodesOf(sql, contactIds), lead => lead.contact_id);
    const given: LoadedEpisode[] = [];
    const refused = new Map<string, Refused>();
    for (const id of contactIds) {
      const own = leads.get(id) ?? [];
      if (own.length === 0) refused.set(id, refuse('conflict', 'It has no lead to work on.'));
      for (const lead of own) {
        const refusal = checkWork(heldLead(lead), remit) ?? checkMove(movable(lead), ownerId);
        if (refusal === null) given.push(lead);
        else refused.set(id, refusal);
      }
    }
    if (given.length > 0) await moveAll(sql, app, given, { ownerId, note, move: 'reassigned' }, by);
    return refused;
  });
  announceQueue(app.hub);
  return refusals;
}
