import { type Sql, stamp, statement } from '../database.ts';

const TOUCHED = statement(
  'list_imported_contacts',
  { contact_id: 'uuid' },
  `select contact_id from event where batch_id = $1
   union select contact_id from profile_fact where batch_id = $1
   union select contact_id from episode where batch_id = $1
   union select e.contact_id from episode e join import_change c on c.episode_id = e.id where c.batch_id = $1`,
);

/** The contacts that an import told something of. */
export async function listImportedContacts(sql: Sql, batchId: string): Promise<readonly string[]> {
  return (await TOUCHED.rows(sql, batchId)).map(row => row.contact_id);
}

const WORKED_OUT = "array['fired', 'decisive']";

// A column that came after what was kept is null: that is not a change. Nor is that somebody worked out which rules were
// decisive, which no import changes.
const RESTORE = statement(
  'restore_episodes',
  { id: 'uuid' },
  `update episode e set state = old.state, decision = old.decision, decided_at = old.decided_at, decided_by = old.decided_by,
     first_touch_at = old.first_touch_at, ended_at = old.ended_at, reason = old.reason, reason_label = old.reason_label,
     note = old.note, requalify_at = old.requalify_at, opportunity_at = old.opportunity_at, amount = old.amount, currency = old.currency, source = old.source,
     campaign = old.campaign, content = old.content, owner_id = old.owner_id, owner_name = old.owner_name, waiting_for = old.waiting_for
   from import_change c cross join lateral jsonb_populate_record(null::episode, c.before) old
   where c.batch_id = $1 and e.id = c.episode_id and jsonb_strip_nulls(to_jsonb(e) - ${WORKED_OUT}) = jsonb_strip_nulls(c.after - ${WORKED_OUT})
   returning e.id`,
);

const CHANGED = statement(
  'list_changed_episodes',
  { episode_id: 'uuid' },
  'select episode_id from import_change where batch_id = $1 order by episode_id',
);

/** The episodes that were there before an import, which changed them. */
export async function listChangedEpisodes(sql: Sql, batchId: string): Promise<readonly string[]> {
  return (await CHANGED.rows(sql, batchId)).map(row => row.episode_id);
}

const CLEAN = [
  ['undo_activities', 'delete from activity where batch_id = $1 and episode_id = any($2::uuid[])'],
  [
    'undo_journal',
    `delete from journal where episode_id = any($2::uuid[]) and particulars ->> 'batch' = $1::uuid::text`,
  ],
  ['undo_changes', 'delete from import_change where batch_id = $1 and episode_id = any($2::uuid[])'],
] as const;

const CLEANING = CLEAN.map(([name, text]) => statement(name, {}, text));

const OPENED = statement(
  'list_opened_episodes',
  { id: 'uuid' },
  `select e.id from episode e where e.batch_id = $1
     and not exists (select from journal j where j.episode_id = e.id and j.particulars ->> 'batch' is distinct from $1::uuid::text)
     and not exists (select from activity a where a.episode_id = e.id and a.batch_id is distinct from $1)
     and not exists (select from alert a where a.episode_id = e.id)
     and not exists (select from task t where t.episode_id = e.id)
     and not exists (select from import_change c where c.episode_id = e.id and c.batch_id <> $1)`,
);

const DROP = statement('drop_episodes', {}, 'delete from episode where id = any($1::uuid[])');

const COUNT_LEFT = statement(
  'count_kept_episodes',
  { n: 'int8' },
  `select (select count(*) from episode where batch_id = $1)
     + (select count(*) from import_change where batch_id = $1) as n`,
);

/**
 * Takes back what an import made of episodes: those it opened go, those it changed are as before. Left alone are those
 * that somebody has worked on since; returns how many.
 */
export async function undoEpisodes(sql: Sql, batchId: string): Promise<{ readonly kept: number }> {
  const restored = (await RESTORE.rows(sql, batchId)).map(({ id }) => id);
  const opened = (await OPENED.rows(sql, batchId)).map(({ id }) => id);
  for (const step of CLEANING) await step.rows(sql, batchId, [...restored, ...opened]);
  await DROP.rows(sql, opened);
  const left = await COUNT_LEFT.first(sql, batchId);
  return { kept: left?.n ?? 0 };
}

const UNDO_EVENTS = statement('undo_events', {}, 'delete from event where batch_id = $1');
const UNDO_FACTS = statement('undo_facts', {}, 'delete from profile_fact where batch_id = $1');
const UNDO_SIGHTINGS = statement('undo_sightings', {}, 'delete from sighting where batch_id = $1');
const UNDO_MESSAGES = statement('undo_messages', {}, 'delete from message where batch_id = $1');

/** Takes back the events and profile facts of an import, and forgets its rows, so that they can be read again. */
export async function undoRows(sql: Sql, batchId: string): Promise<void> {
  for (const step of [UNDO_EVENTS, UNDO_FACTS, UNDO_SIGHTINGS, UNDO_MESSAGES]) await step.rows(sql, batchId);
}

const EMPTY = statement(
  'list_empty_contacts',
  { id: 'uuid' },
  `select c.id from contact c where c.id = any($1::uuid[])
     and not exists (select from event e where e.contact_id = c.id)
     and not exists (select from profile_fact f where f.contact_id = c.id)
     and not exists (select from episode e where e.contact_id = c.id)
     and not exists (select from activity a where a.contact_id = c.id)
     and not exists (select from alert a where a.contact_id = c.id)
     and not exists (select from journal j where j.contact_id = c.id)
     and not exists (select from contact other where other.merged_into = c.id)`,
);

const REMOVALS = [
  ['remove_keys', 'delete from contact_key where contact_id = any($1::uuid[])'],
  ['remove_digests', 'delete from digest where contact_id = any($1::uuid[])'],
  ['remove_standings', 'delete from standing where contact_id = any($1::uuid[])'],
  ['remove_identities', 'delete from contact_identity where contact_id = any($1::uuid[])'],
  ['remove_contacts', 'delete from contact where id = any($1::uuid[])'],
] as const;

const REMOVE = REMOVALS.map(([name, text]) => statement(name, {}, text));

/** Removes those of the contacts about which nothing is known now; returns them. */
export async function removeEmpty(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const empty = (await EMPTY.rows(sql, ids)).map(({ id }) => id);
  for (const step of REMOVE) await step.rows(sql, empty);
  return new Set(empty);
}

const FORGET = statement(
  'forget_addresses',
  {},
  `delete from contact_identity i where i.batch_id = $1 and i.kind = 'email'
     and exists (select from contact_identity other where other.contact_id = i.contact_id and other.value <> i.value)
     and not exists (select from profile_fact f
       where f.contact_id = i.contact_id and lower(trim(f.contact ->> 'email')) = i.value)`,
);

/**
 * Forgets e-mail addresses that an import gave to contacts known by something else: a wrong one would join two people
 * at the next call.
 */
export async function forgetAddresses(sql: Sql, batchId: string): Promise<void> {
  await FORGET.rows(sql, batchId);
}

const CLOSE = statement('close_import_batch', {}, 'update import_batch set undone_at = $2 where id = $1');

/** Marks an import as taken back. */
export async function closeBatch(sql: Sql, id: string, now: number): Promise<void> {
  await CLOSE.rows(sql, id, stamp(now));
}
