import type { Channel } from '../../core/alert/message.ts';
import { entry } from '../../core/contact/journal.ts';
import { withoutPage } from '../../core/delivery/failure.ts';
import { channelTo, formatRecipient, type Recipient, sharedLane } from '../../core/delivery/recipient.ts';
import {
  type Attempt,
  holdsMs,
  MAX_ASKED_MS,
  nextAttemptAt,
  patienceMs,
  TOLD_AFTER_MS,
} from '../../core/delivery/retry.ts';
import { SWITCHED_OFF } from '../../core/delivery/webhook.ts';
import { oneLine } from '../../core/text/safe.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Sql } from '../../db/database.ts';
import { clearLanes, findUntold, holdLane, noteLane, takeUntold } from '../../db/delivery/lane.ts';
import { type ClaimedRow, expireDeliveries } from '../../db/delivery/outbox.ts';
import { countExhausted, disableWebhook } from '../../db/delivery/webhook.ts';
import { addJournal } from '../../db/journal.ts';
import type { App } from '../app.ts';
import { raiseExceptions, settleExceptions } from '../exception/exception.ts';
import { sweepBatch } from '../sweep.ts';
import { hostOf } from './address.ts';
import type { Delivery } from './delivery.ts';

/** After how many deliveries in a row that were given up a webhook is switched off. */
const DISABLE_AFTER = 5;

/** An attempt that came to its end: of which message, begun and over when (epoch ms). */
interface Told {
  readonly app: App;
  readonly row: ClaimedRow;
  readonly delivery: Delivery;
  readonly channel: Channel;
  readonly startedAt: number;
  readonly now: number;
}

type Failed = Extract<Attempt, { kind: 'failed' }>;
type Refused = Extract<Attempt, { kind: 'refused' }>;

/** Notes that a message arrived: what failed before works again, and its exception closes by itself. */
export async function noteSent({ app, row, delivery: { hook }, channel, now }: Told): Promise<void> {
  if ((hook?.target?.exhausted ?? 0) > 0)
    await countExhausted(app.db, { id: row.webhook_id ?? '', isExhausted: false });
  if (!row.is_failing) return;
  const shared = sharedLane(row.recipient);
  const recipients = [row.recipient, ...(shared === null ? [] : [shared])];
  const cleared = await clearLanes(app.db, { channel, recipients, now });
  if (cleared.length === 0) return;
  const subjects = cleared.map(recipient => ({ kind: 'delivery' as const, recipient }));
  const closing = { at: now, by: 'delivery', resolution: 'Messages arrive again' };
  await app.db.transaction(sql => settleExceptions(sql, { kind: 'delivery', subjects }, closing));
}

/** Notes that a message was refused for good: a person is told, once as long as it lasts. */
export async function noteRefused(told: Told, attempt: Refused): Promise<void> {
  const { app, row, channel, now } = told;
  const { hook } = told.delivery;
  if (channel === 'in_app') return;
  // What becomes of a letter stands with the lead: no person has a mailbox to mend.
  if (told.delivery.isLetter && attempt.isShared !== true) return;
  if (attempt.isGone === true && channel === 'webhook')
    return switchOff(told, 'it answered that it wants nothing more (410)');
  // Somebody switched it off or deleted it, and knows.
  if (hook !== null && (hook.target === null || hook.target.deleted || hook.target.disabled_because !== null))
    return;
  const recipient = laneOf(told, attempt);
  const error = oneLine(attempt.message, 500);
  await noteLane(app.db, { recipient, now, cause: 'recipient_gone', error });
  await tell(told, {
    recipient,
    reason: channel === 'webhook' ? 'refused' : 'recipient_gone',
    error: attempt.message,
    row,
  });
}

/**
 * Notes that an attempt failed: its way out is held, so that what else would go there waits too; but for a letter, whose
 * lead's mailbox is nobody else's way. Gives until when it is held, and
 * when the message itself is due again: null when its schedule is used up, or it has waited beyond `patience` (epoch ms).
 */
export async function noteFailed(
  told: Told,
  attempt: Failed,
  patience: number,
): Promise<{ readonly heldUntil: number | null; readonly nextAt: number | null }> {
  const { app, row, channel, startedAt, now } = told;
  const { message: error, retryAfterMs } = attempt;
  if (told.delivery.isLetter && attempt.isShared !== true) {
    const own = nextAttemptAt({ attempts: row.failures + 1, now, retryAfterMs, channel });
    return { heldUntil: null, nextAt: now >= patience ? null : own };
  }
  const recipient = laneOf(told, attempt);
  const cause = attempt.isShared === true ? 'unreachable' : 'refused';
  const heldUntil = await holdLane(app.db, {
    recipient,
    now,
    startedAt,
    holdsMs: holdsMs(channel, retryAfterMs),
    askedUntil: retryAfterMs === null ? null : now + Math.min(retryAfterMs, MAX_ASKED_MS),
    cause,
    error: oneLine(error, 500),
  });
  const own =
    attempt.isShared === true
      ? heldUntil
      : nextAttemptAt({ attempts: row.failures + 1, now, retryAfterMs, channel });
  const nextAt = now >= patience || own === null ? null : Math.max(own, heldUntil);
  if (nextAt === null) {
    if (channel === 'webhook') await giveUpHook(told, error);
    else await tell(told, { recipient, reason: cause, error, row });
    await giveUpOthers(told, attempt);
  }
  return { heldUntil, nextAt };
}

