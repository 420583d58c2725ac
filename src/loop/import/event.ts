import type { EventLine } from '../../core/import/line.ts';
import { machineReason } from '../../core/intake/bot.ts';
import type { Call } from '../../core/intake/call.ts';
import type { MailBook } from '../../core/intake/mail.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { takeIn } from '../intake/intake.ts';
import { loadIntakeRules } from '../intake/setting.ts';
import type { ImportRow, ImportWork, RefusedImport, TakenRows } from './row.ts';

/** Takes rows of events: each message once, from any sender, and nothing that has yet to happen. */
export async function takeEvents(work: ImportWork, rows: readonly ImportRow[]): Promise<TakenRows> {
  const { app, batchId } = work;
  const now = app.clock();
  const { mails } = await loadIntakeRules(app.db, app);
  const calls: Call[] = [];
  const refused: RefusedImport[] = [];
  for (const { line, result } of rows) {
    if (result.kind !== 'event') continue;
    if (result.at <= now) calls.push(callOf(result, { receivedAt: now, mails }));
    else refused.push({ line, reason: `timestamp: ${formatInstant(result.at)} lies in the future` });
  }
  const done = await app.db.transaction(sql => takeIn(sql, app, calls, { now, batchId, opens: 'later' }));
  work.touch(done.contactIds);
  return { taken: done.placed.length, refused };
}

function callOf(
  event: EventLine,
  { receivedAt, mails }: { readonly receivedAt: number; readonly mails: MailBook },
): Call {
  const { contactId, email, anonymousId, name, at, properties, context, machine } = event;
  const type = name === 'page' || name === 'screen' ? name : 'track';
  return {
    messageId: event.messageId ?? '',
    at,
    receivedAt,
    trust: 'server',
    ids: { user: contactId, email, anonymous: anonymousId },
    says: {
      kind: 'event',
      type,
      name,
      properties,
      context,
      machine: machine ? 'marked by the sender' : machineReason({ name, properties, context }, mails),
    },
  };
}
