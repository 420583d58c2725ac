import { plainAlert } from '../../core/alert/message.ts';
import { entry } from '../../core/contact/journal.ts';
import { oneLine } from '../../core/text/safe.ts';
import { findSteward } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import { addJournal } from '../../db/journal.ts';
import { findDueWakeups, wakeEpisodes } from '../../db/nurture/wakeup.ts';
import { notify } from '../alert/notify.ts';
import { type App, announceContacts, announceQueue } from '../app.ts';
import { sweepBatch } from '../sweep.ts';

/** How many leads one sweep wakes. */
const WAKE_BATCH = 100;

/** How much of what was said at the rejection an alert tells. */
const MAX_SENTENCE = 300;

/**
 * Tells owners that the date has come that was set for a lead, one bounded batch; it stands in the queue from then on.
 * Returns how many.
 */
export async function sweepWakeups(app: App, now: number): Promise<number> {
  const done = await sweepBatch(
    app,
    {
      name: 'wake-ups',
      isOfContacts: false,
      find: but => findDueWakeups(app.db, { now, limit: WAKE_BATCH, but }),
      work: (sql, ids) => wake(sql, app, ids, now),
    },
    now,
  );
  const contactIds = done.flat();
  if (contactIds.length > 0) announceQueue(app.hub);
  announceContacts(app.hub, contactIds);
  return contactIds.length;
}

async function wake(sql: Sql, app: App, ids: readonly string[], now: number): Promise<readonly string[]> {
  const rows = await wakeEpisodes(sql, ids, now);
  await addJournal(
    sql,
    rows.map(row =>
      entry(
        'woken',
        { reasonLabel: row.reason_label },
        {
          contactId: row.contact_id,
          episodeId: row.id,
          agreementId: row.agreement_id,
          version: row.version,
          at: now,
          by: 'nurture',
        },
      ),
    ),
  );
  const steward = rows.some(row => row.owner_id === null) ? await findSteward(sql, null) : null;
  await notify(
    sql,
    app,
    rows.map(row => ({
      to: [row.owner_id ?? steward].flatMap(id => id ?? []),
      at: now,
      label: 'Look at this lead again',
      payload: plainAlert({
        kind: 'flag',
        occasion: 'The date has come',
        sentence: sentenceOf(row),
        nextStep: 'Open a new handoff, set another date, or leave the lead in nurture.',
        episodeId: row.id,
        contactId: row.contact_id,
      }),
    })),
  );
  return rows.map(row => row.contact_id);
}

function sentenceOf(row: Awaited<ReturnType<typeof wakeEpisodes>>[number]): string {
  const who = row.decided_by === null ? 'It was' : `${row.decided_by} had it`;
  const why = row.reason_label === null ? '' : `: ${row.reason_label}`;
  const note = row.note === null ? '' : `. ${row.note}`;
  return oneLine(`${who} rejected until today${why}${note}`, MAX_SENTENCE);
}
