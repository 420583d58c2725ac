import { entry } from '../../core/contact/journal.ts';
import { type Database, json, type RowOf, type Sql, stamp, statement } from '../database.ts';
import { addJournal } from '../journal.ts';

/** The key of the advisory lock under which one import at a time writes: any number that nothing else uses. */
const LOCK = 4_802_001;

const TAKE_TURN = statement('lock_imports', { n: 'int8' }, 'select count(pg_advisory_xact_lock($1)) as n');

/** Has imports write one after the other, until the transaction ends: they tell repeated rows by what is stored. */
export async function lockImports(sql: Sql): Promise<void> {
  await TAKE_TURN.rows(sql, LOCK);
}

const ADD_BATCH = statement(
  'add_import_batch',
  {},
  'insert into import_batch (id, kind, file, imported_by, created_at) values ($1, $2, $3, $4, $5)',
);

/** Begins an import. */
export async function addBatch(
  sql: Sql,
  batch: {
    readonly id: string;
    readonly kind: string;
    readonly file: string;
    readonly by: string | null;
    readonly now: number;
  },
): Promise<void> {
  await ADD_BATCH.rows(sql, batch.id, batch.kind, batch.file, batch.by, stamp(batch.now));
}

const DROP_BATCH = statement('drop_import_batch', {}, 'delete from import_batch where id = $1');

/** Forgets an import that took nothing. */
export async function dropBatch(sql: Sql, id: string): Promise<void> {
  await DROP_BATCH.rows(sql, id);
}

const FIND_BATCH = statement(
  'find_import_batch',
  { id: 'uuid', kind: 'text', file: 'text', created_at: 'timestamptz', undone_at: 'timestamptz?' },
  'select id, kind, file, created_at, undone_at from import_batch where id = $1 for update',
);

/** Locks an import and tells what it was; null when there is none of that id. */
export function findBatch(sql: Sql, id: string) {
  return FIND_BATCH.first(sql, id);
}

const HAS_IMPORT = statement(
  'has_import_since',
  { found: 'bool' },
  'select exists (select from import_batch where created_at >= $1 or undone_at >= $1) as found',
);

/** Whether anything was imported, or taken back, since an instant. */
export async function hasImportSince(sql: Sql, at: number): Promise<boolean> {
  return (await HAS_IMPORT.first(sql, stamp(at)))?.found ?? true;
}

const MARK = statement(
  'mark_import_batch',
  {},
  `update import_batch set progress = $2, seen_at = $3, finished_at = case when $4 then $3 else finished_at end,
     header = coalesce($5, header), source = coalesce($6, source) where id = $1`,
);

/** Notes how far an import has come; at the first time also what its file looks like. */
export async function markBatch(
  sql: Sql,
  of: {
    readonly id: string;
    readonly progress: unknown;
    readonly now: number;
    readonly isFinished: boolean;
    readonly header?: readonly string[];
    readonly source?: string | null;
  },
): Promise<void> {
  const header = of.header === undefined ? null : json(of.header);
  await MARK.rows(sql, of.id, json(of.progress), stamp(of.now), of.isFinished, header, of.source ?? null);
}

const BATCH = {
  id: 'uuid',
  kind: 'text',
  file: 'text',
  source: 'text?',
  imported_by: 'text?',
  created_at: 'timestamptz',
  seen_at: 'timestamptz?',
  finished_at: 'timestamptz?',
  undone_at: 'timestamptz?',
  progress: 'jsonb?',
  header: 'jsonb?',
} as const;
export type BatchRow = RowOf<typeof BATCH>;

const LOAD_BATCH = statement(
  'load_import_batch',
  BATCH,
  `select id, kind, file, source, imported_by, created_at, seen_at, finished_at, undone_at, progress, header
   from import_batch where id = $1`,
);

/** An import as it is shown; null when there is none of that id. */
export function loadBatch(sql: Sql, id: string) {
  return LOAD_BATCH.first(sql, id);
}

const ALL_BATCHES = statement(
  'list_all_import_batches',
  BATCH,
  `select id, kind, file, source, imported_by, created_at, seen_at, finished_at, undone_at, progress, header
   from import_batch where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid)
   order by created_at desc, id desc limit $3`,
);

/** The imports, newest first, behind one. */
export function listAllBatches(
  sql: Sql,
  of: { readonly after: { readonly at: number; readonly id: string } | null; readonly limit: number },
) {
  const { after, limit } = of;
  return ALL_BATCHES.rows(sql, after === null ? null : stamp(after.at), after?.id ?? null, limit);
}

const LIST_BATCHES = statement(
  'list_import_batches',
  { id: 'uuid', kind: 'text', file: 'text', created_at: 'timestamptz' },
  `select id, kind, file, created_at from import_batch where undone_at is null
   order by created_at desc, id limit $1`,
);

/** The latest imports that were not taken back, newest first. */
export function listBatches(sql: Sql, limit: number) {
  return LIST_BATCHES.rows(sql, limit);
}

const IMPORTED_FACTS = statement(
  'load_imported_facts',
  { contact_id: 'uuid', at: 'timestamptz?', mode: 'text', message_id: 'text' },
  `select contact_id, at, mode, message_id from profile_fact
   where contact_id = any($1::uuid[]) and batch_id is not null order by contact_id, message_id`,
);

