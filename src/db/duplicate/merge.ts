import { entry } from '../../core/contact/journal.ts';
import { json, type Sql, stamp, statement } from '../database.ts';
import { closeEpisodeExceptions } from '../exception/exception.ts';
import { addJournal } from '../journal.ts';

/** Who closes the exceptions of doubles, and ends the tracks of those who are joined. */
export const MERGER = 'a merge';

const MERGES = 'unnest($1::uuid[], $2::uuid[]) as m(from_id, into_id)';

// One that sales works goes before one that waits, one with an owner before one without, an elder before a younger.
const CLOSE_DOUBLES = statement(
  'close_double_episodes',
  { id: 'uuid', task_ids: 'text[]' },
  `with open_now as (
     select e.id, row_number() over (
       partition by coalesce(m.into_id, e.contact_id), e.agreement_id
       order by array_position(array['opportunity', 'accepted', 'open'], e.state), e.owner_id is null, e.handed_off_at, e.id) as place
     from episode e left join ${MERGES} on m.from_id = e.contact_id
     where e.ended_at is null and (e.contact_id = any($1::uuid[]) or e.contact_id = any($2::uuid[]))
   ), closed as (
     update episode set ended_at = $3, state = 'recycled',
       note = coalesce(note, 'joined with another open handoff of the same person')
     from open_now where open_now.id = episode.id and open_now.place > 1 returning episode.id
   ), done as (
     update task set done_at = $3 from closed where task.episode_id = closed.id and task.done_at is null
     returning task.id, task.episode_id
   )
   select closed.id, (
     select coalesce(array_agg(done.id::text), '{}') from done where done.episode_id = closed.id) as task_ids
   from closed`,
);

/** What a contact further along the loop says of a stage goes before what one less far says. */
const FURTHER = (stage: string) =>
  `array_position(array['lead', 'nurture', 'disqualified', 'mql', 'sql', 'opportunity', 'customer'], ${stage})`;

/** Whatever moves keeps the contact that it arrived at: a past is told by that, and an undone merge gives it back. */
const move = (name: string, table: string) =>
  statement(
    name,
    {},
    `update ${table} set contact_id = m.into_id, origin_id = coalesce(origin_id, contact_id)
     from ${MERGES} where ${table}.contact_id = m.from_id`,
  );

const LEAVE_TRACKS = statement(
  'leave_tracks_of_joined',
  {},
  `update nurture n set left_at = $3, left_because = case when e.contact_id = m.from_id then 'merged' else 'handed_over' end,
     left_by = '${MERGER}', next_step_at = null
   from ${MERGES} join episode e on e.contact_id in (m.from_id, m.into_id)
   where n.episode_id = e.id and n.left_at is null and (e.contact_id = m.from_id or exists (
     select from episode o where o.contact_id = m.from_id and o.agreement_id = e.agreement_id and o.ended_at is null))`,
);

