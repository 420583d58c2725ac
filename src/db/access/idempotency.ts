import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

const REPLY = { fingerprint: 'text', body: 'jsonb?', created_at: 'timestamptz' } as const;

/** What is kept of a write: what was asked, and the answer. */
export type ReplyRow = RowOf<typeof REPLY>;

/** Whose key it is. */
interface ReplyKey {
  readonly caller: string;
  readonly key: string;
}

const CLAIM = statement(
  'claim_idempotency_key',
  { claimed: 'bool' },
  'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as claimed',
);

/**
 * Takes a key until the transaction ends; false while another call has it. Nobody waits for it: who waits in a transaction
 * keeps a connection from everybody. What is kept under the key must be read by a later statement, as one begun before
 * the key was free sees the rows of then.
 */
export async function claimReply(sql: Sql, { caller, key }: ReplyKey): Promise<boolean> {
  return (await CLAIM.first(sql, `idempotency ${caller} ${key}`))?.claimed === true;
}

const FIND = statement(
  'find_idempotent_reply',
  REPLY,
  `select fingerprint, body, created_at from idempotent_reply
   where caller = $1 and key = $2 and status is not null`,
);

/**
 * Finds what is kept under a key. Nothing is of a write without an answer: a release that claimed keys by a row of their
 * own left it when it was killed.
 */
export function findReply(sql: Sql, { caller, key }: ReplyKey): Promise<ReplyRow | null> {
  return FIND.first(sql, caller, key);
}

const SAVE = statement(
  'save_idempotent_reply',
  {},
  `insert into idempotent_reply (caller, key, fingerprint, status, body, created_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (caller, key) do update
     set fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
       created_at = excluded.created_at`,
);

/** Keeps the answer of a write, in the transaction of the write. */
export async function saveReply(
  sql: Sql,
  reply: ReplyKey & {
    readonly fingerprint: string;
    readonly status: number;
    readonly body: unknown;
    readonly now: number;
  },
): Promise<void> {
  const { caller, key, fingerprint, status, body, now } = reply;
  await SAVE.rows(sql, caller, key, fingerprint, status, json(body), stamp(now));
}

const FORGET = statement(
  'forget_idempotent_replies',
  {},
  'delete from idempotent_reply where created_at < $1',
);

/** Deletes what was kept before an instant. */
export async function forgetReplies(sql: Sql, before: number): Promise<void> {
  await FORGET.rows(sql, stamp(before));
}
