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
