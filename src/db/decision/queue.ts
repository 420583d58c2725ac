import { unreachable } from '../../core/unreachable.ts';
import { likePart, type RowOf, type Sql, stamp, stampOrNull, statement } from '../database.ts';

/** The columns of an episode as lists and pages show it. */
export const EPISODE = {
  id: 'uuid',
  contact_id: 'uuid',
  contact_name: 'text',
  contact_title: 'text?',
  contact_email: 'text?',
  contact_company: 'text?',
  agreement_id: 'text',
  version: 'int4',
  state: 'text',
  path: 'text',
  path_label: 'text',
  total: 'int4',
  grade: 'text?',
  sentence: 'text',
  grounds: 'json?',
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
  source: 'text?',
  campaign: 'text?',
  content: 'text?',
  amount: 'float8?',
  currency: 'text?',
  phone: 'text?',
  requalify_at: 'timestamptz?',
  wake_at: 'timestamptz?',
  woke_at: 'timestamptz?',
  now_total: 'int4?',
  now_grade: 'text?',
  now_scores: 'json?',
  now_lines: 'json?',
  now_version: 'int4?',
  snoozed_until: 'timestamptz?',
  snooze_note: 'text?',
  paused_until: 'timestamptz?',
  pause_reason: 'text?',
} as const;

/** An episode with the names of those it is about. */
export type EpisodeRow = RowOf<typeof EPISODE>;

/** Reads episodes `e` in these columns, with what belongs to them. */
export const SELECT_EPISODE = `select e.id, e.contact_id, c.name as contact_name, c.title as contact_title, c.email as contact_email,
     c.company_name as contact_company, e.agreement_id, e.version, e.state, e.path, e.path_label, e.total, e.grade, e.sentence, e.grounds, e.breakdown,
     e.qualified_at, e.handed_off_at, e.owner_id, u.name as owner_name, coalesce(t.label, e.team) as team,
     e.team as team_name, e.waiting_for,
     e.ended_at, e.routed_because, e.first_touch_due_at, e.decision_due_at, e.first_touch_at, e.decided_at, e.reason, e.reason_label,
     e.note, e.imported, e.flag, e.disqualifier, e.disqualifier_label, e.source, e.campaign, e.content, e.amount, e.currency,
     c.contact ->> 'phone' as phone, e.requalify_at, e.wake_at, e.woke_at, s.total as now_total, s.grade as now_grade, s.scores as now_scores, s.lines as now_lines, s.version as now_version,
     z.until as snoozed_until, z.note as snooze_note, p.until as paused_until, p.reason as pause_reason
   from episode e join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
     left join team t on t.name = e.team
     left join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id
     left join snooze z on z.episode_id = e.id and z.owner_id = e.owner_id
     left join lateral (select until, reason from pause where pause.episode_id = e.id and kind = 'decision'
       and reason is not null order by started_at desc limit 1) p on true`;

/** What is due next, as the index `episode_queue` has it: the first touch until there was one, then the decision. */
export const DUE = 'case when e.first_touch_at is null then e.first_touch_due_at else e.decision_due_at end';

/** What the queue is narrowed to; null does not narrow. */
export interface QueueFilter {
  readonly ownerId: string | null;
  readonly unownedOnly: boolean;
  /** Whether the leads are meant that a disqualifier sent to a team of its own, or the others. */
  readonly isRouted: boolean | null;
  readonly team: string | null;
  /** Only what is due before this, and from then on; epoch ms. */
  readonly dueBefore: number | null;
  readonly dueFrom: number | null;
  /** Whether those are meant that are snoozed at `now`, or the others. */
  readonly isSnoozed: boolean | null;
  readonly now: number;
  /** The grade now. */
  readonly grade: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  /** Part of a name, an address, a title or a company. */
  readonly q: string | null;
}

const NARROW = `e.state = 'open' and ($1::text is null or e.owner_id = $1) and (not $2 or e.owner_id is null)
     and ($3::bool is null or (e.disqualifier is not null) = $3) and ($4::text is null or e.team = $4)
     and ($5::timestamptz is null or ${DUE} < $5) and ($6::text is null or coalesce(s.grade, e.grade) = $6)
     and ($7::text is null or e.source = $7) and ($8::text is null or e.campaign = $8)
     and ($9::text is null or lower(c.name) like $9 or lower(c.email) like $9 or lower(c.title) like $9
       or lower(c.company_name) like $9)
     and ($10::timestamptz is null or ${DUE} >= $10)
     and ($11::bool is null or (coalesce(z.until, '-infinity') > $12::timestamptz) = $11)`;

