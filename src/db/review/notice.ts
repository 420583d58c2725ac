import type { ReviewKind } from '../../core/review/kind.ts';
import { type Sql, stamp, statement } from '../database.ts';

const CLAIM = statement(
  'claim_review_notice',
  { key: 'text' },
  `insert into review_notice (kind, key, sent_at) values ($1, $2, $3) on conflict (kind, key) do nothing returning key`,
);

/** Claims the reminder of a review; false when it was sent before, or another server sends it now. */
export async function claimReviewNotice(
  sql: Sql,
  of: { readonly kind: ReviewKind; readonly key: string; readonly now: number },
): Promise<boolean> {
  return (await CLAIM.first(sql, of.kind, of.key, stamp(of.now))) !== null;
}

const IS_SENT = statement(
  'find_review_notice',
  { key: 'text' },
  'select key from review_notice where kind = $1 and key = $2',
);

/** Whether people were reminded of a review. */
export async function hasReviewNotice(
  sql: Sql,
  of: { readonly kind: ReviewKind; readonly key: string },
): Promise<boolean> {
  return (await IS_SENT.first(sql, of.kind, of.key)) !== null;
}

const READERS = statement(
  'list_review_readers',
  { id: 'text' },
  `select id from app_user where active and role = any($1::text[]) order by id`,
);

/** The active people of some roles. */
export async function listReviewReaders(sql: Sql, roles: readonly string[]): Promise<readonly string[]> {
  return (await READERS.rows(sql, roles)).map(({ id }) => id);
}
