import { type RowOf, type Sql, stamp, statement } from '../database.ts';
import { MERGER } from './merge.ts';

const MERGE = {
  id: 'uuid',
  from_id: 'uuid',
  into_id: 'uuid',
  recorded_at: 'timestamptz',
  kept: 'jsonb?',
} as const;

/** A merge as it was recorded. */
export type MergeRow = RowOf<typeof MERGE>;

const FIND = statement(
  'find_merge',
  MERGE,
  'select id, from_id, into_id, recorded_at, kept from contact_merge where id = $1',
);

/** Finds a merge; null when there is none of that id. */
export function findMerge(sql: Sql, id: string) {
  return FIND.first(sql, id);
}

const LOCK_BOTH = statement(
  'lock_merged_contacts',
  { id: 'uuid', name: 'text', merged_into: 'uuid?' },
  'select id, name, merged_into from contact where id = any($1::uuid[]) order by id for no key update',
);

/** Locks contacts, joined to others or not, ascending like everybody who locks several. */
export function lockBoth(sql: Sql, ids: readonly string[]) {
  return LOCK_BOTH.rows(sql, ids);
}

// A handoff that two were joined in and that went on since, or one opened after it: whose would it be?
const OBSTACLES = statement(
  'list_undo_obstacles',
  {
    merge_id: 'uuid',
    is_reviewed: 'bool',
    undone_at: 'timestamptz?',
    undone_by: 'text?',
    joined_into: 'text?',
    path_label: 'text?',
    state: 'text?',
    decided_by: 'text?',
  },
  `select m.id as merge_id, m.kept is not null and not exists (select from contact_join j where j.merge_id = m.id) as is_reviewed,
     m.undone_at, m.undone_by,
     (select name from contact s where s.id = c.merged_into) as joined_into, e.path_label, e.state, e.decided_by
   from contact_merge m join contact c on c.id = m.into_id
   left join lateral (
     select e.path_label, e.state, e.decided_by from episode e
     where e.contact_id = m.into_id
       and exists (
         select from jsonb_array_elements(m.kept -> 'episodes') was
         where m.kept #> '{doubles,episodeIds}' ? (was ->> 'id') and was ->> 'agreementId' = e.agreement_id)
       and not m.kept #> '{doubles,episodeIds}' ? e.id::text
       and not exists (
         select from jsonb_array_elements(m.kept -> 'episodes') was
         where was ->> 'id' = e.id::text and was ->> 'state' = e.state)
     order by e.handed_off_at desc limit 1) e on true
   where m.id = any($1::uuid[])`,
);

/**
 * What may stand in the way of undoing merges: whether a person decided on them, who has undone them, the name of the
 * contact that the one that stayed was joined with since, and the one handoff that was left of two if it went on.
 */
export function listObstacles(sql: Sql, mergeIds: readonly string[]) {
  return OBSTACLES.rows(sql, mergeIds);
}

const OWN_IDENTITIES = statement(
  'list_brought_identities',
  { kind: 'text', value: 'text' },
  `select kind, value from contact_identity where contact_id = $1 and origin_id = any($2::uuid[])`,
);

/** The identities of a contact that others brought. */
export function listBrought(sql: Sql, contactId: string, originIds: readonly string[]) {
  return OWN_IDENTITIES.rows(sql, contactId, originIds);
}

const giveBack = (name: string, table: string) =>
  statement(
    name,
    {},
    `update ${table} set contact_id = $1 where contact_id = $2 and origin_id = any($3::uuid[])`,
  );

/** What is said of an episode is its contact's, whenever it was said. */
const follow = (name: string, table: string) =>
  statement(
    name,
    {},
    `update ${table} set contact_id = $1 from episode e
     where e.id = ${table}.episode_id and e.contact_id = $1 and ${table}.contact_id = $2 and $3::uuid[] is not null`,
  );