const STEPS = [
  move('move_identities', 'contact_identity'),
  move('move_facts', 'profile_fact'),
  move('move_events', 'event'),
  statement(
    'move_activities',
    {},
    `update activity set contact_id = m.into_id, origin_id = coalesce(activity.origin_id, activity.contact_id)
     from ${MERGES} join episode e on e.contact_id = m.from_id where activity.episode_id = e.id`,
  ),
  move('move_journal', 'journal'),
  move('move_alerts', 'alert'),
  move('move_letters', 'letter'),
  move('move_letter_stops', 'letter_stop'),
  statement(
    'move_exceptions',
    {},
    `update exception set contact_id = m.into_id from ${MERGES} where exception.contact_id = m.from_id`,
  ),
  move('move_episodes', 'episode'),
  statement(
    'drop_wakeups_of_worked',
    {},
    `update episode e set wake_at = null, woke_at = null from ${MERGES}
     where e.contact_id = m.into_id and (e.wake_at is not null or e.woke_at is not null) and exists (
       select from episode o where o.contact_id = m.into_id and o.agreement_id = e.agreement_id and o.ended_at is null)`,
  ),
  statement(
    'drop_merged_keys',
    {},
    `delete from contact_key using ${MERGES} where contact_key.contact_id = m.from_id and m.from_id <> m.into_id`,
  ),
  statement(
    'join_standings',
    {},
    `insert into standing as known (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, grade,
       qualifies, disqualified, first_mql_at, owner_id, next_change_at, evaluated_at)
     select distinct on (m.into_id, s.agreement_id) m.into_id, s.agreement_id, s.version, s.stage, s.stage_since, s.applies,
       s.scores, s.total, s.grade, s.qualifies, s.disqualified,
       min(s.first_mql_at) over (partition by m.into_id, s.agreement_id), s.owner_id, s.next_change_at, s.evaluated_at
     from standing s join ${MERGES} on m.from_id = s.contact_id
     order by m.into_id, s.agreement_id, ${FURTHER('s.stage')} desc, s.contact_id
     on conflict (contact_id, agreement_id) do update set
       stage = case when ${FURTHER('excluded.stage')} > ${FURTHER('known.stage')} then excluded.stage else known.stage end,
       stage_since = case when ${FURTHER('excluded.stage')} > ${FURTHER('known.stage')}
         then excluded.stage_since else known.stage_since end,
       first_mql_at = least(known.first_mql_at, excluded.first_mql_at),
       owner_id = coalesce(known.owner_id, excluded.owner_id)`,
  ),
  statement(
    'own_joined_standings',
    {},
    `update standing set owner_id = e.owner_id from ${MERGES} join episode e on e.contact_id = m.into_id
     where standing.contact_id = m.into_id and standing.agreement_id = e.agreement_id
       and e.ended_at is null and e.owner_id is not null`,
  ),
  statement(
    'drop_standings',
    {},
    `delete from standing using ${MERGES} where standing.contact_id = m.from_id and m.from_id <> m.into_id`,
  ),
  statement(
    'drop_merged_digests',
    {},
    `delete from digest using ${MERGES} where digest.contact_id = m.from_id or digest.contact_id = m.into_id`,
  ),
  statement(
    'join_contacts',
    {},
    `update contact set created_at = least(contact.created_at, gone.created_at),
       last_seen_at = greatest(contact.last_seen_at, gone.last_seen_at)
     from (
       select m.into_id, min(c.created_at) as created_at, max(c.last_seen_at) as last_seen_at
       from contact c join ${MERGES} on m.from_id = c.id group by m.into_id) gone
     where contact.id = gone.into_id`,
  ),
  statement(
    'mark_merged',
    {},
    `update contact set merged_into = m.into_id from ${MERGES} where contact.id = m.from_id`,
  ),
  statement(
    'move_followers',
    {},
    `update contact set merged_into = m.into_id from ${MERGES} where contact.merged_into = m.from_id`,
  ),
];

const RECORD = statement(
  'add_merges',
  {},
  `insert into contact_merge (id, from_id, into_id, recorded_at, kept)
   select coalesce(id, gen_random_uuid()), from_id, into_id, recorded_at, kept
   from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::jsonb[]) as m(id, from_id, into_id, recorded_at, kept)`,
);

// Two that were up for review are one without a person having said so.
const SETTLE_LIKENESSES = statement(
  'settle_merged_likenesses',
  {},
  `update likeness set state = 'merged', decided_at = $3, decided_by = m.actor, note = null
   from unnest($1::uuid[], $2::uuid[], $4::text[]) as m(from_id, into_id, actor)
   where likeness.a_id = least(m.from_id, m.into_id) and likeness.b_id = greatest(m.from_id, m.into_id)`,
);

/** One contact to be joined to another. Times in epoch ms. */
interface Merge {
  readonly from: string;
  readonly into: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly because: string;
  /** Who decided on it, and where both stood before, so that it can be undone; without, it was for good. */
  readonly reviewed?: { readonly id: string; readonly by: string; readonly before: Before };
  /** The ids that joined them by themselves, where both were known. */
  readonly ids?: readonly { readonly kind: string; readonly value: string }[];
}

