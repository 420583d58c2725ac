import { type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const ATTEMPT = {
  subject: 'text',
  failures: 'int4',
  refused_until: 'timestamptz?',
  over_at: 'timestamptz',
} as const;

/** The failed attempts of a subject, which is kept as a hash. */
export type AttemptRow = RowOf<typeof ATTEMPT>;

// The update of nothing locks the rows that were there and returns them too. Sorted, so that nobody waits for another who waits.
const LOAD = statement(
  'load_attempts',
  ATTEMPT,
  `insert into attempt (subject, failures, over_at)
   select subject, 0, $2::timestamptz from unnest($1::text[]) as asked(subject) order by subject
   on conflict (subject) do update set failures = attempt.failures
   returning subject, failures, refused_until, over_at`,
);

/** Loads what is counted against each subject and locks it until the transaction ends; nothing yet is 0, over at `now`. */
export function loadAttempts(
  sql: Sql,
  { subjects, now }: { readonly subjects: readonly string[]; readonly now: number },
): Promise<readonly AttemptRow[]> {
  return LOAD.rows(sql, subjects, stamp(now));
}

const SAVE = statement(
  'save_attempts',
  {},
  `update attempt set failures = new.failures, refused_until = new.refused_until, over_at = new.over_at
   from unnest($1::text[], $2::int[], $3::timestamptz[], $4::timestamptz[])
     as new(subject, failures, refused_until, over_at)
   where attempt.subject = new.subject`,
);

/** Saves what counts against subjects from now on. Call it in the transaction that has loaded them. */
export async function saveAttempts(sql: Sql, rows: readonly AttemptRow[]): Promise<void> {
  await SAVE.rows(
    sql,
    rows.map(({ subject }) => subject),
    rows.map(({ failures }) => failures),
    rows.map(row => stampOrNull(row.refused_until)),
    rows.map(row => stamp(row.over_at)),
  );
}

const CLEAR = statement('clear_attempts', {}, 'delete from attempt where subject = $1');

/** Forgets what counts against a subject. */
export async function clearAttempts(sql: Sql, subject: string): Promise<void> {
  await CLEAR.rows(sql, subject);
}

const FORGET = statement(
  'forget_attempts',
  {},
  `delete from attempt
   where over_at <= $1 or subject in (select subject from attempt order by failures desc, over_at desc offset $2)`,
);

/** Deletes what is over, and of more than `most` subjects those with the fewest failures. */
export async function forgetAttempts(
  sql: Sql,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<void> {
  await FORGET.rows(sql, stamp(now), most);
}
