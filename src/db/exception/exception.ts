import { type ExceptionSubject, formatExceptionSubject } from '../../core/exception/subject.ts';
import { json, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';
import { MAY_OWN } from '../routing/owner.ts';

/** Something that waits for a person. Times in epoch ms. */
export interface NewException {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
  /** What it is about: while one of the same subject and kind is open, another changes nothing. */
  readonly subject: ExceptionSubject;
  readonly detail: string;
  readonly particulars: Readonly<Record<string, unknown>>;
  readonly contactId: string | null;
  readonly episodeId: string | null;
  readonly ownerId: string | null;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly retryAt: number | null;
}

const OPEN = statement(
  'open_exceptions',
  { id: 'uuid' },
  `insert into exception (id, kind, reason, subject, detail, particulars, contact_id, episode_id, owner_id, opened_at, due_at, retry_at)
   select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::uuid[],
     $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
   on conflict (subject, kind) where closed_at is null do nothing returning id`,
);

/** Opens exceptions; returns the ids of those that are new. */
export async function openExceptions(
  sql: Sql,
  opened: readonly NewException[],
): Promise<ReadonlySet<string>> {
  if (opened.length === 0) return new Set();
  const rows = await OPEN.rows(
    sql,
    opened.map(({ id }) => id),
    opened.map(({ kind }) => kind),
    opened.map(({ reason }) => reason),
    opened.map(({ subject }) => formatExceptionSubject(subject)),
    opened.map(({ detail }) => detail),
    opened.map(({ particulars }) => json(particulars)),
    opened.map(({ contactId }) => contactId),
    opened.map(({ episodeId }) => episodeId),
    opened.map(({ ownerId }) => ownerId),
    opened.map(({ openedAt }) => stamp(openedAt)),
    opened.map(({ dueAt }) => stamp(dueAt)),
    opened.map(({ retryAt }) => stampOrNull(retryAt)),
  );
  return new Set(rows.map(({ id }) => id));
}

/** How exceptions came to their end. */
export interface Closing {
  readonly by: string;
  readonly at: number;
  readonly resolution: string;
}

const CLOSED = { id: 'uuid', kind: 'text', contact_id: 'uuid?', episode_id: 'uuid?' } as const;

const CLOSE_SUBJECTS = statement(
  'close_exceptions',
  CLOSED,
  `update exception set closed_at = $3, closed_by = $4, resolution = $5, retry_at = null
   where kind = any($1::text[]) and subject = any($2::text[]) and closed_at is null
   returning id, kind, contact_id, episode_id`,
);

/** Closes the open exceptions of these kinds and subjects; returns those it closed. */
export async function closeExceptions(
  sql: Sql,
  which: { readonly kinds: readonly string[]; readonly subjects: readonly ExceptionSubject[] },
  closing: Closing,
): Promise<readonly RowOf<typeof CLOSED>[]> {
  if (which.subjects.length === 0) return [];
  const { at, by, resolution } = closing;
  return CLOSE_SUBJECTS.rows(
    sql,
    which.kinds,
    which.subjects.map(formatExceptionSubject),
    stamp(at),
    by,
    resolution,
  );
}

const CLOSE_EPISODES = statement(
  'close_episode_exceptions',
  CLOSED,
  `update exception set closed_at = $2, closed_by = $3, resolution = $4, retry_at = null
   where episode_id = any($1::uuid[]) and closed_at is null
   returning id, kind, contact_id, episode_id`,
);

/** Closes whatever is open about episodes: they have an owner now, or are over. */
export async function closeEpisodeExceptions(
  sql: Sql,
  episodeIds: readonly string[],
  closing: Closing,
): Promise<readonly RowOf<typeof CLOSED>[]> {
  if (episodeIds.length === 0) return [];
  return CLOSE_EPISODES.rows(sql, episodeIds, stamp(closing.at), closing.by, closing.resolution);
}

const RETRY_LATER = statement(
  'save_exception_retries',
  {},
  `update exception set retry_at = new.retry_at, reason = new.reason, kind = new.kind, detail = new.detail,
     particulars = new.particulars,
     owner_id = coalesce((select u.id from app_user u where u.id = exception.owner_id and ${MAY_OWN}), new.owner_id)
   from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::text[])
     as new(episode_id, kind, reason, detail, particulars, retry_at, owner_id)
   where exception.episode_id = new.episode_id and closed_at is null`,
);

/**
 * Saves why waiting episodes wait now and when routing is tried again. The person who deals with one goes on
 * unless they are no longer active, or may no longer work leads.
 */
export async function saveRetries(
  sql: Sql,
  retries: readonly Pick<
    NewException,
    'episodeId' | 'kind' | 'reason' | 'detail' | 'particulars' | 'retryAt' | 'ownerId'
  >[],
): Promise<void> {
  if (retries.length === 0) return;
  await RETRY_LATER.rows(
    sql,
    retries.map(({ episodeId }) => episodeId),
    retries.map(({ kind }) => kind),
    retries.map(({ reason }) => reason),
    retries.map(({ detail }) => detail),
    retries.map(({ particulars }) => json(particulars)),
    retries.map(({ retryAt }) => stampOrNull(retryAt)),
    retries.map(({ ownerId }) => ownerId),
  );
}

const OVERDUE = 'closed_at is null and overdue_at is null and due_at <= $1';

const FIND_OVERDUE = statement(
  'find_overdue_exceptions',
  { id: 'uuid' },
  `select id from exception where ${OVERDUE} and id <> all($3::uuid[]) order by due_at limit $2`,
);

/** Exceptions that became overdue and of which people were not told, up to `limit` but for some. */
export async function findOverdue(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_OVERDUE.rows(sql, stamp(due.now), due.limit, due.but)).map(({ id }) => id);
}