/** The score now; that of the handoff where the lead is not scored. */
const TOTAL = 'coalesce(s.total, e.total)';

const QUEUE = statement(
  'list_queue',
  EPISODE,
  `${SELECT_EPISODE}
   where ${NARROW}
     and ($14::uuid is null or (coalesce(${DUE}, 'infinity'), e.id) > (coalesce($13::timestamptz, 'infinity'), $14))
   order by coalesce(${DUE}, 'infinity'), e.id limit $15`,
);

const QUEUE_BY_TOTAL = statement(
  'list_queue_by_total',
  EPISODE,
  `${SELECT_EPISODE}
   where ${NARROW} and ($14::uuid is null or ${TOTAL} < $13::int4 or (${TOTAL} = $13::int4 and e.id > $14))
   order by ${TOTAL} desc, e.id limit $15`,
);

const QUEUE_BY_HANDOFF = statement(
  'list_queue_by_handoff',
  EPISODE,
  `${SELECT_EPISODE}
   where ${NARROW} and ($14::uuid is null or (e.handed_off_at, e.id) < ($13::timestamptz, $14))
   order by e.handed_off_at desc, e.id desc limit $15`,
);

/** Where a page of the queue ended, by its order: what is due first, the highest score now, or the newest handoff. */
type QueuePosition =
  | { readonly sort: 'due'; readonly after: { readonly due: number | null; readonly id: string } | null }
  | { readonly sort: '-total'; readonly after: { readonly total: number; readonly id: string } | null }
  | { readonly sort: '-handedOffAt'; readonly after: { readonly at: number; readonly id: string } | null };

/** Lists open episodes; by what is due, what is never due stands at the end. */
export function listQueueRows(
  sql: Sql,
  page: QueuePosition & { readonly filter: QueueFilter; readonly limit: number },
): Promise<readonly EpisodeRow[]> {
  const { filter, after, limit } = page;
  const { ownerId, unownedOnly, isRouted, team, dueBefore, grade, source, campaign, q } = filter;
  const like = likePart(q?.toLowerCase() ?? null);
  const narrow = [
    ownerId,
    unownedOnly,
    isRouted,
    team,
    stampOrNull(dueBefore),
    grade,
    source,
    campaign,
    like,
    stampOrNull(filter.dueFrom),
    filter.isSnoozed,
    stamp(filter.now),
  ];
  const id = after?.id ?? null;
  switch (page.sort) {
    case 'due':
      return QUEUE.rows(sql, ...narrow, stampOrNull(page.after?.due ?? null), id, limit);
    case '-total':
      return QUEUE_BY_TOTAL.rows(sql, ...narrow, page.after?.total ?? null, id, limit);
    case '-handedOffAt':
      return QUEUE_BY_HANDOFF.rows(sql, ...narrow, stampOrNull(page.after?.at ?? null), id, limit);
    default:
      return unreachable(page);
  }
}

const COUNTS = statement(
  'count_queue',
  {
    mine: 'int8',
    unassigned: 'int8',
    all: 'int8',
    others: 'int8',
    my_overdue: 'int8',
    all_overdue: 'int8',
    fresh: 'int8',
    snoozed: 'int8',
    snoozed_overdue: 'int8',
    next_return: 'timestamptz?',
    grades: 'text[]?',
    sources: 'text[]?',
    campaigns: 'text[]?',
    teams: 'text[]?',
    owners: 'text[]?',
  },
  `select count(*) filter (where for_sales and owner_id = $1 and not is_snoozed) as mine,
     count(*) filter (where for_sales and owner_id is null) as unassigned,
     count(*) filter (where for_sales) as "all", count(*) filter (where not for_sales) as others,
     count(*) filter (where for_sales and due < $2 and owner_id = $1 and not is_snoozed) as my_overdue,
     count(*) filter (where for_sales and due < $2) as all_overdue,
     count(*) filter (where for_sales and owner_id <> $1 and handed_off_at > $3 and first_touch_at is null) as fresh,
     count(*) filter (where for_sales and owner_id = $1 and is_snoozed) as snoozed,
     count(*) filter (where for_sales and due < $2 and owner_id = $1 and is_snoozed) as snoozed_overdue,
     min(until) filter (where for_sales and owner_id = $1 and is_snoozed) as next_return,
     array_agg(distinct grade) filter (where grade is not null) as grades,
     array_agg(distinct source) filter (where source is not null) as sources,
     array_agg(distinct campaign) filter (where campaign is not null) as campaigns,
     array_agg(distinct team) filter (where team is not null) as teams,
     array_agg(distinct owner_id) filter (where owner_id is not null) as owners
   from (
     select e.disqualifier is null as for_sales, e.owner_id, ${DUE} as due, e.handed_off_at, e.first_touch_at,
       coalesce(s.grade, e.grade) as grade, e.source, e.campaign, e.team, z.until, coalesce(z.until, '-infinity') > $2 as is_snoozed
     from episode e left join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id
       left join snooze z on z.episode_id = e.id and z.owner_id = e.owner_id
     where e.state = 'open') open`,
);

