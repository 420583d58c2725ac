import { createHash } from 'node:crypto';
import {
  type Attempts,
  addAttempt,
  networkOf,
  type SubjectKind,
  takeBackAttempt,
  waitOf,
} from '../../core/access/attempt.ts';
import { spanWords } from '../../core/time/span.ts';
import {
  type AttemptRow,
  clearAttempts,
  forgetAttempts,
  loadAttempts,
  saveAttempts,
} from '../../db/access/attempt.ts';
import type { Sql } from '../../db/database.ts';
import type { App } from '../app.ts';
import { AppError } from '../error.ts';

/** How many subjects are kept: far more than are ever tried in a quarter of an hour, but for an attack. */
const MOST_SUBJECTS = 100_000;

/** Who tries to get in: from which address, and as which account if it is one that is tried. */
interface Visitor {
  readonly address: string;
  /** The e-mail address that is given, whether somebody has it or not. */
  readonly email: string | null;
}

interface Subject {
  readonly kind: SubjectKind;
  /** The hash under which it is kept. */
  readonly hash: string;
}

function accountOf(email: string): Subject {
  return { kind: 'account', hash: hashOf('account', email.toLowerCase()) };
}

function addressSubject(address: string): Subject {
  return { kind: 'address', hash: hashOf('address', networkOf(address)) };
}

function subjectsOf({ address, email }: Visitor): readonly Subject[] {
  const from = addressSubject(address);
  return email === null ? [from] : [accountOf(email), from];
}

function hashOf(kind: Subject['kind'], name: string): string {
  return createHash('sha256').update(`${kind} ${name}`).digest('hex');
}

/**
 * Lets somebody try to get in, with the answer of `attempt`. Failures are counted in the database, for all nodes: against
 * the account, which a success clears, and against the address. When too many have failed, every further attempt is
 * refused for a while, the right one too. Accounts that do not exist are counted like the others.
 */
export async function tryToEnter<T>(app: App, visitor: Visitor, attempt: () => Promise<T>): Promise<T> {
  const subjects = subjectsOf(visitor);
  await app.db.transaction(sql => count(sql, subjects, app.clock()));
  const answer = await attempt();
  await app.db.transaction(sql => settle(sql, subjects, app.clock()));
  return answer;
}

/**
 * Counts that somebody asks for a link to a mailbox, which nothing takes back; refuses when too many were asked for, for it
 * or from one address. Addresses that nobody has are counted like the others.
 */
export async function countAskedLink(
  app: App,
  { address, email }: { readonly address: string; readonly email: string },
): Promise<void> {
  const mailbox: Subject = { kind: 'mailbox', hash: hashOf('mailbox', email.toLowerCase()) };
  await app.db.transaction(sql => count(sql, [mailbox, addressSubject(address)], app.clock()));
}

async function count(sql: Sql, subjects: readonly Subject[], now: number): Promise<void> {
  const states = await load(sql, subjects, now);
  for (const { kind, attempts } of states) {
    const waitMs = waitOf(attempts, now);
    if (waitMs > 0) throw mustWait(kind, waitMs);
  }
  await saveAttempts(
    sql,
    states.map(({ kind, hash, attempts }) => rowOf(hash, addAttempt(kind, attempts, now))),
  );
}

/** What follows a success: the account starts anew, and the address gets the one attempt back. */
async function settle(sql: Sql, subjects: readonly Subject[], now: number): Promise<void> {
  const states = await load(sql, subjects, now);
  for (const { kind, hash, attempts } of states) {
    if (kind === 'account') await clearAttempts(sql, hash);
    else await saveAttempts(sql, [rowOf(hash, takeBackAttempt(kind, attempts))]);
  }
}

async function load(sql: Sql, subjects: readonly Subject[], now: number) {
  const rows = await loadAttempts(sql, { subjects: subjects.map(({ hash }) => hash), now });
  return subjects.flatMap(({ kind, hash }) => {
    const row = rows.find(({ subject }) => subject === hash);
    return row === undefined ? [] : [{ kind, hash, attempts: attemptsOf(row) }];
  });
}

function attemptsOf({ failures, refused_until: refusedUntil, over_at: overAt }: AttemptRow): Attempts {
  return { failures, refusedUntil, overAt };
}

function rowOf(subject: string, { failures, refusedUntil, overAt }: Attempts): AttemptRow {
  return { subject, failures, refused_until: refusedUntil, over_at: overAt };
}

function mustWait(kind: Subject['kind'], waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  const words = spanWords(seconds < 120 ? seconds * 1000 : Math.ceil(seconds / 60) * 60_000);
  return new AppError('tooMany', `${TOO_MANY_WORDS[kind]} Try again in ${words}.`, {
    retryAfter: seconds,
  });
}

const TOO_MANY_WORDS: Readonly<Record<SubjectKind, string>> = {
  account: 'Too many attempts for this account have failed.',
  address: 'Too many attempts from this address have failed.',
  mailbox: 'Too many links were asked for to this address.',
};

/** Forgets the failed attempts at an account, in the transaction that gives it a new password. */
export function forgiveAccount(sql: Sql, email: string): Promise<void> {
  return clearAttempts(sql, accountOf(email).hash);
}

/** Deletes failed attempts that no longer count, and bounds how many are kept; nothing more is left to do then. */
export async function sweepAttempts({ db }: App, now: number): Promise<boolean> {
  await forgetAttempts(db, { now, most: MOST_SUBJECTS });
  return false;
}