const STEPS = [
  giveBack('return_identities', 'contact_identity'),
  giveBack('return_facts', 'profile_fact'),
  giveBack('return_events', 'event'),
  giveBack('return_activities', 'activity'),
  giveBack('return_journal', 'journal'),
  giveBack('return_alerts', 'alert'),
  giveBack('return_letters', 'letter'),
  giveBack('return_letter_stops', 'letter_stop'),
  giveBack('return_episodes', 'episode'),
  follow('return_activities_of_episodes', 'activity'),
  follow('return_journal_of_episodes', 'journal'),
  follow('return_alerts_of_episodes', 'alert'),
  follow('return_exceptions_of_episodes', 'exception'),
  statement(
    'return_contacts',
    {},
    `update contact set merged_into = case when id = $1 then null else $1::uuid end
     where merged_into = $2 and id = any($3::uuid[])`,
  ),
];

const REOPEN = statement(
  'reopen_doubles',
  {},
  `update episode set ended_at = null, state = was ->> 'state', note = was ->> 'note'
   from contact_merge m cross join lateral jsonb_array_elements(m.kept -> 'episodes') was
   where m.id = $1 and m.kept #> '{doubles,episodeIds}' ? (was ->> 'id') and episode.id = (was ->> 'id')::uuid`,
);

const DOUBLES = statement(
  'list_closed_doubles',
  { id: 'uuid' },
  `select e.id from contact_merge m join episode e on m.kept #> '{doubles,episodeIds}' ? e.id::text
   where m.id = $1 and e.ended_at is not null order by e.id`,
);

/** The episodes that a merge closed as doubles of others. */
export async function listClosedDoubles(sql: Sql, mergeId: string): Promise<readonly string[]> {
  return (await DOUBLES.rows(sql, mergeId)).map(({ id }) => id);
}

const REOPEN_TASKS = statement(
  'reopen_double_tasks',
  {},
  `update task set done_at = null from contact_merge m
   where m.id = $1 and m.kept #> '{doubles,taskIds}' ? task.id::text`,
);

// A lead that waits for an owner again is looked at again; routing gives an accepted lead to nobody.
const REOPEN_EXCEPTIONS = statement(
  'reopen_double_exceptions',
  {},
  `update exception set closed_at = null, closed_by = null, resolution = null,
     retry_at = case when e.state = 'open' and e.owner_id is null then m.recorded_at end
   from contact_merge m join episode e on m.kept #> '{doubles,episodeIds}' ? e.id::text
   where m.id = $1 and exception.episode_id = e.id and exception.closed_by = '${MERGER}'
     and exception.closed_at >= m.recorded_at`,
);

const DROP_STANDINGS = statement(
  'drop_joined_standings',
  {},
  `delete from standing using contact_merge m cross join lateral jsonb_array_elements(m.kept -> 'standings') was
   where m.id = $1 and standing.contact_id in (m.from_id, m.into_id) and standing.agreement_id = was ->> 'agreement_id'`,
);

const RESTORE_STANDINGS = statement(
  'restore_standings',
  {},
  `insert into standing (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, grade, qualifies,
     disqualified, first_mql_at, owner_id, next_change_at, evaluated_at, left_alone)
   select s.contact_id, s.agreement_id, s.version, s.stage, s.stage_since, s.applies, s.scores, s.total, s.grade, s.qualifies,
     s.disqualified, s.first_mql_at, s.owner_id, s.next_change_at, s.evaluated_at, s.left_alone
   from contact_merge m cross join lateral jsonb_populate_recordset(null::standing, m.kept -> 'standings') s
   where m.id = $1`,
);

const CHANGED = statement(
  'list_changed_standings',
  { contact_id: 'uuid', agreement_id: 'text' },
  `select distinct e.contact_id, e.agreement_id from contact_merge m join episode e on e.contact_id in (m.from_id, m.into_id)
   where m.id = $1 and not exists (
     select from jsonb_array_elements(m.kept -> 'episodes') was
     where was ->> 'id' = e.id::text and was ->> 'state' = e.state)`,
);

const DROP_DIGESTS = statement(
  'drop_parted_digests',
  {},
  'delete from digest using contact_merge m where m.id = $1 and digest.contact_id in (m.from_id, m.into_id)',
);

