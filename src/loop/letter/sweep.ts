import { entry } from '../../core/contact/journal.ts';
import { refusalWords } from '../../core/letter/refusal.ts';
import { oneLine } from '../../core/text/safe.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { findFailedLetters, takeFailedLetters } from '../../db/letter/letter.ts';
import { addNews } from '../../db/letter/stop.ts';
import type { App } from '../app.ts';
import { sweepBatch } from '../sweep.ts';

/** How many letters one round ends. */
const BATCH = 100;

/** Ends letters whose message was given up, since mail was away for days or is not set up; gives how many there were. */
export async function sweepLetters(app: App, now: number): Promise<number> {
  const batch = {
    name: 'letters given up',
    isOfContacts: false,
    find: (but: readonly string[]) => findFailedLetters(app.db, { limit: BATCH, but }),
    work: (sql: Sql, ids: readonly string[]) => endFailed(sql, ids, now),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function endFailed(sql: Sql, ids: readonly string[], now: number): Promise<number> {
  const failed = await takeFailedLetters(sql, ids, now);
  await addJournal(
    sql,
    failed.map(row =>
      entry(
        'letter_refused',
        {
          purpose: row.purpose,
          template: row.template ?? '',
          because: refusalWords('gave_up'),
          detail: row.error === null ? null : oneLine(row.error, 300),
        },
        {
          contactId: row.contact_id,
          episodeId: row.episode_id,
          agreementId: row.agreement_id,
          version: row.version,
          at: now,
          by: 'letters',
        },
      ),
    ),
  );
  await addNews(
    sql,
    failed.map(({ id, contact_id: contactId }) => ({
      contactId,
      letterId: id,
      kind: 'failed' as const,
      because: 'gave_up',
      at: now,
    })),
  );
  return failed.length;
}
