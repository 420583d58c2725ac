import { json, type RowOf, type Sql, stamp, statement } from '../database.ts';

const REPLY = { fingerprint: 'text', status: 'int4?', body: 'jsonb?', created_at: 'timestamptz' } as const;

/** What is kept of a write: what was asked, and the answer once there is one. */
type ReplyRow = RowOf<typeof REPLY>;

/** Whose key it is. */
interface ReplyKey {
  readonly caller: string;
  readonly key: string;
}

const CLAIM = statement(
  'claim_idempotency_key',
  { claimed: 'bool' },
  `insert into idempotent_reply (caller, key, fingerprint, created_at) values ($1, $2, $3, $4)
   on conflict (caller, key) do update
     set fingerprint = excluded.fingerprint, status = null, body = null, created_at = excluded.created_at
     where idempotent_reply.created_at < $5
       or (idempotent_reply.status is null and idempotent_reply.created_at < $6)
   returning true as claimed`,
);

/**
 * Takes a key for a write that begins; false when it is taken. What was kept before `forgetBefore` gives way, and so
 * does a write that has not ended since `deadBefore`: its node has died.
 */
export async function claimReply(
  sql: Sql,
  claim: ReplyKey & {
    readonly fingerprint: string;
    readonly now: number;
    readonly forgetBefore: number;
    readonly deadBefore: number;
  },
): Promise<boolean> {
  const { caller, key, fingerprint, now, forgetBefore, deadBefore } = claim;
  const times = [stamp(now), stamp(forgetBefore), stamp(deadBefore)];
  return (await CLAIM.first(sql, caller, key, fingerprint, ...times)) !== null;
}

const FIND = statement(
  'find_idempotent_reply',
  REPLY,
  'select fingerprint, status, body, created_at from idempotent_reply where caller = $1 and key = $2',
);

/** Finds what is kept under a key. */
export function findReply(sql: Sql, { caller, key }: ReplyKey): Promise<ReplyRow | null> {
  return FIND.first(sql, caller, key);
}

const SAVE = statement(
  'save_idempotent_reply',
  {},
  'update idempotent_reply set status = $3, body = $4 where caller = $1 and key = $2',
);

/** Keeps the answer of a write. */
export async function saveReply(
  sql: Sql,
  { caller, key, status, body }: ReplyKey & { readonly status: number; readonly body: unknown },
): Promise<void> {
  await SAVE.rows(sql, caller, key, status, json(body));
}

const RELEASE = statement(
  'release_idempotency_key',
  {},
  'delete from idempotent_reply where caller = $1 and key = $2 and status is null',
);

/** Gives a key back when its write came to nothing, so that it can be tried again. */
export async function releaseReply(sql: Sql, { caller, key }: ReplyKey): Promise<void> {
  await RELEASE.rows(sql, caller, key);
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