const LOAD_OVERDUE = statement(
  'take_overdue_exceptions',
  {
    id: 'uuid',
    kind: 'text',
    reason: 'text',
    detail: 'text',
    particulars: 'jsonb',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    owner_id: 'text?',
    due_at: 'timestamptz',
  },
  `update exception set overdue_at = $1 where id in (
     select id from exception where ${OVERDUE} and id = any($2::uuid[]) order by id for update skip locked)
   returning id, kind, reason, detail, particulars, contact_id, episode_id, owner_id, due_at`,
);

/** Takes those of these exceptions that became overdue, each once, so that people are told. */
export function takeOverdue(sql: Sql, ids: readonly string[], now: number) {
  return LOAD_OVERDUE.rows(sql, stamp(now), ids);
}

/** Whose the lead of an exception is. */
const LEAD = { lead_owner_id: 'text?', lead_owner_name: 'text?', lead_team: 'text?' } as const;
const LEAD_COLUMNS = 'e.owner_id as lead_owner_id, w.name as lead_owner_name, e.team as lead_team';
const LEAD_JOINS = 'left join episode e on e.id = x.episode_id left join app_user w on w.id = e.owner_id';

const EXCEPTION = {
  id: 'uuid',
  kind: 'text',
  reason: 'text',
  detail: 'text',
  particulars: 'jsonb',
  contact_id: 'uuid?',
  contact_name: 'text?',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  episode_id: 'uuid?',
  ...LEAD,
  path: 'text?',
  path_label: 'text?',
  total: 'int4?',
  grade: 'text?',
  sentence: 'text?',
  grounds: 'json?',
  handed_off_at: 'timestamptz?',
  first_touch_at: 'timestamptz?',
  first_touch_due_at: 'timestamptz?',
  owner_id: 'text?',
  owner_name: 'text?',
  opened_at: 'timestamptz',
  due_at: 'timestamptz',
  retry_at: 'timestamptz?',
  closed_at: 'timestamptz?',
  closed_by: 'text?',
  resolution: 'text?',
} as const;

/** An exception with the contact and the episode it is about. */
export type ExceptionRow = RowOf<typeof EXCEPTION>;

