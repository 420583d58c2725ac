import { json, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** The score at the handoff that an alert is about, and the score now. */
const SCORES = {
  then_total: 'int4?',
  then_grade: 'text?',
  now_total: 'int4?',
  now_grade: 'text?',
} as const;
const SCORE_COLUMNS =
  'e.total as then_total, e.grade as then_grade, s.total as now_total, s.grade as now_grade';
const SCORE_JOINS = `left join episode e on e.id = a.episode_id
     left join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id`;

const LIST = statement(
  'list_alerts',
  {
    id: 'uuid',
    at: 'timestamptz',
    label: 'text',
    text: 'text',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    read_at: 'timestamptz?',
    kind: 'text?',
    ...SCORES,
  },
  `with page as (
     select id, at, label, text, contact_id, episode_id, read_at, kind from alert
     where user_id = $1 and (not $2 or read_at is null) and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
     order by at desc, id desc limit $5)
   select a.*, ${SCORE_COLUMNS} from page a ${SCORE_JOINS} order by a.at desc, a.id desc`,
);

/** Lists a person's alerts, newest first, from behind `after` on. */
export function listAlertRows(
  sql: Sql,
  page: {
    readonly userId: string;
    readonly unreadOnly: boolean;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { userId, unreadOnly, after, limit } = page;
  return LIST.rows(sql, userId, unreadOnly, stampOrNull(after?.at ?? null), after?.id ?? null, limit);
}

const COUNT = statement(
  'count_unread_alerts',
  { n: 'int8' },
  'select count(*) as n from alert where user_id = $1 and read_at is null',
);

/** Counts the alerts that a person has not read. */
export async function countUnread(sql: Sql, userId: string): Promise<number> {
  return (await COUNT.first(sql, userId))?.n ?? 0;
}

const READ = statement(
  'mark_alerts_read',
  {},
  `update alert set read_at = $3
   where user_id = $1 and read_at is null and ($2::uuid[] is null or id = any($2::uuid[]))`,
);

/** Marks alerts of a person as read: these, or all for null. Those of others are left alone. */
export async function markRead(
  sql: Sql,
  mark: { readonly userId: string; readonly ids: readonly string[] | null; readonly now: number },
): Promise<void> {
  await READ.rows(sql, mark.userId, mark.ids, stamp(mark.now));
}

/** An alert to put in somebody's app. */
export interface NewAlert {
  readonly id: string;
  readonly userId: string;
  readonly at: number;
  readonly kind: string;
  readonly label: string;
  readonly text: string;
  readonly contactId: string | null;
  readonly episodeId: string | null;
}

const ADD = statement(
  'add_app_alerts',
  {},
  `insert into alert (id, user_id, at, kind, label, text, contact_id, episode_id)
   select id, user_id, at, kind, label, text, contact_id, episode_id
   from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[])
     as new(id, user_id, at, kind, label, text, contact_id, episode_id)`,
);

/** Puts alerts in the app of people. */
export async function addAlerts(sql: Sql, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await ADD.rows(
    sql,
    alerts.map(({ id }) => id),
    alerts.map(({ userId }) => userId),
    alerts.map(({ at }) => stamp(at)),
    alerts.map(({ kind }) => kind),
    alerts.map(({ label }) => label),
    alerts.map(({ text }) => text),
    alerts.map(({ contactId }) => contactId),
    alerts.map(({ episodeId }) => episodeId),
  );
}

const LIST_OF_PEOPLE = statement(
  'list_alerts_of_people',
  {
    id: 'uuid',
    at: 'timestamptz',
    label: 'text',
    text: 'text',
    contact_id: 'uuid?',
    episode_id: 'uuid?',
    read_at: 'timestamptz?',
    kind: 'text?',
    user_id: 'text',
    user_name: 'text',
    ...SCORES,
  },
  `with page as (
     select a.*, u.id as user_id, u.name as user_name
     from app_user u cross join lateral (
       select id, at, label, text, contact_id, episode_id, read_at, kind from alert
       where user_id = u.id and (not $2 or read_at is null) and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
       order by at desc, id desc limit $5) a
     where $1::text[] is null or u.id = any($1::text[])
     order by a.at desc, a.id desc limit $5)
   select a.*, ${SCORE_COLUMNS} from page a ${SCORE_JOINS} order by a.at desc, a.id desc`,
);

/** Lists the alerts of several people (null: of everybody), newest first, from behind `after` on. */
export function listAlertsOfPeople(
  sql: Sql,
  page: {
    readonly userIds: readonly string[] | null;
    readonly unreadOnly: boolean;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
) {
  const { userIds, unreadOnly, after, limit } = page;
  return LIST_OF_PEOPLE.rows(
    sql,
    userIds,
    unreadOnly,
    stampOrNull(after?.at ?? null),
    after?.id ?? null,
    limit,
  );
}

/** A message that waits for its reader. Times in epoch ms. */
export interface HeldMessage {
  readonly id: string;
  readonly userId: string;
  readonly channel: 'email' | 'slack';
  readonly dueAt: number;
  readonly createdAt: number;
  readonly label: string;
  readonly payload: unknown;
}

const HOLD = statement(
  'hold_messages',
  {},
  `insert into held_message (id, user_id, channel, due_at, created_at, label, payload)
   select id, user_id, channel, due_at, created_at, label, payload
   from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::jsonb[])
     as new(id, user_id, channel, due_at, created_at, label, payload)`,
);

/** Keeps messages for people until they are due. */
export async function holdMessages(sql: Sql, held: readonly HeldMessage[]): Promise<void> {
  if (held.length === 0) return;
  await HOLD.rows(
    sql,
    held.map(({ id }) => id),
    held.map(({ userId }) => userId),
    held.map(({ channel }) => channel),
    held.map(({ dueAt }) => stamp(dueAt)),
    held.map(({ createdAt }) => stamp(createdAt)),
    held.map(({ label }) => label),
    held.map(({ payload }) => json(payload)),
  );
}

const FIND_READERS = statement(
  'find_held_readers',
  { user_id: 'text' },
  `select distinct user_id from (
     select user_id from held_message where due_at <= $1 and user_id <> all($3::text[]) order by due_at limit $2) due`,
);

/** People, but for some, who have held messages that are due; of at most `limit` messages, the longest due first. */
export async function findHeldReaders(
  sql: Sql,
  due: { readonly now: number; readonly limit: number; readonly but: readonly string[] },
): Promise<readonly string[]> {
  return (await FIND_READERS.rows(sql, stamp(due.now), due.limit, due.but)).map(row => row.user_id);
}

const LOCK_READERS = statement(
  'lock_held_readers',
  { id: 'text' },
  'select id from app_user where id = any($1::text[]) order by id for no key update skip locked',
);

/** Locks people until the transaction ends and passes over those that another node has: what is theirs leaves as one. */
export async function lockReaders(sql: Sql, userIds: readonly string[]): Promise<readonly string[]> {
  return (await LOCK_READERS.rows(sql, userIds)).map(({ id }) => id);
}

const TAKE_HELD = statement(
  'take_held_messages',
  {
    user_id: 'text',
    channel: 'text',
    created_at: 'timestamptz',
    label: 'text',
    payload: 'jsonb',
  },
  `with taken as (
     delete from held_message where user_id = any($1::text[]) and due_at <= $2
     returning id, user_id, channel, created_at, label, payload)
   select user_id, channel, created_at, label, payload from taken order by created_at, id`,
);

/** Takes what is due for people, the oldest first. */
export function takeHeld(sql: Sql, userIds: readonly string[], now: number) {
  return TAKE_HELD.rows(sql, userIds, stamp(now));
}

const RECENT = statement(
  'load_recent_events',
  {
    contact_id: 'uuid',
    at: 'timestamptz',
    type: 'text',
    name: 'text',
    properties: 'jsonb',
    context: 'jsonb',
  },
  `select c.id as contact_id, e.at, e.type, e.name, e.properties, e.context
   from unnest($1::uuid[]) as c(id) cross join lateral (
     select at, type, name, properties, context from event
     where contact_id = c.id and machine is null and at > $2
     order by at desc limit $3) e
   order by c.id, e.at desc`,
);

/** The latest events of persons after `since` (epoch ms), at most `limit` of each contact, newest first. */
export function loadRecentEvents(
  sql: Sql,
  of: { readonly contactIds: readonly string[]; readonly since: number; readonly limit: number },
) {
  return RECENT.rows(sql, of.contactIds, stamp(of.since), of.limit);
}

const HEADS = statement(
  'load_lead_heads',
  { id: 'uuid', name: 'text', title: 'text?', company_name: 'text?', email: 'text?' },
  'select id, name, title, company_name, email from contact where id = any($1::uuid[])',
);

/** Who contacts are, as messages tell it. */
export function loadLeadHeads(sql: Sql, contactIds: readonly string[]) {
  return HEADS.rows(sql, contactIds);
}
