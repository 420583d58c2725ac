import type { Call } from '../../core/intake/call.ts';
import {
  type Acquaintance,
  type Identity,
  type Intake,
  identityKey,
  placeCalls,
} from '../../core/intake/identity.ts';
import type { Stretch } from '../../core/intake/sighting.ts';
import { recallContacts } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import { findNamedEvents, moveStretches } from '../../db/intake/sighting.ts';
import type { App } from '../app.ts';
import { watchHandoffs } from '../handoff/flag.ts';
import { findBraked } from './brake.ts';

/** What the sightings of calls changed of what was stored before. */
interface Moved {
  /** The contacts that lost or gained what a browser did: to be folded anew. */
  readonly contactIds: readonly string[];
  /** To be called once the contacts are evaluated: tells the owners of handoffs that rested on what moved. */
  readonly tell: () => Promise<void>;
}

type Extra = Awaited<ReturnType<typeof findNamedEvents>>[number];

/**
 * Places calls. An id that would join too many contacts joins none. Where somebody turns out to have been on the browser of
 * another between two of their sightings, the events that named the other there in between are read, and the calls placed
 * again with them.
 */
export async function placeSeen(
  sql: Sql,
  calls: readonly Call[],
  known: Acquaintance,
  newId: () => string,
): Promise<{
  readonly intake: Intake;
  readonly extras: readonly Extra[];
  readonly braked: readonly Identity[];
}> {
  const free = placeCalls(calls, known, newId);
  const braked = await findBraked(sql, free.joins, calls);
  const given = braked.length === 0 ? known : { ...known, braked: new Set(braked.map(identityKey)) };
  const intake = braked.length === 0 ? free : placeCalls(calls, given, newId);
  const extras = intake.stretches.length === 0 ? [] : await findNamedEvents(sql, storedStretches(intake));
  if (extras.length === 0) return { intake, extras, braked };
  const sightings = [
    ...given.sightings,
    ...extras.map(({ browser, at, contact_id: contactId }) => ({ browser, at, contactId })),
  ];
  return { intake: placeCalls(calls, { ...given, sightings }, newId), extras, braked };
}

/** Stretches of those that were joined in the same batch are still stored with each of them. */
function storedStretches({ stretches, merges }: Intake): readonly Stretch[] {
  return stretches.flatMap(stretch => [
    stretch,
    ...merges.flatMap(({ from, into }) => (into === stretch.from ? [{ ...stretch, from }] : [])),
  ]);
}

/** Who was on which browser, to be stored. */
export function sightingsOf(placed: { readonly intake: Intake; readonly extras: readonly Extra[] }) {
  const named = placed.extras.map(({ browser, at, kind, value }) => ({ browser, at, by: { kind, value } }));
  return [...placed.intake.sightings, ...named];
}

/**
 * Gives what browsers did before to those it belongs to by the sightings that were stored. In the caller's transaction,
 * after contacts, identities and merges were stored.
 */
export async function followSightings(
  sql: Sql,
  app: App,
  { stretches }: Intake,
  by: { readonly recordedAt: number },
): Promise<Moved> {
  if (stretches.length === 0) return { contactIds: [], tell: async () => {} };
  const concerned = [...new Set(stretches.flatMap(({ from, into }) => [from, into]))].sort();
  const watch = await watchHandoffs(sql, app, concerned, by.recordedAt);
  const contactIds = await moveStretches(sql, stretches, by.recordedAt);
  if (contactIds.length === 0) return { contactIds, tell: async () => {} };
  await recallContacts(sql, contactIds);
  return {
    contactIds,
    tell: () =>
      watch.tell({ because: 'what was done on a shared browser is somebody else’s', actor: 'intake' }),
  };
}
