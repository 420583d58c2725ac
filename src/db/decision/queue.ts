import { type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

const EPISODE = {
  id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  version: 'int4',
  state: 'text',
  path: 'text',
  path_label: 'text',
  total: 'int4',
  grade: 'text?',
  sentence: 'text',
  breakdown: 'json',
  qualified_at: 'timestamptz',
  handed_off_at: 'timestamptz',
  owner_id: 'text?',
  owner_name: 'text?',
  team: 'text?',
  team_name: 'text?',
  waiting_for: 'text?',
  ended_at: 'timestamptz?',
  routed_because: 'text',
  first_touch_due_at: 'timestamptz?',
  decision_due_at: 'timestamptz?',
  first_touch_at: 'timestamptz?',
  decided_at: 'timestamptz?',
  reason: 'text?',
  reason_label: 'text?',
  note: 'text?',
  imported: 'bool',
  flag: 'text?',
  disqualifier: 'text?',
  disqualifier_label: 'text?',
} as const;

/** An episode with the names of those it is about. */
export type EpisodeRow = RowOf<typeof EPISODE>;

const SELECT = `select e.id, e.contact_id, c.name as contact_name, c.title as contact_title, c.email as contact_email,
     c.company_name as contact_company, e.version, e.state, e.path, e.path_label, e.total, e.grade, e.sentence, e.breakdown,
     e.qualified_at, e.handed_off_at, e.owner_id, u.name as owner_name, coalesce(t.label, e.team) as team,
     e.team as team_name, e.waiting_for,
     e.ended_at, e.routed_because, e.first_touch_due_at, e.decision_due_at, e.first_touch_at, e.decided_at, e.reason, e.reason_label,
     e.note, e.imported, e.flag, e.disqualifier, e.disqualifier_label
   from episode e join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
     left join team t on t.name = e.team`;

/** What is due next, as the index `episode_queue` has it: the first touch until there was one, then the decision. */
const DUE = 'case when e.first_touch_at is null then e.first_touch_due_at else e.decision_due_at end';

const QUEUE = statement(
  'list_queue',
  EPISODE,
  `${SELECT}
   where e.state = 'open' and ($1::text is null or e.owner_id = $1) and (not $2 or e.owner_id is null)
     and ($4::uuid is null or (coalesce(${DUE}, 'infinity'), e.id) > (coalesce($3::timestamptz, 'infinity'), $4))
   order by coalesce(${DUE}, 'infinity'), e.id limit $5`,
);

/** Lists open episodes: of one owner, of nobody, or all; what is due first on top, what is never due at the end. */
export function listQueueRows(
  sql: Sql,
  page: {
    readonly ownerId: string | null;
    readonly unownedOnly: boolean;
    readonly after: { readonly due: number | null; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly EpisodeRow[]> {
  const { ownerId, unownedOnly, after, limit } = page;
  return QUEUE.rows(sql, ownerId, unownedOnly, stampOrNull(after?.due ?? null), after?.id ?? null, limit);
}

const COUNTS = statement(
  'count_queue',
  { mine: 'int8', unassigned: 'int8', all: 'int8', overdue: 'int8' },
  `select count(*) filter (where e.owner_id = $1) as mine, count(*) filter (where e.owner_id is null) as unassigned,
     count(*) as "all", count(*) filter (where ${DUE} < $2) as overdue
   from episode e where e.state = 'open'`,
);

/** Counts the open episodes: of one person, of nobody, all, and those with something overdue at `now`. */
export async function countQueue(sql: Sql, of: { readonly userId: string | null; readonly now: number }) {
  const counts = await COUNTS.first(sql, of.userId, stamp(of.now));
  return counts ?? { mine: 0, unassigned: 0, all: 0, overdue: 0 };
}

const OVERDUE = statement(
  'count_overdue',
  { owner_id: 'text', n: 'int8' },
  `select e.owner_id, count(*) as n from episode e
   where e.state = 'open' and e.owner_id is not null and ${DUE} < $1 group by e.owner_id`,
);

/** Counts the open episodes of each person that are overdue at `now`. */
export async function countOverdue(sql: Sql, now: number): Promise<ReadonlyMap<string, number>> {
  return new Map((await OVERDUE.rows(sql, stamp(now))).map(row => [row.owner_id, row.n]));
}

const LIST = statement(
  'list_episodes',
  EPISODE,
  `${SELECT}
   where ($1::timestamptz is null or e.handed_off_at >= $1) and ($2::timestamptz is null or e.handed_off_at < $2)
     and ($3::text is null or coalesce(e.decision, 'open') = $3) and ($4::text is null or e.state = $4)
     and ($5::timestamptz is null or (e.handed_off_at, e.id) < ($5, $6::uuid))
   order by e.handed_off_at desc, e.id desc limit $7`,
);

/** Lists episodes handed off in a range, newest first; `outcome` is the decision, or `open` while there is none. */
export function listEpisodeRows(
  sql: Sql,
  page: {
    readonly range: { readonly from: number | null; readonly to: number | null };
    readonly outcome: 'accepted' | 'rejected' | 'open' | null;
    readonly state: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly EpisodeRow[]> {
  const { range, outcome, state, after, limit } = page;
  const [from, to, at] = [range.from, range.to, after?.at ?? null].map(stampOrNull);
  return LIST.rows(sql, from, to, outcome, state, at, after?.id ?? null, limit);
}

const FIND = statement('find_episode', EPISODE, `${SELECT} where e.id = $1`);

/** Finds an episode by id. */
export function findEpisodeRow(sql: Sql, id: string): Promise<EpisodeRow | null> {
  return FIND.first(sql, id);
}

const OF_CONTACT = statement(
  'list_contact_episodes',
  EPISODE,
  `${SELECT} where e.contact_id = $1 order by e.handed_off_at desc, e.id desc limit $2`,
);

/** Lists the latest episodes of a contact, newest first. */
export function listContactEpisodeRows(
  sql: Sql,
  contactId: string,
  limit: number,
): Promise<readonly EpisodeRow[]> {
  return OF_CONTACT.rows(sql, contactId, limit);
}

const ACTIVITY = {
  id: 'uuid',
  episode_id: 'uuid',
  kind: 'text',
  at: 'timestamptz',
  actor: 'text',
  note: 'text?',
} as const;

/** Something that was done for an episode. */
export type ActivityRow = RowOf<typeof ACTIVITY>;

const ACTIVITIES = statement(
  'list_activities',
  ACTIVITY,
  `select id, episode_id, kind, at, actor, note from activity
   where episode_id = any($1::uuid[]) order by episode_id, at, id`,
);

/** Lists what was done for episodes, in the order in which it happened. */
export function listActivityRows(sql: Sql, episodeIds: readonly string[]): Promise<readonly ActivityRow[]> {
  return ACTIVITIES.rows(sql, episodeIds);
}