/** What a merge of contacts has closed: episodes that were doubles of others, with what was still to be done on them. */
interface Doubles {
  readonly episodeIds: readonly string[];
  readonly taskIds: readonly string[];
}

/**
 * Joins contacts, with all their history, to others; recorded in the journal, and so that what each held before can be
 * told. Nobody may be both joined and joined to, the rows must be locked, and profiles be folded anew. The number of
 * statements does not grow with the merges.
 */
export async function mergeContacts(sql: Sql, merges: readonly Merge[], now: number): Promise<void> {
  if (merges.length === 0) return;
  const [from, into] = [merges.map(merge => merge.from), merges.map(merge => merge.into)];
  const closed = await CLOSE_DOUBLES.rows(sql, from, into, stamp(now));
  const doubles: Doubles = {
    episodeIds: closed.map(({ id }) => id),
    taskIds: closed.flatMap(row => row.task_ids),
  };
  await closeEpisodeExceptions(sql, doubles.episodeIds, {
    by: MERGER,
    at: now,
    resolution: 'joined with another open handoff of the same person',
  });
  await LEAVE_TRACKS.rows(sql, from, into, stamp(now));
  for (const step of STEPS) await step.rows(sql, from, into);
  await RECORD.rows(
    sql,
    merges.map(({ reviewed }) => reviewed?.id ?? null),
    from,
    into,
    merges.map(({ recordedAt }) => stamp(recordedAt)),
    merges.map(({ reviewed }) => (reviewed === undefined ? null : json({ ...reviewed.before, doubles }))),
  );
  const joins = merges.flatMap(({ reviewed, ids = [], recordedAt }) =>
    reviewed === undefined ? [] : ids.map(id => ({ ...id, mergeId: reviewed.id, recordedAt })),
  );
  if (joins.length > 0)
    await ADD_JOINS.rows(
      sql,
      joins.map(({ mergeId }) => mergeId),
      joins.map(({ kind }) => kind),
      joins.map(({ value }) => value),
      joins.map(({ recordedAt }) => stamp(recordedAt)),
    );
  const actorOf = ({ reviewed }: Merge) => reviewed?.by ?? 'intake';
  await addJournal(
    sql,
    merges.map(merge =>
      entry(
        'merged',
        { from: merge.from, because: merge.because },
        { contactId: merge.into, at: merge.at, recordedAt: now, by: actorOf(merge) },
      ),
    ),
  );
  await SETTLE_LIKENESSES.rows(sql, from, into, stamp(now), merges.map(actorOf));
}

const BEFORE = statement(
  'load_before_merges',
  { from_id: 'uuid', followers: 'text[]', standings: 'jsonb', episodes: 'jsonb' },
  `select m.from_id,
     (select coalesce(array_agg(id::text), '{}') from contact where merged_into = m.from_id) as followers,
     (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from standing s where s.contact_id in (m.from_id, m.into_id)) as standings,
     (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'contactId', e.contact_id, 'agreementId', e.agreement_id,
        'state', e.state, 'note', e.note)), '[]')
      from episode e where e.contact_id in (m.from_id, m.into_id)) as episodes
   from ${MERGES}`,
);

const ADD_JOINS = statement(
  'add_joins',
  {},
  `insert into contact_join (merge_id, kind, value, recorded_at)
   select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) on conflict do nothing`,
);

/** Where two contacts stood before they were joined: what an undone merge brings back beside their own facts. */
type Before = Readonly<Record<'followers' | 'standings' | 'episodes', unknown>>;

/** Notes where locked contacts stand, right before one of each pair is joined to the other; by the one that is joined. */
export async function loadBefore(
  sql: Sql,
  pairs: readonly { readonly from: string; readonly into: string }[],
): Promise<ReadonlyMap<string, Before>> {
  if (pairs.length === 0) return new Map();
  const [from, into] = [pairs.map(pair => pair.from), pairs.map(pair => pair.into)];
  const rows = await BEFORE.rows(sql, from, into);
  return new Map(
    rows.map(({ from_id: id, followers, standings, episodes }) => [id, { followers, standings, episodes }]),
  );
}
