import { type Database, type Sql, stamp, statement } from '../database.ts';

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
  'insert into import_batch (id, kind, file, created_at) values ($1, $2, $3, $4)',
);

/** Begins an import. */
export async function addBatch(
  sql: Sql,
  batch: { readonly id: string; readonly kind: string; readonly file: string; readonly now: number },
): Promise<void> {
  await ADD_BATCH.rows(sql, batch.id, batch.kind, batch.file, stamp(batch.now));
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

/**
 * Lets what was promised before `now` count as sent when it was promised, and what is older than `news` as read and known:
 * a history that is only now written down must not ring anybody's bell.
 */
export async function quietHistory(
  sql: Sql,
  of: { readonly now: number; readonly news: number },
): Promise<void> {
  await QUIET_OUTBOX.rows(sql, stamp(of.now));
  await QUIET_ALERTS.rows(sql, stamp(of.news));
  await QUIET_THROTTLES.rows(sql, stamp(of.news));
  await QUIET_EXCEPTIONS.rows(sql, stamp(of.news));
}
