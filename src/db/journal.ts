import type { JournalEntry } from '../core/contact/journal.ts';
import { json, type Sql, stamp, statement } from './database.ts';

const ADD = statement(
  'add_journal',
  {},
  `insert into journal (kind, contact_id, episode_id, agreement_id, version, at, recorded_at, actor, particulars)
   select kind, contact_id, episode_id, agreement_id, version, at, recorded_at, actor, particulars
   from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::jsonb[],
     $9::timestamptz[])
     as new(kind, contact_id, episode_id, agreement_id, version, at, actor, particulars, recorded_at)`,
);

/** Appends to the journal, in the transaction that changes the rows it speaks of. */
export async function addJournal(sql: Sql, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await ADD.rows(
    sql,
    entries.map(({ kind }) => kind),
    entries.map(({ contactId }) => contactId),
    entries.map(({ episodeId }) => episodeId),
    entries.map(({ agreementId }) => agreementId),
    entries.map(({ version }) => version),
    entries.map(({ at }) => stamp(at)),
    entries.map(({ actor }) => actor),
    entries.map(({ particulars }) => json(particulars)),
    entries.map(({ recordedAt }) => stamp(recordedAt)),
  );
}
