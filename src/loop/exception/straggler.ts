import type { ExceptionSubject } from '../../core/exception/subject.ts';
import { oneLine } from '../../core/text/safe.ts';
import { listAdmins } from '../../db/access/user.ts';
import { listLapsed, saveRetryTimes } from '../../db/exception/straggler.ts';
import type { App } from '../app.ts';
import { LAPSE_MS, noteReported } from '../sweep.ts';
import { raiseExceptions, settleExceptions } from './exception.ts';

/**
 * Opens an exception for an admin for each contact that a sweep has set aside, and closes those of contacts that went well
 * since, here or on another node.
 */
export async function sweepStragglers(app: App, now: number): Promise<void> {
  const stragglers = [...app.memory.stragglers.values()].filter(({ isOfContacts }) => isOfContacts);
  const failed = stragglers.filter(({ state }) => state === 'failed');
  const recovered = stragglers.filter(({ state }) => state === 'recovered').map(({ id }) => id);
  await app.db.transaction(async sql => {
    const lapsed = await listLapsed(sql, now - LAPSE_MS);
    const closing = { at: now, by: 'the sweep', resolution: 'The contact could be worked on again' };
    await settleExceptions(
      sql,
      { kind: 'breach', subjects: [...recovered, ...lapsed].map(subjectOf) },
      closing,
    );
    if (failed.length === 0) return;
    const [admin = null] = await listAdmins(sql);
    await raiseExceptions(
      sql,
      app,
      failed.map(straggler => ({
        kind: 'breach' as const,
        reason: 'not_evaluated',
        subject: subjectOf(straggler.id),
        detail: oneLine(`${straggler.name}: ${straggler.error}`, 400),
        particulars: { advice: ADVICE },
        contactId: straggler.id,
        ownerId: admin,
        at: straggler.failedAt,
        retryAt: straggler.retryAt,
      })),
    );
    await saveRetryTimes(
      sql,
      failed.map(({ id, retryAt }) => ({ subject: subjectOf(id), retryAt })),
    );
  });
  noteReported(app, stragglers);
}

const ADVICE = 'Look at the log of the sweep. The contact is tried again by itself, and at its next event.';

function subjectOf(contactId: string): ExceptionSubject {
  return { kind: 'contact', contactId };
}
