import { z } from 'zod';
import { entry } from '../../core/contact/journal.ts';
import { readFilledIn } from '../../core/exception/exception.ts';
import { checkClosing, contactToComplete, episodeToGive } from '../../core/exception/work.ts';
import { type Call, readCall } from '../../core/intake/call.ts';
import { listIdentityRows } from '../../db/contact/contact.ts';
import type { Sql } from '../../db/database.ts';
import {
  closeExceptionRow,
  findExceptionRow,
  lockException,
  takeExceptionRow,
} from '../../db/exception/exception.ts';
import { addJournal } from '../../db/journal.ts';
import type { Doing } from '../actor.ts';
import { type App, announceQueue } from '../app.ts';
import { AppError, allowed, refusalOf } from '../error.ts';
import { announce } from '../evaluation/announce.ts';
import { rerouteEpisodes } from '../evaluation/reroute.ts';
import { mustFindOpen } from '../exception/trouble.ts';
import { takeIn } from '../intake/intake.ts';
import { noOwner } from '../routing/owner.ts';

/** Makes somebody who may own leads the one who deals with an exception; refused when it is closed. */
export async function takeOnException(
  app: App,
  id: string,
  to: { readonly ownerId: string | null },
  by: Doing,
): Promise<void> {
  await app.db.transaction(async sql => {
    const row = await mustFindOpen(sql, id, by, lockException);
    const name = to.ownerId === null ? null : await takeExceptionRow(sql, row.id, to.ownerId);
    if (name === null) throw noOwner();
    if (row.contact_id === null) return;
    const about = { contactId: row.contact_id, episodeId: row.episode_id, at: by.now, by: by.actor };
    await addJournal(sql, [entry('exception_taken', { owner: name, exception: row.kind }, about)]);
  });
  announceQueue(app.hub);
}

/** Tries to give the lead of an exception to somebody now; refused when it is closed or about no lead. */
export async function rerouteException(app: App, id: string, by: Doing): Promise<void> {
  const settled = await app.db.transaction(async sql => {
    const row = await mustFindOpen(sql, id, by, findExceptionRow);
    const episodeId = allowed(episodeToGive({ episodeId: row.episode_id }));
    return rerouteEpisodes(sql, app, [episodeId], by);
  });
  announce(app.hub, settled);
}

/**
 * Fills in what the lead of an exception lacks: taken in like a server's call, so that scores and routing follow at once.
 * Refused when the exception is closed or about no contact, or when a value cannot be used.
 */
export async function fillInException(
  app: App,
  id: string,
  values: Readonly<Record<string, string | number | boolean>>,
  by: Doing,
): Promise<void> {
  const settled = await app.db.transaction(async sql => {
    const row = await mustFindOpen(sql, id, by, findExceptionRow);
    const contactId = allowed(contactToComplete({ contactId: row.contact_id }));
    const { traits, problems } = readFilledIn(values, missingOf(row));
    if (problems.length > 0) throw refusalOf('invalid', problems);
    const call = await callOf(sql, { id: row.id, contactId, traits }, by);
    return takeIn(sql, app, [call], { now: by.now, batchId: null, opens: 'onCall', isReplayed: true });
  });
  announce(app.hub, settled);
}

const missingShape = z.object({ missing: z.array(z.string()).catch([]).default([]) });

/** The fields that an exception says a lead lacks; those of other kinds lack none. */
export function missingOf({ particulars }: { readonly particulars: unknown }): readonly string[] {
  return missingShape.parse(particulars ?? {}).missing;
}

/** The most identifiers that are read of a contact: a call needs one of each kind, and any will do. */
const MAX_IDENTITIES = 20;

async function callOf(
  sql: Sql,
  of: {
    readonly id: string;
    readonly contactId: string;
    readonly traits: Readonly<Record<string, unknown>>;
  },
  { now }: Doing,
): Promise<Call> {
  const identities = await listIdentityRows(sql, of.contactId, MAX_IDENTITIES);
  const idOf = (kind: string) => identities.find(identity => identity.kind === kind)?.value;
  const email = idOf('email');
  const read = readCall(
    {
      type: 'identify',
      userId: idOf('user'),
      anonymousId: idOf('anonymous'),
      traits: { ...(email === undefined ? {} : { email }), ...of.traits },
    },
    { receivedAt: now, trust: 'server', messageId: `exception-${of.id}-${now}` },
  );
  if (read.call !== null) return read.call;
  throw new AppError('invalid', read.refusal.reason, { problems: [...read.refusal.problems] });
}

/** Closes a failed delivery or a breach that a person dealt with; refused where a lead waits: it needs an owner instead. */
export async function closeByHand(
  app: App,
  id: string,
  said: { readonly note: string },
  by: Doing,
): Promise<void> {
  await app.db.transaction(async sql => {
    const row = await mustFindOpen(sql, id, by, lockException);
    allowed(checkClosing({ episodeId: row.episode_id }));
    await closeExceptionRow(sql, row.id, { at: by.now, by: by.actor, resolution: said.note });
  });
  announceQueue(app.hub);
}
