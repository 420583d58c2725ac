import { type Sql, stamp, statement } from '../database.ts';

const FIND = statement(
  'find_events',
  { id: 'int8', contact_id: 'uuid', name: 'text', machine: 'text?' },
  'select id, contact_id, name, machine from event where id = any($1::int8[]) order by id',
);

/** Events by their ids, each with whose it is and why it counts as machine-made (null: a person made it). */
export function findEvents(sql: Sql, ids: readonly number[]) {
  return FIND.rows(sql, ids);
}

const CLASS = statement(
  'class_events',
  { event_id: 'int8' },
  `with old as (
     select id, machine from event where id = any($1::int8[]) and (machine is null) <> ($2::text is null)
     order by id for no key update
   ), new as (
     select id, machine as was, case when $2::text is null then null else coalesce(
       case when $3::text is null then (
         select c.was from event_class c where c.event_id = old.id and c.was is not null
         order by c.recorded_at desc, c.id desc limit 1) end, $2) end as machine
     from old
   ), changed as (
     update event set machine = new.machine, classed_at = $5 from new where event.id = new.id
     returning event.id, new.was, new.machine
   )
   insert into event_class (event_id, was, machine, note, actor, recorded_at)
   select id, was, machine, $3, $4, $5 from changed returning event_id`,
);

/**
 * A new class for events: `machine` says why they count as machine-made, null that a person made them. Without a note, an
 * event that was machine-made once is so for the reason it had then.
 */
interface NewClass {
  readonly eventIds: readonly number[];
  readonly machine: string | null;
  readonly note: string | null;
  readonly actor: string;
  readonly recordedAt: number;
}

/** Classes events anew and keeps what they were; returns those that were of the other class before. */
export async function saveClass(sql: Sql, given: NewClass): Promise<ReadonlySet<number>> {
  const { eventIds, machine, note, actor, recordedAt } = given;
  const rows = await CLASS.rows(sql, eventIds, machine, note, actor, stamp(recordedAt));
  return new Set(rows.map(row => row.event_id));
}

const OPEN = statement(
  'load_open_handoffs',
  {
    episode_id: 'uuid',
    contact_id: 'uuid',
    agreement_id: 'text',
    version: 'int4',
    episode_version: 'int4',
    state: 'text',
    handed_off_at: 'timestamptz',
    owner_id: 'text?',
    owner_name: 'text?',
    flag: 'text?',
    path_label: 'text',
    source: 'text?',
    qualifies: 'text?',
    total: 'int4?',
    grade: 'text?',
    name: 'text',
    title: 'text?',
    company_name: 'text?',
    email: 'text?',
  },
  `select e.id as episode_id, e.contact_id, e.agreement_id, s.version, e.version as episode_version, e.state, e.handed_off_at,
     e.owner_id, u.name as owner_name, e.flag, e.path_label, e.source, s.qualifies, s.total, s.grade, c.name, c.title,
     c.company_name, c.email
   from episode e join standing s on s.contact_id = e.contact_id and s.agreement_id = e.agreement_id
     join contact c on c.id = e.contact_id left join app_user u on u.id = e.owner_id
   where e.contact_id = any($1::uuid[]) and e.ended_at is null and e.disqualifier is null order by e.id`,
);

/** An open episode with where its lead stands now: the path by which it qualifies, null where it does not. */
export type OpenHandoff = Awaited<ReturnType<typeof loadOpenHandoffs>>[number];

/** The open episodes of contacts, those that a disqualifier sent elsewhere left out. */
export function loadOpenHandoffs(sql: Sql, contactIds: readonly string[]) {
  return OPEN.rows(sql, contactIds);
}

const FLAG = statement(
  'save_flags',
  {},
  `update episode set flag = new.flag from unnest($1::uuid[], $2::text[]) as new(id, flag) where episode.id = new.id`,
);

/** Says of episodes why they should be looked at again; null takes it back. */
export async function saveFlags(
  sql: Sql,
  flags: readonly { readonly episodeId: string; readonly flag: string | null }[],
): Promise<void> {
  await FLAG.rows(
    sql,
    flags.map(({ episodeId }) => episodeId),
    flags.map(({ flag }) => flag),
  );
}
