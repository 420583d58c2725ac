import { REVIEW_KINDS, type ReviewKind } from '../../core/review/kind.ts';
import { ENTRY_KINDS, type EntryKind, type ReviewEntry } from '../../core/review/review.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { type RowOf, type Sql, stamp, statement } from '../database.ts';

const ENTRY = {
  id: 'uuid',
  kind: 'text',
  key: 'text',
  entry: 'text',
  text: 'text',
  author: 'text',
  at: 'timestamptz',
  done_at: 'timestamptz?',
  done_by: 'text?',
} as const;
const COLUMNS = 'id, kind, key, entry, text, author, at, done_at, done_by';

/** The most entries of one review, or from earlier ones, that are read. */
export const MOST_ENTRIES = 200;

function entryOf(row: RowOf<typeof ENTRY>): ReviewEntry {
  const { id, key, text, author, at, done_at: doneAt, done_by: by } = row;
  return {
    id,
    review: { kind: REVIEW_KINDS.find(known => known === row.kind) ?? 'monthly', key },
    kind: ENTRY_KINDS.find(known => known === row.entry) ?? 'note',
    text,
    author,
    at: formatInstant(at),
    done: doneAt === null || by === null ? null : { at: formatInstant(doneAt), by },
  };
}

const LIST = statement(
  'list_review_entries',
  ENTRY,
  `select ${COLUMNS} from review_entry where kind = $1 and key = $2 order by at, id limit ${MOST_ENTRIES}`,
);

/** Lists what was written down at a review, the oldest first. */
export async function listReviewEntries(
  sql: Sql,
  of: { readonly kind: ReviewKind; readonly key: string },
): Promise<readonly ReviewEntry[]> {
  return (await LIST.rows(sql, of.kind, of.key)).map(entryOf);
}

const EARLIER = statement(
  'list_earlier_entries',
  ENTRY,
  `select ${COLUMNS} from review_entry
   where kind = $1 and key < $2
     and ((entry = 'todo' and (done_at is null or key = $3)) or (entry = 'decision' and key = $3))
   order by entry, at, id limit ${MOST_ENTRIES}`,
);

/**
 * Lists what earlier reviews of a kind leave to the one of `key`: what was decided at the one before, its to-dos, and those
 * of all before that are still open. Keys of one kind are in the order of time.
 */
export async function listEarlierEntries(
  sql: Sql,
  of: { readonly kind: ReviewKind; readonly key: string; readonly before: string },
): Promise<readonly ReviewEntry[]> {
  return (await EARLIER.rows(sql, of.kind, of.key, of.before)).map(entryOf);
}

const COUNT = statement(
  'count_review_entries',
  { kind: 'text', key: 'text', notes: 'int8', decisions: 'int8', todos: 'int8', open: 'int8' },
  `select kind, key, count(*) filter (where entry = 'note') as notes, count(*) filter (where entry = 'decision') as decisions,
     count(*) filter (where entry = 'todo') as todos, count(*) filter (where entry = 'todo' and done_at is null) as open
   from review_entry where (kind = 'weekly' and key = any($1::text[])) or (kind = 'monthly' and key = any($2::text[]))
     or (kind = 'quarterly' and key = any($3::text[]))
   group by kind, key`,
);

/** Counts what was written down at reviews, by kind and key; those without entries are left out. */
export function countReviewEntries(sql: Sql, keys: Readonly<Record<ReviewKind, readonly string[]>>) {
  return COUNT.rows(sql, keys.weekly, keys.monthly, keys.quarterly);
}

const ADD = statement(
  'add_review_entry',
  ENTRY,
  `insert into review_entry (id, kind, key, entry, text, author, at) values ($1, $2, $3, $4, $5, $6, $7)
   returning ${COLUMNS}`,
);

/** Stores what somebody wrote down at a review. */
export async function addReviewEntry(
  sql: Sql,
  entry: {
    readonly id: string;
    readonly kind: ReviewKind;
    readonly key: string;
    readonly entry: EntryKind;
    readonly text: string;
    readonly author: string;
    readonly at: number;
  },
): Promise<ReviewEntry> {
  const { id, kind, key, text, author, at } = entry;
  const row = await ADD.first(sql, id, kind, key, entry.entry, text, author, stamp(at));
  if (row === null) throw new Error('an entry of a review was not stored');
  return entryOf(row);
}

const LOAD = statement(
  'load_review_entry',
  ENTRY,
  `select ${COLUMNS} from review_entry where id = $1 and kind = $2 and key = $3 for update`,
);

/** Finds an entry of a review and locks it; null when the review has no such entry. */
export async function loadReviewEntry(
  sql: Sql,
  of: { readonly id: string; readonly kind: ReviewKind; readonly key: string },
): Promise<ReviewEntry | null> {
  const row = await LOAD.first(sql, of.id, of.kind, of.key);
  return row === null ? null : entryOf(row);
}

const FINISH = statement(
  'finish_review_entry',
  ENTRY,
  `update review_entry set done_at = $2, done_by = $3 where id = $1 returning ${COLUMNS}`,
);

/** Sets when a to-do was finished and who finished it; null opens it again. */
export async function saveEntryDone(
  sql: Sql,
  id: string,
  done: { readonly at: number; readonly by: string } | null,
): Promise<ReviewEntry | null> {
  const row = await FINISH.first(sql, id, done === null ? null : stamp(done.at), done?.by ?? null);
  return row === null ? null : entryOf(row);
}

const DELETE = statement('delete_review_entry', {}, 'delete from review_entry where id = $1');

/** Deletes an entry of a review. */
export async function deleteReviewEntry(sql: Sql, id: string): Promise<void> {
  await DELETE.rows(sql, id);
}

const DECISIONS = statement(
  'list_review_decisions',
  { at: 'timestamptz', text: 'text' },
  `select at, text from review_entry where entry = 'decision' and at >= $1 and at < $2 order by at, id limit ${MOST_ENTRIES}`,
);

/** Lists what was decided at reviews of any kind within a range, epoch ms. */
export function listReviewDecisions(sql: Sql, range: { readonly from: number; readonly to: number }) {
  return DECISIONS.rows(sql, stamp(range.from), stamp(range.to));
}
