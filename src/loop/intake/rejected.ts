import { plainAlert } from '../../core/alert/message.ts';
import { isObject } from '../../core/condition/reading.ts';
import type { Bag } from '../../core/contact/bag.ts';
import { bagOf } from '../../core/contact/bag.ts';
import { entry } from '../../core/contact/journal.ts';
import { readCall, type Trust } from '../../core/intake/call.ts';
import { MAX_CALL_BYTES, sizeOf } from '../../core/intake/limit.ts';
import { oneLine } from '../../core/text/safe.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { listAdmins } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import {
  addRejected,
  addRejectedNotices,
  countNotKept,
  loadRejected,
  markReplayed,
  type NewRejected,
  purgeRejected,
} from '../../db/intake/rejected.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import { notify } from '../alert/notify.ts';
import type { App } from '../app.ts';
import { wakeCouriers } from '../delivery/outbox.ts';
import { AppError, mustFind, refusalOf } from '../error.ts';
import { takeIn } from './intake.ts';
import { loadIntakeRules } from './setting.ts';

/** A call that could not be used, as it is kept. */
export type RejectedCall = NonNullable<Awaited<ReturnType<typeof loadRejected>>>;

/** How long a rejected call is kept, in milliseconds: long enough to notice that a site sends nonsense, and to mend it. */
const KEEP_REJECTED_MS = 30 * DAY_MS;
/**
 * How many rejected calls are kept a day for one key. Anyone has a public key, and a site that is wrong is wrong in the same
 * way many times; what a server sends is worth more, and bounded for the disk's sake alone.
 */
const MAX_KEPT_A_DAY: Readonly<Record<Trust, number>> = { public: 500, server: 10_000 };
/** How many old calls one round deletes. */
const PURGE_BATCH = 500;

/**
 * Keeps calls that cannot be used, up to so many a day for a key; returns how many were only counted. Admins are notified
 * once a day of each cause.
 */
export async function keepRejected(
  app: App,
  calls: readonly NewRejected[],
  from: { readonly now: number; readonly keyId: string; readonly trust: Trust },
): Promise<number> {
  const causes = [...new Set(calls.map(({ reason }) => causeOf(reason)))];
  const day = Math.floor(from.now / DAY_MS);
  const isNews = causes.some(cause => app.memory.causes.get(cause) !== day);
  const done = await app.db.transaction(async sql => {
    const kept = await addRejected(sql, calls, { ...from, most: MAX_KEPT_A_DAY[from.trust] });
    const admins = isNews ? await listAdmins(sql) : [];
    if (admins.length > 0) await notifyOf(sql, app, { causes, admins, now: from.now });
    return { kept, isNotified: admins.length > 0 };
  });
  if (done.isNotified) {
    for (const cause of causes) app.memory.causes.set(cause, day);
    wakeCouriers(app);
  }
  return calls.length - done.kept;
}

/** What is wrong with calls, whatever its size: `expected at most 255 characters, got 300` and `got 301` are one cause. */
function causeOf(reason: string): string {
  return oneLine(reason.replaceAll(/(?<=got )\d+/g, '…'), MAX_CAUSE);
}

/** The longest cause that is told, in characters. */
const MAX_CAUSE = 200;

/** Notifies the admins of those causes of which nobody was notified on that day (UTC). */
async function notifyOf(
  sql: Sql,
  app: App,
  {
    causes,
    admins,
    now,
  }: { readonly causes: readonly string[]; readonly admins: readonly string[]; readonly now: number },
): Promise<void> {
  const news = await addRejectedNotices(sql, causes, now);
  if (news.length === 0) return;
  const payload = plainAlert({
    kind: 'rejected',
    occasion: 'Calls cannot be used',
    sentence: `Calls arrive that cannot be used; they lie in the rejected inbox. ${news.join('; ')}. Of more for the same reason you hear once a day.`,
  });
  await notify(sql, app, [{ to: admins, at: now, label: 'Calls cannot be used', payload }]);
}

/** How many rejected calls of the time for which they are kept were only counted. */
export function countUnkept(app: App, now: number): Promise<number> {
  return countNotKept(app.db, now - KEEP_REJECTED_MS);
}

/** Deletes rejected calls that are old, replayed or not, one batch; true when there is more. */
export async function sweepRejected(app: App, now: number): Promise<boolean> {
  return (await purgeRejected(app.db, now - KEEP_REJECTED_MS, PURGE_BATCH)) >= PURGE_BATCH;
}

/**
 * Takes a rejected call in, as it was or mended, and returns what is kept of it; what it tells of happened when it was first
 * received. Once: a second time is refused, as is a call that still cannot be used or is larger than the intake takes.
 */
export function takeInRejected(
  app: App,
  id: string,
  said: { readonly mended: Bag | null; readonly byAdmin: boolean },
  by: Doing,
): Promise<RejectedCall> {
  if (said.mended !== null && sizeOf(said.mended) > MAX_CALL_BYTES)
    throw refusalOf('invalid', [{ path: 'call', message: `expected at most ${MAX_CALL_BYTES} bytes` }]);
  return app.db.transaction(async sql => {
    const row = await mustFind({ kind: 'rejected call', id }, () => loadRejected(sql, id));
    if (row.replayed_at !== null) throw new AppError('conflict', 'the call was taken in already');
    const trust = trustOf(row, said);
    const { messageId: _messageId, ...raw } = said.mended ?? bagOf(row.call);
    // The id of the message stays what it was: another one could stand for a call that is still to come.
    const { messageId: own } = bagOf(row.call);
    const given = typeof own === 'string' ? { messageId: own } : {};
    const asked = isObject(row.call) || said.mended !== null ? { ...raw, ...given } : row.call;
    const messageId = `replay-${row.id}`;
    const rules = await loadIntakeRules(sql, app);
    const { call, refusal } = readCall(asked, { receivedAt: row.received_at, trust, messageId, rules });
    if (refusal !== null)
      throw new AppError('invalid', 'the call still cannot be used', { problems: refusal.problems });
    const received = { ...call, receivedAt: by.now };
    const taken = await takeIn(sql, app, [received], {
      now: by.now,
      batchId: null,
      opens: 'onCall',
      isReplayed: true,
    });
    await markReplayed(sql, row.id, by.now);
    const [contactId] = taken.placed.map(placed => placed.contactId);
    const particulars = { call: row.id, because: row.reason, isMended: said.mended !== null, trust };
    const about = contactId === undefined ? doneBy(by) : { ...doneBy(by), contactId };
    await addJournal(sql, [entry('call_replayed', particulars, about)]);
    return { ...row, replayed_at: by.now };
  });
}

/** What names the subject of a call, and what the call says of it: with these, a server key writes anything anywhere. */
const ABOUT = ['type', 'userId', 'anonymousId', 'previousId', 'groupId', 'traits'] as const;

/**
 * How far a replayed call is believed: as the key that sent it, while its subject and what it says of the subject stay as
 * they came. Else as the person who changed that: an admin could make a server key, nobody else may do more than a web page.
 */
function trustOf(
  row: RejectedCall,
  { mended, byAdmin }: { readonly mended: Bag | null; readonly byAdmin: boolean },
): Trust {
  const own = row.key_kind === 'public' ? 'public' : 'server';
  const before = bagOf(row.call);
  const isSame = (name: (typeof ABOUT)[number]) =>
    JSON.stringify(mended?.[name]) === JSON.stringify(before[name]);
  if (mended === null || ABOUT.every(isSame)) return own;
  return byAdmin ? 'server' : 'public';
}