/** Tells a person of each way to people that has failed for ten minutes; gives how many there were. */
export async function sweepFailing(app: App, now: number): Promise<number> {
  const failingSince = now - TOLD_AFTER_MS;
  const batch = {
    name: 'failing ways out',
    isOfContacts: false,
    find: (but: readonly string[]) => findUntold(app.db, { failingSince, but }),
    work: (sql: Sql, keys: readonly string[]) => tellFailing(sql, app, keys, { failingSince, now }),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function tellFailing(
  sql: Sql,
  app: App,
  keys: readonly string[],
  of: { readonly failingSince: number; readonly now: number },
): Promise<number> {
  const { now } = of;
  const lanes = await takeUntold(sql, keys, of);
  const troubles = lanes.map(({ recipient, failing_since: since, cause, last_error: error }) => ({
    kind: 'delivery' as const,
    reason: cause,
    subject: { kind: 'delivery' as const, recipient },
    detail: `${wayWords(recipient, null)}: ${oneLine(error, 400)}`,
    particulars: { ...particularsOf(recipient), since: formatInstant(since) },
    at: now,
  }));
  await raiseExceptions(sql, app, troubles);
  return lanes.length;
}

/** What waits just as long for the same way has had its time, too. */
async function giveUpOthers({ app, row, channel, now }: Told, attempt: Failed): Promise<void> {
  await expireDeliveries(app.db, {
    channel,
    recipient: attempt.isShared === true ? null : row.recipient,
    before: now - patienceMs(channel),
    error: oneLine(attempt.message, 500),
    now,
  });
}

async function giveUpHook(told: Told, error: string): Promise<void> {
  const { app, row } = told;
  const id = row.webhook_id;
  if (id === null) return;
  const exhausted = await countExhausted(app.db, { id, isExhausted: true });
  if (exhausted >= DISABLE_AFTER)
    await switchOff(
      told,
      `${exhausted} deliveries in a row failed; the last one: ${oneLine(withoutPage(error), 300)}`,
    );
  else await tell(told, { recipient: row.recipient, reason: 'gave_up', error, row });
}

async function switchOff(told: Told, because: string): Promise<void> {
  const { app, row, delivery, now } = told;
  if (row.webhook_id === null) return;
  const id = row.webhook_id;
  const host = hostOf(delivery.hook?.target?.url ?? '');
  const isNews = await app.db.transaction(async sql => {
    if (!(await disableWebhook(sql, { id, now, because: `${SWITCHED_OFF}: ${because}` }))) return false;
    const particulars = { webhook: id, host, change: 'off' } as const;
    await addJournal(sql, [entry('webhook_changed', particulars, { at: now, by: 'delivery' })]);
    return true;
  });
  if (!isNews) return;
  await tell(told, {
    recipient: row.recipient,
    reason: 'recipient_gone',
    error: `${SWITCHED_OFF}: ${because}`,
    row,
  });
}

async function tell(
  { app, delivery, now }: Told,
  about: {
    readonly recipient: Recipient;
    readonly reason: string;
    readonly error: string;
    readonly row: ClaimedRow;
  },
): Promise<void> {
  const { recipient, reason, row } = about;
  const error = oneLine(withoutPage(about.error), 400);
  const trouble = {
    kind: 'delivery' as const,
    reason,
    subject: { kind: 'delivery' as const, recipient },
    detail: `${wayWords(recipient, delivery)}: ${error}`,
    particulars: { ...particularsOf(recipient), deliveryId: row.id, since: formatInstant(now) },
    at: now,
  };
  await app.db.transaction(sql => raiseExceptions(sql, app, [trouble]));
}

/** What an exception keeps of a way out. */
function particularsOf(recipient: Recipient) {
  return { channel: channelTo(recipient), recipient: formatRecipient(recipient) };
}

function wayWords(recipient: Recipient, delivery: Delivery | null): string {
  switch (recipient.kind) {
    case 'appUser':
      return 'alerts in the app';
    case 'address':
      return `mail to ${oneLine(recipient.address, 100)}`;
    case 'mailServer':
      return 'mail to anybody';
    case 'slackUser':
      return `Slack, ${oneLine(`user ${recipient.userId}`, 100)}`;
    case 'slackChannel':
      return `Slack, ${oneLine(`channel ${recipient.name}`, 100)}`;
    case 'slackWebhook':
      return 'the Slack webhook';
    case 'slackBot':
      return 'Slack messages of the bot';
    case 'webhook':
      return `the webhook to ${oneLine(hostOf(delivery?.hook?.target?.url ?? '') || recipient.webhookId, 200)}`;
    default:
      return unreachable(recipient);
  }
}

/** The lane that an attempt speaks of. */
function laneOf({ row }: Told, attempt: Attempt): Recipient {
  return (attempt.isShared === true ? sharedLane(row.recipient) : null) ?? row.recipient;
}
