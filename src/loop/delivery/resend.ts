import { valueAt } from '../../core/condition/reading.ts';
import { checkResend } from '../../core/delivery/webhook.ts';
import { isUuid } from '../../core/text/uuid.ts';
import { findDelivery, resendRow, retryFailedRows, retryRow } from '../../db/delivery/delivery.ts';
import type { Doing } from '../actor.ts';
import type { App } from '../app.ts';
import { allowed, mustFind } from '../error.ts';
import { wakeCouriers } from './outbox.ts';

/**
 * Has a message sent again and returns the id that it goes under. One that failed or waits goes at once under its own id,
 * so that a receiver knows a double; so does any to a webhook. One that was sent goes as a new message, which says what it
 * repeats. Refused while its webhook is switched off.
 */
export async function resend(app: App, id: string, { now }: Doing): Promise<string> {
  const row = await mustFind({ kind: 'delivery', id }, () => findDelivery(app.db, id));
  const isSentLetter = row.state === 'sent' && valueAt(row.payload, ['kind']) === 'letter';
  allowed(checkResend({ isHookOff: row.is_hook_off, type: row.event_type, isSentLetter }));
  const isNew = row.state === 'sent' && row.channel !== 'webhook';
  const newId = isNew ? app.newId() : row.id;
  if (isNew) await resendRow(app.db, { id: row.id, newId, now });
  else await retryRow(app.db, { id: row.id, now });
  wakeCouriers(app);
  return newId;
}

/** How many failed messages one statement sends again, so that none holds the outbox for long. */
const RETRY_BATCH = 1000;

/** Has every failed message sent again, of one channel or webhook if named; returns how many there were. */
export async function resendFailed(
  app: App,
  which: { readonly channel: string | null; readonly webhookId: string | null },
  { now }: Doing,
): Promise<number> {
  const { webhookId } = which;
  if (webhookId !== null && !isUuid(webhookId)) return 0;
  let count = 0;
  for (;;) {
    const done = await retryFailedRows(app.db, { ...which, now, limit: RETRY_BATCH });
    count += done;
    if (done < RETRY_BATCH) break;
  }
  wakeCouriers(app);
  return count;
}
