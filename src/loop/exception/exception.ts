import { plainAlert } from '../../core/alert/message.ts';
import { type ExceptionKind, troubleWords } from '../../core/exception/exception.ts';
import type { ExceptionSubject } from '../../core/exception/subject.ts';
import { reasonIn } from '../../core/routing/reason.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { findSteward, listStewards } from '../../db/access/user.ts';
import type { Sql } from '../../db/database.ts';
import {
  type Closing,
  closeEpisodeExceptions,
  closeExceptions,
  findOverdue,
  openExceptions,
  takeOverdue,
} from '../../db/exception/exception.ts';
import { promiseClosed, promiseEvents } from '../alert/hook.ts';
import { type Notice, notify } from '../alert/notify.ts';
import type { App } from '../app.ts';
import { sweepBatch } from '../sweep.ts';

const HOUR_MS = 3_600_000;

/** By when a trouble without a clock of its own must be dealt with. */
const DUE_AFTER_MS = 4 * HOUR_MS;

/** Something that only a person can settle. Times in epoch ms. */
export interface RaisedException {
  readonly kind: ExceptionKind;
  /** One of a fixed list. */
  readonly reason: string;
  readonly subject: ExceptionSubject;
  readonly detail: string;
  readonly particulars?: Readonly<Record<string, unknown>>;
  readonly contactId?: string | null;
  readonly episodeId?: string | null;
  /** Who must deal with it; without one an active manager or admin. */
  readonly ownerId?: string | null;
  readonly at: number;
  readonly dueAt?: number;
  readonly retryAt?: number | null;
}

/** Opens exceptions, in the caller's transaction, and tells those who must deal with them; one that is open already stays. */
export async function raiseExceptions(
  sql: Sql,
  app: App,
  troubles: readonly RaisedException[],
): Promise<void> {
  if (troubles.length === 0) return;
  const steward = await findSteward(sql, null);
  const opened = troubles.map(trouble => ({
    id: app.newId(),
    kind: trouble.kind,
    reason: trouble.reason,
    subject: trouble.subject,
    detail: trouble.detail,
    particulars: trouble.particulars ?? {},
    contactId: trouble.contactId ?? null,
    episodeId: trouble.episodeId ?? null,
    ownerId: trouble.ownerId ?? steward,
    openedAt: trouble.at,
    dueAt: trouble.dueAt ?? trouble.at + DUE_AFTER_MS,
    retryAt: trouble.retryAt ?? null,
  }));
  const added = await openExceptions(sql, opened);
  const fresh = opened.filter(({ id }) => added.has(id));
  await notify(
    sql,
    app,
    fresh.flatMap(trouble => (trouble.ownerId === null ? [] : [noticeOf(trouble, [trouble.ownerId])])),
  );
  await promiseEvents(
    sql,
    fresh.map(({ id, kind, reason, detail, contactId, episodeId, openedAt: at, dueAt }) => ({
      type: 'exception.opened' as const,
      at,
      contactId,
      episodeId,
      data: { exceptionId: id, kind, reason, detail, dueAt: formatInstant(dueAt) },
    })),
  );
}

/** Closes the troubles about these subjects; nothing where none is open. */
export async function settleExceptions(
  sql: Sql,
  which: { readonly kind: ExceptionKind; readonly subjects: readonly ExceptionSubject[] },
  closing: Closing,
): Promise<void> {
  const closed = await closeExceptions(sql, { kinds: [which.kind], subjects: which.subjects }, closing);
  await promiseClosed(sql, closed, closing);
}

/** Closes whatever is open about episodes: they have an owner now, or are over. */
export async function freeEpisodes(sql: Sql, episodeIds: readonly string[], closing: Closing): Promise<void> {
  await promiseClosed(sql, await closeEpisodeExceptions(sql, episodeIds, closing), closing);
}

/** What people are told of a trouble. */
interface Told {
  readonly kind: string;
  readonly reason: string;
  readonly detail: string;
  readonly particulars: unknown;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly dueAt: number;
}

function noticeOf(trouble: Told & { readonly openedAt: number }, to: readonly string[]): Notice {
  return {
    to,
    at: trouble.openedAt,
    label: titleOf(trouble),
    payload: plainAlert({
      kind: trouble.kind === 'breach' ? 'breach' : 'exception',
      occasion: titleOf(trouble),
      sentence: troubleWords({ ...trouble, why: reasonIn(trouble.particulars) }),
      episodeId: trouble.episodeId,
      contactId: trouble.contactId,
      dueAt: trouble.dueAt,
    }),
  };
}

function titleOf({ kind, reason }: Pick<Told, 'kind' | 'reason'>): string {
  if (reason === 'joins_too_many') return 'An id would join too many people';
  if (reason === 'joins_companies') return 'A group id would join different companies';
  switch (kind) {
    case 'missing_data':
      return 'A lead lacks data';
    case 'duplicate':
      return 'A lead may be a duplicate';
    case 'delivery':
      return 'Messages do not arrive';
    case 'breach':
      return 'A lead may be lost';
    default:
      return 'A lead waits for an owner';
  }
}

/** How many exceptions one sweep tells of. */
const OVERDUE_BATCH = 100;

/** Tells managers and admins, once, of exceptions that nobody dealt with in time; returns how many there were. */
export async function sweepOverdue(app: App, now: number): Promise<number> {
  const batch = {
    name: 'overdue exceptions',
    isOfContacts: false,
    find: (but: readonly string[]) => findOverdue(app.db, { now, limit: OVERDUE_BATCH, but }),
    work: (sql: Sql, ids: readonly string[]) => tellOverdue(sql, app, ids, now),
  };
  return (await sweepBatch(app, batch, now)).reduce((sum, count) => sum + count, 0);
}

async function tellOverdue(sql: Sql, app: App, ids: readonly string[], now: number): Promise<number> {
  const overdue = await takeOverdue(sql, ids, now);
  if (overdue.length === 0) return 0;
  const stewards = await listStewards(sql);
  const notices = overdue.map((row): Notice => {
    const told = {
      kind: row.kind,
      reason: row.reason,
      detail: row.detail,
      particulars: row.particulars,
      contactId: row.contact_id,
      episodeId: row.episode_id,
      dueAt: row.due_at,
      openedAt: now,
    };
    const to = row.owner_id === null ? stewards : [...new Set([row.owner_id, ...stewards])];
    const notice = noticeOf(told, to);
    const label = `Overdue: ${notice.label.charAt(0).toLowerCase()}${notice.label.slice(1)}`;
    return { ...notice, label, isUrgent: true, payload: { ...notice.payload, occasion: label } };
  });
  await notify(sql, app, notices);
  return overdue.length;
}