/** What imports have said of contacts, in the order in which they said it. */
export function loadImportedFacts(sql: Sql, ids: readonly string[]) {
  return IMPORTED_FACTS.rows(sql, ids);
}

const DESCRIBED = statement(
  'load_described_contacts',
  { contact_id: 'uuid' },
  `select distinct contact_id from profile_fact
   where contact_id = any($1::uuid[]) and batch_id is distinct from $2::uuid`,
);

/** Which contacts had a profile before this import. */
export async function loadDescribed(
  sql: Sql,
  ids: readonly string[],
  batchId: string,
): Promise<ReadonlySet<string>> {
  return new Set((await DESCRIBED.rows(sql, ids, batchId)).map(row => row.contact_id));
}

const CREATIONS = statement(
  'lock_creations',
  { id: 'uuid', created_at: 'timestamptz' },
  'select id, created_at from contact where id = any($1::uuid[]) and merged_into is null order by id for update',
);

/** Locks contacts and tells when they were created. */
export function lockCreations(sql: Sql, ids: readonly string[]) {
  return CREATIONS.rows(sql, ids);
}

const CREATIONS_AFTER = statement(
  'list_creations',
  { id: 'uuid', name: 'text', email: 'text?', created_at: 'timestamptz' },
  `select id, name, email, created_at from contact
   where merged_into is null and ($1::uuid is null or id > $1) order by id limit $2`,
);

/** Walks through all contacts by their id. */
export function listCreations(sql: Sql, after: string | null, limit: number) {
  return CREATIONS_AFTER.rows(sql, after, limit);
}

const USERS_BY_EMAIL = statement(
  'load_users_by_email',
  { id: 'text', name: 'text', email: 'text' },
  'select id, name, lower(email) as email from app_user where lower(email) = any($1::text[])',
);

/** The people who sign in with one of these addresses, which must be lower-case. */
export function loadUsersByEmail(sql: Sql, emails: readonly string[]) {
  return USERS_BY_EMAIL.rows(sql, emails);
}

const MESSAGES = statement(
  'load_messages',
  { id: 'text' },
  'select id from message where id = any($1::text[])',
);

/** Which of these messages were taken in before. */
export async function loadMessages(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await MESSAGES.rows(sql, ids)).map(({ id }) => id));
}

/**
 * Has the database count its tables anew. A planner that still takes them for empty reads all of them for every batch:
 * 178,917 events took PostgreSQL twice as long.
 */
export async function recount(db: Database): Promise<void> {
  await db.script('analyze contact, contact_identity, profile_fact, event, message, standing, episode');
}

const QUIET_OUTBOX = statement(
  'quiet_outbox',
  {},
  `update outbox set state = 'sent', sent_at = created_at, next_attempt_at = null, attempts = 1
   where state = 'waiting' and created_at < $1`,
);

const QUIET_ALERTS = statement(
  'quiet_alerts',
  {},
  'update alert set read_at = at where read_at is null and at < $1',
);

const QUIET_THROTTLES = statement(
  'quiet_throttles',
  {},
  'update alert_throttle set held = 0, held_since = null, held_alert = null where held > 0 and until_at < $1',
);

const QUIET_EXCEPTIONS = statement(
  'quiet_exceptions',
  {},
  'update exception set overdue_at = due_at where overdue_at is null and due_at < $1',
);

const QUIET_LETTERS = statement(
  'quiet_letters',
  {
    id: 'uuid',
    contact_id: 'uuid',
    episode_id: 'uuid?',
    agreement_id: 'text',
    version: 'int4',
    purpose: 'text',
    template: 'text?',
    address: 'text?',
    owner_name: 'text?',
    at: 'timestamptz',
  },
  `update letter set state = 'sent', ended_at = letter.not_before
   from outbox o
   where letter.state = 'waiting' and letter.not_before < $1 and o.id = letter.id and o.state = 'sent'
   returning letter.id, letter.contact_id, letter.episode_id, letter.agreement_id, letter.version, letter.purpose,
     letter.template, letter.address, (select name from app_user where id = letter.owner_id) as owner_name,
     letter.not_before as at`,
);

/** Lets letters count as sent whose messages do, each with its line in the journal. */
async function quietLetters(sql: Sql, now: number): Promise<void> {
  const sent = await QUIET_LETTERS.rows(sql, stamp(now));
  await addJournal(
    sql,
    sent.map(row =>
      entry(
        'letter_sent',
        {
          purpose: row.purpose,
          template: row.template ?? '',
          owner: row.owner_name,
          subject: '',
          address: row.address ?? '',
        },
        {
          contactId: row.contact_id,
          episodeId: row.episode_id,
          agreementId: row.agreement_id,
          version: row.version,
          at: row.at,
          by: 'letters',
        },
      ),
    ),
  );
}

/**
 * Lets what was promised before `now` count as sent when it was promised, and what is older than `news` as read and known:
 * a history that is only now written down must not ring anybody's bell.
 */
export async function quietHistory(
  sql: Sql,
  of: { readonly now: number; readonly news: number },
): Promise<void> {
  await QUIET_OUTBOX.rows(sql, stamp(of.now));
  await quietLetters(sql, of.now);
  await QUIET_ALERTS.rows(sql, stamp(of.news));
  await QUIET_THROTTLES.rows(sql, stamp(of.news));
  await QUIET_EXCEPTIONS.rows(sql, stamp(of.news));
}
