import { isObject } from '../../core/condition/reading.ts';
import { entry } from '../../core/contact/journal.ts';
import { readCall } from '../../core/intake/call.ts';
import { loadRejected, markReplayed } from '../../db/intake/rejected.ts';
import { addJournal } from '../../db/journal.ts';
import { type Doing, doneBy } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError, mustFind } from '../error.ts';
import { takeIn } from './intake.ts';

/** A call that could not be used, as it is kept. */
export type RejectedCall = NonNullable<Awaited<ReturnType<typeof loadRejected>>>;

/**
 * Takes a rejected call in again, as it was or mended, and returns what is kept of it; what it tells of happened when it
 * was first received. Refused when it still cannot be used.
 */
export function takeInRejected(
  app: App,
  id: string,
  said: { readonly mended: unknown },
  by: Doing,
): Promise<RejectedCall> {
  const { now } = by;
  return app.db.transaction(async sql => {
    const row = await mustFind({ kind: 'rejected call', id }, () => loadRejected(sql, id));
    const raw = said.mended ?? row.call;
    const trust = row.key_kind === 'public' ? 'public' : 'server';
    const messageId = isObject(raw) && typeof raw.messageId === 'string' ? raw.messageId : `replay-${row.id}`;
    const { call, refusal } = readCall(raw, { receivedAt: row.received_at, trust, messageId });
    if (refusal !== null)
      throw new AppError('invalid', 'the call still cannot be used', { problems: refusal.problems });
    await takeIn(sql, app, [{ ...call, receivedAt: now }], { now, batchId: null, opens: 'onCall' });
    await markReplayed(sql, row.id, now);
    const particulars = { call: row.id, reason: row.reason, mended: said.mended !== null };
    await addJournal(sql, [entry('call_replayed', particulars, doneBy(by))]);
    return { ...row, replayed_at: now };
  });
}