const SELECT = `select x.id, x.kind, x.reason, x.detail, x.particulars, x.contact_id, c.name as contact_name,
     c.title as contact_title, c.email as contact_email, c.company_name as contact_company, x.episode_id, ${LEAD_COLUMNS},
     e.path, e.path_label, e.total, e.grade, e.sentence, e.grounds, e.handed_off_at,
     e.first_touch_at, e.first_touch_due_at, x.owner_id, u.name as owner_name, x.opened_at, x.due_at, x.retry_at, x.closed_at, x.closed_by, x.resolution
   from exception x left join contact c on c.id = x.contact_id ${LEAD_JOINS}
     left join app_user u on u.id = x.owner_id`;

const LIST_OPEN = statement(
  'list_open_exceptions',
  EXCEPTION,
  `${SELECT}
   where x.closed_at is null and ($1::text is null or x.kind = $1) and ($2::text is null or x.owner_id = $2)
     and ($3::timestamptz is null or (x.due_at, x.id) > ($3, $4::uuid))
   order by x.due_at, x.id limit $5`,
);

const LIST_CLOSED = statement(
  'list_closed_exceptions',
  EXCEPTION,
  `${SELECT}
   where x.closed_at is not null and ($1::text is null or x.kind = $1) and ($2::text is null or x.owner_id = $2)
     and ($3::timestamptz is null or (x.closed_at, x.id) < ($3, $4::uuid))
   order by x.closed_at desc, x.id desc limit $5`,
);

/** Lists exceptions: open ones, due first; or closed ones, newest first. */
export function listExceptionRows(
  sql: Sql,
  page: {
    readonly state: 'open' | 'closed';
    readonly kind: string | null;
    readonly ownerId: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly ExceptionRow[]> {
  const { state, kind, ownerId, after, limit } = page;
  const list = state === 'open' ? LIST_OPEN : LIST_CLOSED;
  return list.rows(sql, kind, ownerId, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const COUNT = statement(
  'count_exceptions',
  { kind: 'text', open: 'int8', overdue: 'int8', mine: 'int8' },
  `select kind, count(*) as open, count(*) filter (where due_at <= $1) as overdue, count(*) filter (where owner_id = $2) as mine
   from exception where closed_at is null group by kind`,
);

/** Counts the open exceptions by kind, with those overdue at `now` and those of one person. */
export function countExceptions(sql: Sql, of: { readonly now: number; readonly userId: string | null }) {
  return COUNT.rows(sql, stamp(of.now), of.userId);
}

const FIND = statement('find_exception', EXCEPTION, `${SELECT} where x.id = $1`);

/** Finds an exception by id. */
export function findExceptionRow(sql: Sql, id: string): Promise<ExceptionRow | null> {
  return FIND.first(sql, id);
}

const LOCK = statement(
  'lock_exception',
  {
    id: 'uuid',
    kind: 'text',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    owner_id: 'text?',
    closed_at: 'timestamptz?',
    ...LEAD,
  },
  `select x.id, x.kind, x.contact_id, x.episode_id, x.owner_id, x.closed_at, ${LEAD_COLUMNS}
   from exception x ${LEAD_JOINS} where x.id = $1 for update of x`,
);

/** Locks an exception and loads what dealing with it needs. */
export function lockException(sql: Sql, id: string) {
  return LOCK.first(sql, id);
}

const CLOSE_ONE = statement(
  'close_exception',
  {},
  `update exception set closed_at = $2, closed_by = $3, resolution = $4, retry_at = null where id = $1`,
);

/** Closes one exception. */
export async function closeExceptionRow(sql: Sql, id: string, closing: Closing): Promise<void> {
  await CLOSE_ONE.rows(sql, id, stamp(closing.at), closing.by, closing.resolution);
}

const TAKE = statement(
  'take_exception',
  { name: 'text' },
  `update exception set owner_id = u.id from app_user u
   where exception.id = $1 and u.id = $2 and ${MAY_OWN} returning u.name`,
);

/** Makes somebody who may own leads the one who deals with an exception and returns the name; null when they may not. */
export async function takeExceptionRow(sql: Sql, id: string, userId: string): Promise<string | null> {
  return (await TAKE.first(sql, id, userId))?.name ?? null;
}