const MARK = statement(
  'mark_undone',
  {},
  'update contact_merge set undone_at = greatest($2, recorded_at), undone_by = $3 where id = $1',
);

/**
 * Takes a reviewed merge back: identities, facts, events, activities, journal, alerts and episodes go to the contact that
 * brought them, episodes closed as doubles and their exceptions are as they were, and so is where both stood. What arrived
 * since stays with the one that stayed, but for what was said of an episode. Both must be locked, and be folded and
 * evaluated anew. Returns where an episode went on since, so that the stage must be told from episodes.
 */
export async function partContacts(
  sql: Sql,
  merge: {
    readonly id: string;
    readonly fromId: string;
    readonly intoId: string;
    readonly originIds: readonly string[];
  },
  by: { readonly actor: string; readonly now: number },
) {
  const { id, fromId, intoId, originIds } = merge;
  for (const step of STEPS) await step.rows(sql, fromId, intoId, originIds);
  for (const step of [
    REOPEN,
    REOPEN_TASKS,
    REOPEN_EXCEPTIONS,
    DROP_STANDINGS,
    RESTORE_STANDINGS,
    DROP_DIGESTS,
  ])
    await step.rows(sql, id);
  await MARK.rows(sql, id, stamp(by.now), by.actor);
  return CHANGED.rows(sql, id);
}

const JOINED = statement(
  'list_joined_by',
  { id: 'uuid' },
  `select m.id from contact_join j join contact_merge m on m.id = j.merge_id
   where j.kind = $1 and j.value = $2 and j.recorded_at > $3 and m.undone_at is null
   order by j.id desc`,
);

/** The merges that an id has made by itself since an instant (epoch ms) and that stand, the latest first. */
export async function listJoinedBy(
  sql: Sql,
  id: { readonly kind: string; readonly value: string },
  since: number,
): Promise<readonly string[]> {
  return (await JOINED.rows(sql, id.kind, id.value, stamp(since))).map(row => row.id);
}

const COUNT_JOINS = statement(
  'count_joins',
  { kind: 'text', value: 'text', n: 'int8', is_open: 'bool' },
  `select asked.kind, asked.value,
     (select count(*) from contact_join j join contact_merge m on m.id = j.merge_id
      where j.kind = asked.kind and j.value = asked.value and j.recorded_at > $4 and m.undone_at is null) as n,
     exists (select from exception x where x.subject = asked.subject and x.closed_at is null) as is_open
   from unnest($1::text[], $2::text[], $3::text[]) as asked(kind, value, subject)`,
);

/** How many merges ids have made by themselves since an instant, and whether people look into one of them already. */
export function countJoins(
  sql: Sql,
  ids: readonly { readonly kind: string; readonly value: string; readonly subject: string }[],
  since: number,
) {
  return COUNT_JOINS.rows(
    sql,
    ids.map(({ kind }) => kind),
    ids.map(({ value }) => value),
    ids.map(({ subject }) => subject),
    stamp(since),
  );
}

const RETURN_NAMED = statement(
  'return_named_facts',
  {},
  `with gone as (
     select f.id, coalesce(f.origin_id, f.contact_id) as was_id from profile_fact f
     where f.contact_id = $2 and exists (
       select from contact_identity i
       where i.contact_id = $1 and i.kind = 'email' and i.value = lower(btrim(f.contact ->> 'email')))
   ), moved as (
     update profile_fact set contact_id = $1, origin_id = null, moved_at = $3 from gone where profile_fact.id = gone.id
   )
   insert into fact_move (fact_id, was_id, recorded_at) select id, was_id, $3 from gone`,
);

/** Gives a contact that is back what was said meanwhile by one of its addresses: it was never said of the one that stayed. */
export async function returnNamedFacts(
  sql: Sql,
  { fromId, intoId }: { readonly fromId: string; readonly intoId: string },
  now: number,
): Promise<void> {
  await RETURN_NAMED.rows(sql, fromId, intoId, stamp(now));
}
