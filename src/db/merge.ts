import { type Sql, stamp, statement } from './database.ts';

const MOVES = [
  ['move_identities', 'update contact_identity set contact_id = $2 where contact_id = $1'],
  ['move_facts', 'update profile_fact set contact_id = $2 where contact_id = $1'],
  ['move_events', 'update event set contact_id = $2 where contact_id = $1'],
  ['move_activities', 'update activity set contact_id = $2 where contact_id = $1'],
  ['move_journal', 'update journal set contact_id = $2 where contact_id = $1'],
  ['move_alerts', 'update alert set contact_id = $2 where contact_id = $1'],
  ['move_followers', 'update contact set merged_into = $2 where merged_into = $1'],
  [
    'close_double_episode',
    `update episode loser set ended_at = loser.handed_off_at, state = 'recycled', note = 'joined with another open handoff of the same person'
     where loser.contact_id = $1 and loser.ended_at is null and exists (
       select from episode winner
       where winner.contact_id = $2 and winner.agreement_id = loser.agreement_id and winner.ended_at is null)`,
  ],
  ['move_episodes', 'update episode set contact_id = $2 where contact_id = $1'],
  [
    'join_standings',
    `insert into standing as known (contact_id, agreement_id, version, stage, stage_since, applies, scores, total, grade,
       qualifies, disqualified, first_mql_at, owner_id, next_change_at, evaluated_at)
     select $2, agreement_id, version, stage, stage_since, applies, scores, total, grade,
       qualifies, disqualified, first_mql_at, owner_id, next_change_at, evaluated_at
     from standing where contact_id = $1
     on conflict (contact_id, agreement_id) do update set
       stage = case
         when array_position(array['nurture', 'disqualified', 'lead', 'mql', 'sql', 'opportunity', 'customer'], excluded.stage)
            > array_position(array['nurture', 'disqualified', 'lead', 'mql', 'sql', 'opportunity', 'customer'], known.stage)
         then excluded.stage else known.stage end,
       first_mql_at = least(known.first_mql_at, excluded.first_mql_at),
       owner_id = coalesce(known.owner_id, excluded.owner_id)`,
  ],
  ['drop_standings', 'delete from standing where contact_id = $1 and contact_id <> $2'],
  [
    'close_merged',
    `update contact into_ set created_at = least(into_.created_at, from_.created_at),
       first_seen_at = least(into_.first_seen_at, from_.first_seen_at),
       last_seen_at = greatest(into_.last_seen_at, from_.last_seen_at)
     from contact from_ where from_.id = $1 and into_.id = $2`,
  ],
  ['mark_merged', 'update contact set merged_into = $2 where id = $1'],
] as const;

const STEPS = MOVES.map(([name, text]) => statement(name, {}, text));

const NOTE = statement(
  'note_merge',
  {},
  `insert into journal (kind, contact_id, at, recorded_at, actor, particulars)
   values ('merged', $2, $3, $4, 'intake', jsonb_build_object('from', $1::uuid, 'because', $5::text))`,
);

/** Joins one contact, with all its history, to another; recorded in the journal. The profile must be folded anew. */
export async function mergeContacts(
  sql: Sql,
  merge: { readonly from: string; readonly into: string; readonly at: number; readonly because: string },
  now: number,
): Promise<void> {
  for (const step of STEPS) await step.rows(sql, merge.from, merge.into);
  await NOTE.rows(sql, merge.from, merge.into, stamp(merge.at), stamp(now), merge.because);
}
