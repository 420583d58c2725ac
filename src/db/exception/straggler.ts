import { type ExceptionSubject, formatExceptionSubject } from '../../core/exception/subject.ts';
import { type Sql, stamp, statement } from '../database.ts';

const LIST_LAPSED = statement(
  'list_lapsed_stragglers',
  { contact_id: 'text' },
  `select substr(subject, length('contact ') + 1) as contact_id from exception
   where closed_at is null and kind = 'breach' and subject like 'contact %' and retry_at < $1`,
);

/** Contacts with an open exception that said they would be tried again, which was not put off before an instant (epoch ms). */
export async function listLapsed(sql: Sql, before: number): Promise<readonly string[]> {
  return (await LIST_LAPSED.rows(sql, stamp(before))).map(row => row.contact_id);
}

const SAVE_RETRY_TIMES = statement(
  'save_straggler_retries',
  {},
  `update exception set retry_at = new.retry_at from unnest($1::text[], $2::timestamptz[]) as new(subject, retry_at)
   where exception.kind = 'breach' and exception.subject = new.subject and closed_at is null`,
);

/** Saves when what is set aside is tried again; epoch ms. */
export async function saveRetryTimes(
  sql: Sql,
  retries: readonly { readonly subject: ExceptionSubject; readonly retryAt: number }[],
): Promise<void> {
  await SAVE_RETRY_TIMES.rows(
    sql,
    retries.map(({ subject }) => formatExceptionSubject(subject)),
    retries.map(({ retryAt }) => stamp(retryAt)),
  );
}