/**
 * Counts the open episodes of sales: of one person but those snoozed at `now`, of nobody, all, those with something overdue
 * at `now`, those that others got since `freshSince` and have not touched, those that the person has snoozed, and when the
 * first of them comes back; those for other teams; and by what the queue can be narrowed.
 */
export function countQueue(
  sql: Sql,
  of: { readonly userId: string | null; readonly now: number; readonly freshSince: number },
) {
  return COUNTS.first(sql, of.userId ?? '', stamp(of.now), stamp(of.freshSince));
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

const DECIDED = statement(
  'list_decided_leads',
  EPISODE,
  `${SELECT_EPISODE}
   where e.decided_at >= $1 and e.decision = $2 and e.disqualifier is null and ($3::text is null or e.owner_id = $3)
     and (not $4 or e.owner_id is null) and ($5::text is null or e.team = $5)
     and ($6::timestamptz is null or (e.decided_at, e.id) < ($6, $7::uuid))
   order by e.decided_at desc, e.id desc limit $8`,
);

/** Lists leads of sales with a decision since `from` (epoch ms), the latest decision first; null does not narrow. */
export function listDecidedRows(
  sql: Sql,
  page: {
    readonly from: number;
    readonly decision: 'accepted' | 'rejected';
    readonly ownerId: string | null;
    readonly unownedOnly: boolean;
    readonly team: string | null;
    readonly after: { readonly at: number; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly EpisodeRow[]> {
  const { from, decision, ownerId, unownedOnly, team, after, limit } = page;
  const at = stampOrNull(after?.at ?? null);
  return DECIDED.rows(sql, stamp(from), decision, ownerId, unownedOnly, team, at, after?.id ?? null, limit);
}

const FIND = statement('find_episode', EPISODE, `${SELECT_EPISODE} where e.id = $1`);

/** Finds an episode by id. */
export function findEpisodeRow(sql: Sql, id: string): Promise<EpisodeRow | null> {
  return FIND.first(sql, id);
}

const FIND_SEVERAL = statement('find_episodes', EPISODE, `${SELECT_EPISODE} where e.id = any($1::uuid[])`);

/** Finds episodes by their ids, in no order. */
export function findEpisodeRows(sql: Sql, ids: readonly string[]): Promise<readonly EpisodeRow[]> {
  return FIND_SEVERAL.rows(sql, ids);
}

const OF_CONTACT = statement(
  'list_contact_episodes',
  EPISODE,
  `${SELECT_EPISODE} where e.contact_id = $1 order by e.handed_off_at desc, e.id desc limit $2`,
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
  outcome: 'text?',
  automated: 'bool',
} as const;

/** Something that was done for an episode. */
export type ActivityRow = RowOf<typeof ACTIVITY>;

const ACTIVITIES = statement(
  'list_activities',
  ACTIVITY,
  `select id, episode_id, kind, at, actor, note, outcome, automated from activity
   where episode_id = any($1::uuid[]) order by episode_id, at, id`,
);

/** Lists what was done for episodes, in the order in which it happened. */
export function listActivityRows(sql: Sql, episodeIds: readonly string[]): Promise<readonly ActivityRow[]> {
  return ACTIVITIES.rows(sql, episodeIds);
}
